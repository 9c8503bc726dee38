/**
 * A report counted at the moment: each system is asked for its own figures (GET /v1/figures, one snapshot each), nothing is kept but the last answer,
 * for at most a second. `unit`: only what belongs to it or a unit below it. `level`: only dossiers of that level; other systems know no levels, so their
 * figures are left out. Throws ServiceError 502 SOURCE_UNAVAILABLE, 500 REPORT_INCONSISTENT.
 */
import { Figures, type Report } from '../../../contracts/api/inside.ts'
import type { StaffLevel } from '../../../contracts/reference/staff.ts'
import type { HttpClient } from '../http-client.ts'
import { ServiceError } from '../service-error.ts'
import { inconsistencies, type SourceId } from './sums.ts'

export type ReportQuery = { unit?: string | undefined; level?: StaffLevel | undefined }
export type Counted = { name: string; value: number; source: SourceId }

/** What a report of no unit is of. */
export const WHOLE_COUNTRY = 'all'
export const SOURCES: readonly SourceId[] = ['coordination', 'payments', 'notifications', 'feedback']
const KNOW_LEVELS: readonly SourceId[] = ['coordination']
const SOURCE_TIMEOUT_MS = 4_000
const KEPT_MS = 1_000

export function createReports({ http, urlOf, now, wallNow = Date.now }: { http: HttpClient; urlOf: (source: SourceId) => string; now: () => number; wallNow?: () => number }) {
  const kept = new Map<string, { askedAt: number; report: Promise<Report> }>()

  async function ask(source: SourceId, query: string): Promise<Counted[]> {
    const unavailable = (why: string) => new ServiceError(502, 'SOURCE_UNAVAILABLE', `${source} ${why}`)
    const answer = await http.get(`${urlOf(source)}/v1/figures${query}`, SOURCE_TIMEOUT_MS).catch((error: Error) => { throw unavailable(error.message) })
    if (answer.status !== 200) throw unavailable(`answered ${answer.status}`)
    const parsed = Figures.safeParse(answer.body)
    if (!parsed.success) throw unavailable(`gave no figures: ${parsed.error.message}`)
    return Object.entries(parsed.data.figures).map(([name, value]) => ({ name, value, source }))
  }

  const sourcesOf = ({ level }: ReportQuery) => (level === undefined ? SOURCES : KNOW_LEVELS)

  /** Every figure with the system that counted it, as they are. */
  async function count(query: ReportQuery): Promise<Counted[]> {
    const text = new URLSearchParams(Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined)).toString()
    return (await Promise.all(sourcesOf(query).map((source) => ask(source, text && `?${text}`)))).flat()
  }

  async function make(query: ReportQuery): Promise<Report> {
    const figures = Object.fromEntries((await count(query)).map(({ name, value }) => [name, value]))
    const wrong = inconsistencies(figures, sourcesOf(query))
    if (wrong.length > 0) throw new ServiceError(500, 'REPORT_INCONSISTENT', wrong.join('; '))
    return { unit: query.unit ?? WHOLE_COUNTRY, at: Math.round(now()), figures }
  }

  return {
    count,

    report(query: ReportQuery): Promise<Report> {
      const key = `${query.unit ?? ''}/${query.level ?? ''}`
      const known = kept.get(key)
      if (known && wallNow() - known.askedAt < KEPT_MS) return known.report
      const report = make(query)
      kept.set(key, { askedAt: wallNow(), report })
      // What failed is not told to the next one.
      report.catch(() => { if (kept.get(key)?.report === report) kept.delete(key) })
      return report
    },
  }
}
