/**
 * Transactions that cross systems, each from its intended start to the moment the last party wrote its row (`sourceAt` of the evidence), wall ms:
 *   submit-received    a citizen submits → the partner that handles the dossier holds it (coordination passes it on, and holds it too)
 *   submit-sms         a citizen submits → the message about it is delivered
 *   paid-receipt       a citizen pays at the bank → the portal knows it is paid, and has the receipt where one is due
 *   processed-visible  a partner moves a dossier on → the portal shows it
 * In: ops and records of the case. Out: how long they took, how many never ended, and the slowest ten of each, the same bytes every time.
 */
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { OperationKind } from '../../contracts/kinds.ts'
import type { Figure } from '../../contracts/verdict.ts'
import type { z } from 'zod'
import type { Case } from './case.ts'
import { literal } from './database.ts'
import { recordTypeIndex } from './record-types.ts'

export const TRANSACTION_NAMES = ['submit-received', 'submit-sms', 'paid-receipt', 'processed-visible'] as const
export type TransactionName = (typeof TRANSACTION_NAMES)[number]

/** `from`, `to`: wall epoch ms. */
export type TransactionCase = { trace: string; dossierCode: string | null; ms: number; from: number; to: number; lastSystem: string }
export type Transaction = { name: TransactionName; count: number; unfinished: number; p50Ms: number; p95Ms: number; p99Ms: number; maxMs: number; cases: TransactionCase[] }
/** `transactions.json` beside the verdict. */
export type TransactionsFile = { v: 1; runId: string; transactions: Transaction[] }

const SLOWEST = 10
/** The operations that a transaction ends with, of the user who is told so. */
const ENDING_KINDS: Record<TransactionName, readonly OperationKind[]> = { 'submit-received': ['dossier.submit'], 'submit-sms': ['sms.send'], 'paid-receipt': ['payment.scan'], 'processed-visible': ['sync.status'] }

export async function transactionsOf(kase: Case): Promise<Transaction[]> {
  const transactions = []
  for (const name of TRANSACTION_NAMES) transactions.push(await measured(kase, name))
  return transactions
}

export function transactionFigures(transactions: readonly Transaction[]): z.infer<typeof Figure>[] {
  return transactions.filter(({ count, unfinished }) => count + unfinished > 0).flatMap(({ name, count, unfinished, cases: _, ...times }) => [
    { id: `e2e.${name}.count`, value: count, unit: 'transactions', source: 'transactions.json' },
    { id: `e2e.${name}.unfinished`, value: unfinished, unit: 'transactions', source: 'transactions.json' },
    ...(count === 0 ? [] : (['p50Ms', 'p95Ms', 'p99Ms', 'maxMs'] as const).map((what) => ({ id: `e2e.${name}.${what}`, value: times[what], unit: 'ms', source: 'transactions.json' }))),
  ])
}

async function measured(kase: Case, name: TransactionName): Promise<Transaction> {
  const { db, plan } = kase
  const none = { name, count: 0, unfinished: 0, p50Ms: 0, p95Ms: 0, p99Ms: 0, maxMs: 0, cases: [] }
  // Records are looked for only of these few operations.
  await db.run(`CREATE OR REPLACE TABLE told AS SELECT * FROM ops WHERE outcome = 'ok' AND kind IN (${ENDING_KINDS[name].map(literal).join(', ')})`)
  if (await db.count('SELECT count(*) FROM told') === 0) return none
  await db.run(`CREATE OR REPLACE TABLE spans AS SELECT id, start, ended + ${Math.floor(plan.createdAt)} AS ended, file FROM (${spansSql(name)})`)
  const totals = await db.row<Omit<Transaction, 'name' | 'cases'>>(`SELECT count(ended) AS count, count(*) FILTER (ended IS NULL) AS unfinished,
    ${([['p50Ms', 0.5], ['p95Ms', 0.95], ['p99Ms', 0.99]] as const).map(([column, q]) => `coalesce(quantile_disc(ended - start, ${q}), 0) AS "${column}"`).join(', ')}, coalesce(max(ended - start), 0) AS "maxMs"
    FROM spans`)
  const rows = await db.rows<{ ms: number; from: number; to: number; lastSystem: string; source: string; line: number }>(`
    SELECT s.ended - s.start AS ms, s.start AS "from", s.ended AS "to", y.name AS "lastSystem", w.source, o.hrow - w.base + 1 AS line
    FROM spans s JOIN ops o ON o.id = s.id JOIN systems y ON y.file = s.file JOIN systems w ON w.file = o.worker WHERE s.ended IS NOT NULL ORDER BY ms DESC, s.id LIMIT ${SLOWEST}`)
  const lines = await linesOf(rows)
  const cases = rows.map(({ source, line, ...times }): TransactionCase => {
    const { trace, dossierCode } = lines.get(`${source}:${line}`) ?? {}
    return { trace: String(trace ?? ''), dossierCode: typeof dossierCode === 'string' ? dossierCode : null, ...times }
  })
  return { name, ...totals, cases }
}

