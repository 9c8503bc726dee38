/**
 * The runbook's steady state: (1) no breach in the journal that lasted, (2) the condition over the whole run, computed here from the
 * history, without what the runbook's own freeze refused. A
 * latency that breaks its limit while the machine under the harness was itself saturated says nothing: inconclusive; where the profile does not
 * judge head-room (shared runners) latencies are reported only.
 */
import { type Condition, holds, parseCondition } from '../../../contracts/condition.ts'
import { boundWallMs } from '../../../contracts/scenario-clock.ts'
import { busyMeanwhile } from '../busy.ts'
import type { Case } from '../case.ts'
import { literal } from '../database.ts'
import { type CriterionResult, type CriterionRule, result } from './criterion.ts'

/** A breach shorter than this is a swing of the sliding window in which the engine measures (10 s of the wall clock). */
const LASTING_SCENARIO_MS = 10 * 60_000
const WINDOW_MS = 10_000

const KIND_OF: Record<string, string> = { login: 'login', find: 'service.find', submit: 'dossier.submit', pay: 'payment.create', sms: 'sms.send' }
const FRONT = ['login', 'logout', 'service.find', 'dossier.submit', 'dossier.read', 'payment.create', 'payment.read', 'sms.send']
const SYNC = ['sync.dossier', 'sync.status']

export const steadyState: CriterionRule = {
  id: 'steady',
  async check(kase) {
    const busy = await busyMeanwhile(kase)
    const results: CriterionResult[] = []
    for (const text of kase.plan.runbook.steadyState) {
      const parsed = parseCondition(text)
      if ('error' in parsed) { results.push(result(`steady.${text}`, 'inconclusive', text, `cannot be read: ${parsed.error.what}`)); continue }
      results.push(await judged(kase, parsed.condition, busy))
    }
    return results
  },
}

async function judged(kase: Case, condition: Condition, busy: readonly string[]): Promise<CriterionResult> {
  const lasting = lastingBreaches(kase, condition.text)
  const overall = await measure(kase, condition)
  const refused = condition.metric.endsWith('.errorRate') ? await plannedRefusals(kase) : 0
  const shown = overall === null ? 'no sample' : condition.unit === 'ratio' ? `${(overall * 100).toFixed(2)} %` : String(overall)
  const observed = `${shown} over the whole run; ${lasting.length === 0 ? 'no breach lasted' : `${lasting.length} breaches lasted`}${refused === 0 ? '' : `; not counted: ${refused} refused while the runbook kept submissions closed`}`
  const id = `steady.${condition.text.replaceAll(/\s+/g, '')}`
  if (overall === null) return result(id, 'inconclusive', condition.text, observed)
  const evidence = lasting.length === 0 ? [] : [{ file: 'journal.ndjson', lines: lasting }]
  if (holds(condition, overall) && lasting.length === 0) return result(id, 'pass', condition.text, observed)
  // What the freeze refused and when a breach ended is known from the journal alone.
  if (!kase.times.whole) return result(id, 'inconclusive', condition.text, `${observed}; the journal is not whole`, evidence)
  if (condition.unit !== 'ms') return result(id, 'fail', condition.text, observed, evidence)
  if (!kase.plan.profile.limits.judgeHeadroom) return result(id, 'pass', condition.text, `${observed}; reported, not judged by this profile`, evidence)
  if (busy.length > 0) return result(id, 'inconclusive', condition.text, `${observed}; saturated meanwhile: ${busy.join(', ')}`, evidence)
  return result(id, 'fail', condition.text, observed, evidence)
}

/** Journal lines of breaches of the steady state that went on longer than a swing. */
function lastingBreaches({ plan, records: { journal } }: Case, condition: string): number[] {
  const least = boundWallMs(LASTING_SCENARIO_MS, plan.timeScale) + WINDOW_MS
  const end = journal.findLast((entry) => entry.kind === 'run')?.at ?? journal.at(-1)?.at ?? 0
  const own = journal.flatMap((entry, index) => entry.kind === 'watch' && entry.id === 'steady-state' && entry.condition === condition ? [{ ...entry, line: index + 1 }] : [])
  return own.filter((entry, index) => entry.event === 'breach' && (own.slice(index + 1).find((later) => later.event === 'recovered')?.at ?? end) - entry.at > least).map((entry) => entry.line)
}

/**
 * A portal that refuses while the runbook has it closed, and stores nothing, does what the runbook ordered. Only from the freeze until DNS should
 * have settled on the new portal: whoever is refused after that met a fault.
 */
function isPlannedRefusal({ times }: Case): string {
  if (times.freezeBegin === null) return 'false'
  return `(outcome = 'fail' AND (error LIKE 'PORTAL_FROZEN%' OR error LIKE 'PORTAL_CLOSED%') AND completed >= ${times.freezeBegin} AND invoked < ${times.dnsSettled ?? times.endedAt ?? times.freezeBegin})`
}

async function plannedRefusals(kase: Case): Promise<number> { return kase.db.count(`SELECT count(*) FROM ops WHERE ${isPlannedRefusal(kase)}`) }

async function measure(kase: Case, { metric }: Condition): Promise<number | null> {
  const [area, step, what] = metric.split('.').length === 3 ? metric.split('.') : [metric.split('.')[0], null, metric.split('.')[1]]
  const kinds = step ? KIND_OF[step] ? [KIND_OF[step]] : [] : area === 'sync' ? SYNC : area === 'portal' ? FRONT : []
  if (kinds.length === 0) return null
  const { db } = kase
  const where = `kind IN (${kinds.map(literal).join(', ')})`
  if (what === 'errorRate') {
    const row = await db.row<{ bad: number; n: number }>(`SELECT count(*) FILTER (outcome <> 'ok') AS bad, count(*) AS n FROM ops WHERE ${where} AND NOT coalesce(${isPlannedRefusal(kase)}, false)`)
    return row.n === 0 ? null : row.bad / row.n
  }
  const quantile = /^p(\d{2})$/.exec(what ?? '')
  if (!quantile) return null
  return (await db.row<{ value: number | null }>(`SELECT quantile_disc(completed - invoked, 0.${quantile[1]}) AS value FROM ops WHERE ${where}`)).value
}
