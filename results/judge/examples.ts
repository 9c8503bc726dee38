/**
 * The examples of a finding: for up to 20 operations the dossier, the step, the error, the status on each system (`absent` where a record is due
 * and missing) and the lines that show it. In: an SQL query that gives `id`s. Reads the named lines of the history again for their texts.
 */
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { z } from 'zod'
import type { EvidenceRef, FindingExample } from '../../contracts/verdict.ts'
import type { Case } from './case.ts'
import { literal } from './database.ts'
import { MAX_PLACES } from './operations.ts'
import { recordTypeIndex } from './record-types.ts'

export const MAX_EXAMPLES = 20
export type Example = z.infer<typeof FindingExample>
export type Ref = z.infer<typeof EvidenceRef>
export type Examples = { count: number; since: string; examples: Example[] }

const DOSSIER_SYSTEMS = recordTypeIndex('dossier')

export async function examplesOf(kase: Case, idsSql: string): Promise<Examples> {
  const { db, times } = kase
  const { count, since } = await db.row<{ count: number; since: number | null }>(`SELECT count(*) AS count, min(invoked) AS since FROM ops WHERE id IN (${idsSql})`)
  if (count === 0) return { count: 0, since: '', examples: [] }
  const chosen = await db.rows<{ id: number; label: string; source: string; line: number; dossier: string | null; step: string; invoked: number }>(`
    SELECT o.id, y.label, y.source, o.hrow - y.base + 1 AS line, o.dossier, s.step, o.invoked FROM ops o JOIN systems y ON y.file = o.worker JOIN plan_steps s ON s.sid = o.id >> 32
    WHERE o.id IN (${idsSql}) ORDER BY o.invoked, o.id LIMIT ${MAX_EXAMPLES}`)
  if (chosen.length === 0) return { count: 0, since: '', examples: [] }
  const texts = await historyLines(chosen)
  const shown = await shownOf(kase, chosen)
  const examples = chosen.map((row): Example => {
    const line = texts.get(`${row.source}:${row.line}`) ?? {}
    const { statuses, refs } = shown.get(row.id)!
    return {
      dossierCode: row.dossier, procedureCode: typeof line['procedureCode'] === 'string' ? line['procedureCode'] : null, time: times.scenarioIso(row.invoked),
      step: row.step, errorText: typeof line['error'] === 'string' ? line['error'] : null, statuses, evidence: [{ file: row.label, lines: [row.line] }, ...refs],
    }
  })
  return { count, since: since === null ? '' : times.scenarioIso(since), examples }
}

/** What every system holds of these operations and of their dossiers. */
async function shownOf({ db }: Case, chosen: readonly { id: number; dossier: string | null }[]): Promise<Map<number, { statuses: Record<string, string>; refs: Ref[] }>> {
  const list = `(VALUES ${chosen.map((row) => `(${row.id}::BIGINT, ${row.dossier === null ? 'NULL' : `hash(${literal(`dossier/${row.dossier}`)})`})`).join(', ')}) c(id, khash)`
  const found = await db.rows<{ id: number; name: string; label: string; line: number; status: string | null; own: boolean }>(`
    SELECT c.id, y.name, y.label, CASE WHEN r.row < 0 THEN NULL ELSE r.row - y.base + 1 END AS line, r.status, r.type = ${DOSSIER_SYSTEMS} AS own
    FROM ${list} JOIN records r ON r.id = c.id OR (r.khash = c.khash AND r.type = ${DOSSIER_SYSTEMS}) JOIN systems y ON y.file = r.file
    UNION ALL
    SELECT c.id, y.name, y.label, e.rowid - y.base + 1, e.entry || ' ' || e.status, false FROM ${list} JOIN edge_rows e ON e.id = c.id JOIN systems y ON y.file = e.file WHERE e.entry = 'block'
    ORDER BY 1, 2, 4, 5`)
  const due = await db.rows<{ id: number; name: string }>(Array.from({ length: MAX_PLACES }, (_, slot) =>
    `SELECT o.id, y.name FROM ops o JOIN systems y ON y.file = o.file${slot} WHERE o.due${slot} AND y.whole AND o.id IN (${chosen.map((row) => row.id).join(', ')})`).join(' UNION ALL '))
  const shown = new Map(chosen.map((row) => [row.id, { statuses: {} as Record<string, string>, refs: [] as Ref[] }]))
  for (const row of found) {
    const { statuses, refs } = shown.get(row.id)!
    // The dossier's own status goes before that of a payment or message about it.
    if (row.own || statuses[row.name] === undefined) statuses[row.name] = row.status ?? 'present'
    const ref = refs.find((candidate) => candidate.file === row.label)
    if (row.line === null) continue
    if (ref) ref.lines = [...new Set([...ref.lines, row.line])].sort((a, b) => a - b)
    else refs.push({ file: row.label, lines: [row.line] })
  }
  for (const { id, name } of due) shown.get(id)!.statuses[name] ??= 'absent'
  return shown
}

async function historyLines(rows: readonly { source: string; line: number }[]): Promise<Map<string, Record<string, unknown>>> {
  const texts = new Map<string, Record<string, unknown>>()
  for (const source of new Set(rows.map((row) => row.source))) {
    const wanted = new Set(rows.filter((row) => row.source === source).map((row) => row.line))
    let line = 0
    for await (const text of createInterface({ input: createReadStream(source), crlfDelay: Infinity })) {
      line += 1
      if (wanted.has(line)) texts.set(`${source}:${line}`, JSON.parse(text))
      if (texts.size === rows.length || wanted.size === 0) break
    }
  }
  return texts
}