/** Columns id, start, ended (as in records.moment, null where the last party has no row), file of the last party. Only what the user was told is done. */
function spansSql(name: TransactionName): string {
  const row = (type: string, role: string) => `(SELECT r.id, r.chk, r.file, r.moment, r.status FROM told t JOIN records r ON r.id = t.id AND r.chk = t.chk JOIN systems y ON y.file = r.file WHERE r.type = ${recordTypeIndex(type)} AND y.role = '${role}')`
  switch (name) {
    // What coordination passes on it has written before; its own row is written again with every status.
    case 'submit-received': return `SELECT o.id, o.intended AS start, CASE WHEN c.id IS NOT NULL THEN p.moment END AS ended, p.file
      FROM (SELECT * FROM told WHERE partner_file IS NOT NULL AND office = 'portal') o LEFT JOIN (SELECT DISTINCT id, chk FROM ${row('dossier', 'coordination')}) c ON c.id = o.id AND c.chk = o.chk
      LEFT JOIN (SELECT id, chk, file, min(moment) AS moment FROM ${row('dossier', 'partner')} GROUP BY id, chk, file) p ON p.id = o.id AND p.chk = o.chk AND p.file = o.partner_file`
    case 'submit-sms': return `SELECT m.id, o.intended AS start, CASE WHEN g.status = 'delivered' THEN greatest(n.moment, g.moment) END AS ended, CASE WHEN g.moment > n.moment THEN g.file ELSE n.file END AS file
      FROM told m JOIN plan_steps pm ON pm.sid = m.id >> 32 JOIN plan_steps po ON po.scenario = pm.scenario AND po.kind IN ('dossier.submit', 'dossier.apply')
      JOIN ops o ON o.id = (po.sid::BIGINT << 32) + (m.id & 4294967295) AND o.outcome = 'ok'
      LEFT JOIN (SELECT id, chk, min(file) AS file, max(moment) AS moment FROM ${row('sms', 'notifications')} GROUP BY id, chk) n ON n.id = m.id AND n.chk = m.chk
      LEFT JOIN (SELECT id, chk, min(file) AS file, max(moment) AS moment, min(status) AS status FROM ${row('sms', 'sms')} GROUP BY id, chk) g ON g.id = m.id AND g.chk = m.chk`
    case 'paid-receipt': {
      const paid = `LEFT JOIN (SELECT id, chk, min(file) AS file, min(moment) AS moment FROM ${row('paid', 'portal')} GROUP BY id, chk) p ON p.id = o.id AND p.chk = o.chk`
      if (recordTypeIndex('receipt') === 0) return `SELECT o.id, o.intended AS start, p.moment AS ended, p.file FROM told o ${paid}`
      return `SELECT o.id, o.intended AS start, CASE WHEN r.moment IS NOT NULL AND p.moment IS NOT NULL THEN greatest(p.moment, r.moment) END AS ended, p.file FROM told o ${paid}
        LEFT JOIN (SELECT id, chk, min(moment) AS moment FROM ${row('receipt', 'portal')} GROUP BY id, chk) r ON r.id = o.id AND r.chk = o.chk`
    }
    case 'processed-visible': return `SELECT o.id, o.intended AS start, e.moment AS ended, e.file FROM told o
      LEFT JOIN (SELECT id, chk, min(file) AS file, min(moment) AS moment FROM ${row('event', 'portal')} GROUP BY id, chk) e ON e.id = o.id AND e.chk = o.chk`
  }
}

/** Named lines of the history again, for what the tables do not keep. */
async function linesOf(rows: readonly { source: string; line: number }[]): Promise<Map<string, Record<string, unknown>>> {
  const found = new Map<string, Record<string, unknown>>()
  for (const source of new Set(rows.map((row) => row.source))) {
    const wanted = new Set(rows.filter((row) => row.source === source).map((row) => row.line))
    const last = Math.max(...wanted)
    let line = 0
    for await (const text of createInterface({ input: createReadStream(source), crlfDelay: Infinity })) {
      line += 1
      if (wanted.has(line)) found.set(`${source}:${line}`, JSON.parse(text) as Record<string, unknown>)
      if (line >= last) break
    }
  }
  return found
}
