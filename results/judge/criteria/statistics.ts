/**
 * What the statistics system reports of the whole country (`figure/<name>` in its final read) against the records: parts sum to the whole, every figure
 * is what the system that it counts holds, and of what the users were told F is right if confirmed ≤ F ≤ confirmed + unresolved. Records that were
 * there before the run are in the reports and in the records alike; those that no operation made are left out of the third. Facts section 3
 * lists published figures that break each of these.
 */
import { DOSSIER_STATUSES } from '../../../contracts/status.ts'
import type { OperationKind } from '../../../contracts/kinds.ts'
import type { Case } from '../case.ts'
import { literal } from '../database.ts'
import { readJson } from '../load-records.ts'
import { isHistoryWhole } from '../offered.ts'
import { MAX_PLACES } from '../operations.ts'
import { recordTypeIndex } from '../record-types.ts'
import { type CriterionRule, listed, result } from './criterion.ts'

const SUMS: readonly { whole: string; parts: readonly string[] }[] = [
  { whole: 'dossiers.total', parts: ['dossiers.direct', 'dossiers.synced', 'dossiers.migrated'] },
  { whole: 'dossiers.total', parts: DOSSIER_STATUSES.map((status) => `dossiers.${status}`) },
  { whole: 'payments.asked', parts: ['payments.paid', 'payments.failed', 'payments.expired', 'payments.open'] },
  { whole: 'payments.paid', parts: ['payments.fee', 'payments.fine', 'payments.social-insurance'] },
  { whole: 'sms.asked', parts: ['sms.sent', 'sms.timeout', 'sms.failed', 'sms.open'] },
  { whole: 'feedback.total', parts: ['feedback.answered', 'feedback.open'] },
]

/** Records of a role and type, `of` a status where given: their number, or the sum of their amounts. `kinds`: the operations that make them. */
type Held = { name: string; role: string; types: readonly string[]; statuses?: readonly string[]; sum?: true; kinds?: readonly OperationKind[] }
const HELD: readonly Held[] = [
  { name: 'dossiers.total', role: 'coordination', types: ['dossier'], kinds: ['dossier.submit', 'sync.dossier', 'dossier.apply'] },
  ...DOSSIER_STATUSES.map((status): Held => ({ name: `dossiers.${status}`, role: 'coordination', types: ['dossier'], statuses: [status] })),
  { name: 'payments.asked', role: 'payments', types: ['payment', 'counter'] },
  { name: 'payments.paid', role: 'payments', types: ['paid', 'counter'], kinds: ['payment.scan', 'payment.counter'] },
  { name: 'payments.failed', role: 'payments', types: ['payment'], statuses: ['failed'] },
  { name: 'payments.expired', role: 'payments', types: ['payment'], statuses: ['expired'] },
  { name: 'refunds', role: 'payments', types: ['refund'], kinds: ['payment.refund'] },
  { name: 'money.paidVnd', role: 'payments', types: ['paid', 'counter'], sum: true },
  { name: 'money.refundedVnd', role: 'payments', types: ['refund'], sum: true },
  { name: 'sms.asked', role: 'notifications', types: ['sms'] },
  { name: 'sms.sent', role: 'notifications', types: ['sms'], statuses: ['accepted', 'delivered'], kinds: ['sms.send'] },
  { name: 'sms.delivered', role: 'notifications', types: ['sms'], statuses: ['delivered'] },
  { name: 'sms.timeout', role: 'notifications', types: ['sms'], statuses: ['timeout'] },
  { name: 'feedback.total', role: 'feedback', types: ['feedback'], kinds: ['feedback.send'] },
  { name: 'feedback.answered', role: 'feedback', types: ['feedback-answer'], kinds: ['feedback.answer'] },
]

