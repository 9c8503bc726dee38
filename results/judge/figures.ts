/** The figures of the verdict: integers, each with the records from which anybody can count it again. */
import type { Figure } from '../../contracts/verdict.ts'
import type { z } from 'zod'
import type { Case } from './case.ts'
import { classCounts } from './criteria/classes.ts'
import { partnerResults } from './criteria/partners.ts'
import { recordTypeIndex } from './record-types.ts'

type FigureResult = z.infer<typeof Figure>

/**
 * Money at one kind of system, of operations of the plan: records and sum. An operation stands once in own_ops, so an inner join counts none twice,
 * and the planner may hash the few records instead of all operations.
 */
export async function moneyAt({ db }: Pick<Case, 'db'>, role: string, type: string): Promise<{ records: number; vnd: number; without: number }> {
  return db.row(`SELECT count(*) AS records, coalesce(sum(r.amount), 0)::BIGINT AS vnd, count(*) FILTER (r.amount IS NULL) AS without
    FROM records r JOIN systems y ON y.file = r.file JOIN own_ops o ON o.id = r.id AND o.chk = r.chk WHERE y.role = '${role}' AND r.type = ${recordTypeIndex(type)}`)
}

export async function messagesByStatus({ db }: Pick<Case, 'db'>): Promise<Map<string, number>> {
  return new Map((await db.rows<{ status: string; n: number }>(`SELECT coalesce(r.status, 'none') AS status, count(*) AS n FROM records r JOIN systems y ON y.file = r.file
    JOIN own_ops o ON o.id = r.id AND o.chk = r.chk WHERE y.role = 'notifications' AND r.type = ${recordTypeIndex('sms')} GROUP BY 1 ORDER BY 1`)).map((row) => [row.status, row.n]))
}

export async function figuresOf(kase: Case): Promise<FigureResult[]> {
  const { db, migration } = kase
  const figures: FigureResult[] = []
  const add = (id: string, value: number, unit: string, source: string) => { figures.push({ id, value, unit, source }) }
  const totals = await db.row<{ all: number; ok: number; fail: number; info: number; writes: number }>(`SELECT count(*) AS all, count(*) FILTER (outcome = 'ok') AS ok, count(*) FILTER (outcome = 'fail') AS fail, count(*) FILTER (outcome = 'info') AS info, count(*) FILTER (writes) AS writes FROM ops`)
  add('operations', totals.all, 'operations', 'history/*.ndjson, attempts folded')
  add('operations.ok', totals.ok, 'operations', 'history/*.ndjson')
  add('operations.fail', totals.fail, 'operations', 'history/*.ndjson')
  add('operations.info', totals.info, 'operations', 'history/*.ndjson')
  add('operations.writes', totals.writes, 'operations', 'history/*.ndjson, kinds that write')
  for (const [name, count] of [...await classCounts(kase)].sort(([a], [b]) => (a < b ? -1 : 1))) add(`class.${name}`, count, name === 'unexpected' ? 'records' : 'operations', `criterion class.${name}`)
  add('dossiers.synced', (await partnerResults(kase)).reduce((sum, partner) => sum + partner.synced, 0), 'dossiers', 'evidence/portal.ndjson, operations sync.dossier')
  add('dossiers.submitted', await db.count(`SELECT count(*) FROM ops WHERE kind = 'dossier.submit' AND outcome = 'ok'`), 'dossiers', 'history/*.ndjson, dossier.submit acknowledged')
  if (migration.judged) {
    for (const name of ['total', 'migrated', 'verified', 'missing', 'mismatched', 'afterCopy'] as const) add(`migration.${name}`, migration[name], 'dossiers', 'evidence/legacy.ndjson against evidence/portal.ndjson')
  }
  for (const [id, role, type] of [['banks', 'bank', 'debit'], ['payments', 'payments', 'paid'], ['portal', 'portal', 'paid']] as const) {
    const money = await moneyAt(kase, role, type)
    add(`money.${id}`, money.vnd, 'VND', `evidence of ${id}, ${type}/*`)
    add(`money.${id}.records`, money.records, 'payments', `evidence of ${id}, ${type}/*`)
  }
  const messages = await messagesByStatus(kase)
  add('sms.asked', [...messages.values()].reduce((sum, count) => sum + count, 0), 'messages', 'evidence/notifications.ndjson')
  for (const [status, count] of messages) add(`sms.${status}`, count, 'messages', 'evidence/notifications.ndjson')
  add('requests.edges', await db.count(`SELECT count(*) FROM edge_rows WHERE entry = 'request'`), 'requests', 'evidence/edge-*.ndjson')
  add('cut-off', await db.count('SELECT count(*) FROM cut_off'), 'operations', 'criterion valid.cut-off')
  return figures
}