export const statistics: CriterionRule = {
  id: 'figures.statistics',
  async check(kase) {
    const system = kase.plan.target.systems.find(({ role, mode }) => role === 'statistics' && mode !== 'absent')
    if (!system) return []
    const expected = 'reported figures: parts sum to the whole, each is what the records hold, and between what was acknowledged and that with those whose end nobody knows'
    const [file] = await kase.db.rows<{ source: string; label: string }>(`SELECT source, label FROM systems WHERE name = ${literal(system.id)} AND whole`)
    if (!file) return [result('figures.statistics', 'inconclusive', expected, `${system.id} was not read`)]
    const rows = await kase.db.rows<{ key: string; value: number; line: number }>(`SELECT key, value, line FROM (SELECT key, fields.value AS value, row_number() OVER () AS line FROM ${readJson(file.source, `{key: 'VARCHAR', fields: 'STRUCT(value BIGINT)'}`)}) WHERE key LIKE 'figure/%' AND value IS NOT NULL`)
    const reported = new Map(rows.map(({ key, value }) => [key.slice('figure/'.length), value]))
    if (reported.size === 0) return [result('figures.statistics', 'inconclusive', expected, `${system.id} reports no figure`)]
    const wrong = [...sums(reported), ...await counts(kase, reported)]
    const names = new Set(wrong.map(({ name }) => name))
    const lines = rows.filter(({ key }) => names.has(key.slice('figure/'.length))).map(({ line }) => line).sort((a, b) => a - b).slice(0, 10)
    if (wrong.length === 0) return [result('figures.statistics', 'pass', expected, `${reported.size} figures, all right`)]
    // While something is still under way two reads of it need not agree.
    const drained = !kase.records.journal.some((entry) => entry.kind === 'run' && entry.event === 'drained' && entry.note !== undefined)
    return [result('figures.statistics', drained ? 'fail' : 'inconclusive', expected, `wrong: ${listed(wrong.map(({ text }) => text), 10)}${drained ? '' : '; not everything had ended when they were read'}`, [{ file: file.label, lines }])]
  },
}

type Wrong = { name: string; text: string }

function sums(reported: ReadonlyMap<string, number>): Wrong[] {
  return SUMS.flatMap(({ whole, parts }): Wrong[] => {
    const all = reported.get(whole)
    const known = parts.filter((part) => reported.has(part))
    if (all === undefined || known.length === 0) return []
    const sum = known.reduce((total, part) => total + reported.get(part)!, 0)
    return sum === all ? [] : [{ name: whole, text: `${whole} is ${all}, its parts ${known.join(' + ')} are ${sum}` }]
  })
}

async function counts(kase: Case, reported: ReadonlyMap<string, number>): Promise<Wrong[]> {
  const { db } = kase
  const wrong: Wrong[] = []
  for (const held of HELD) {
    const value = reported.get(held.name)
    const systems = kase.plan.target.systems.filter(({ role, mode }) => role === held.role && mode !== 'absent')
    if (value === undefined || systems.length === 0 || !systems.every(({ id }) => kase.states.get(`evidence/${id}.ndjson`)?.whole)) continue
    const types = held.types.map(recordTypeIndex).filter((index) => index > 0)
    const where = `y.role = ${literal(held.role)} AND r.type IN (${[-1, ...types].join(', ')})${held.statuses ? ` AND r.status IN (${held.statuses.map(literal).join(', ')})` : ''}`
    const { all, own } = await db.row<{ all: number; own: number }>(`SELECT ${held.sum ? 'coalesce(sum(r.amount), 0)::BIGINT' : 'count(*)'} AS all, count(*) FILTER (o.id IS NOT NULL) AS own
      FROM records r JOIN systems y ON y.file = r.file LEFT JOIN own_ops o ON o.id = r.id AND o.chk = r.chk WHERE ${where}`)
    if (all !== value) wrong.push({ name: held.name, text: `${held.name} is ${value}, ${held.role} holds ${all}` })
    else if (held.kinds && isHistoryWhole(kase)) wrong.push(...await againstTold(kase, held, own))
  }
  return wrong
}

/** What users were told against how many of these records are theirs. Reported equals held here, so it is the same with the others left out. */
async function againstTold({ db }: Case, { name, role, kinds }: Held, own: number): Promise<Wrong[]> {
  const list = kinds!.map(literal).join(', ')
  const due = Array.from({ length: MAX_PLACES }, (_, slot) => `(o.due${slot} AND o.file${slot} IN (SELECT file FROM systems WHERE role = ${literal(role)}))`).join(' OR ')
  const { confirmed, open } = await db.row<{ confirmed: number; open: number }>(`
    SELECT count(*) FILTER (outcome = 'ok' AND (${due}) AND n.id IS NULL) AS confirmed, count(*) FILTER (outcome = 'info' OR outcome = 'ok' AND NOT ((${due}) AND n.id IS NULL)) AS open
    FROM ops o LEFT JOIN (SELECT DISTINCT id FROM named WHERE class <> 'late') n ON n.id = o.id WHERE o.kind IN (${list})`)
  const cut = await db.count(`SELECT count(*) FROM cut_off c JOIN plan_steps s ON s.sid = c.id >> 32 WHERE s.kind IN (${list})`)
  if (own >= confirmed && own <= confirmed + open + cut) return []
  return [{ name, text: `${name} has ${own} of this run, ${confirmed} were acknowledged and ${open + cut} have no known end` }]
}
