/**
 * Figures that systems report against the operations: a count F is right if confirmed ≤ F ≤ confirmed + unresolved; parts sum to the whole;
 * money in = money out (design section 5; facts section 3 shows what published figures look like where nobody checks this).
 */
import type { OperationKind } from '../../../contracts/kinds.ts'
import type { Case } from '../case.ts'
import { messagesByStatus, moneyAt } from '../figures.ts'
import { readJson } from '../load-records.ts'
import { recordTypeIndex } from '../record-types.ts'
import { type CriterionResult, type CriterionRule, result } from './criterion.ts'

const MESSAGE_ENDS = ['accepted', 'delivered', 'timeout', 'failed']

export const figures: CriterionRule = {
  id: 'figures',
  async check(kase) {
    return [await money(kase), ...await receipts(kase), ...await refunds(kase), ...await messages(kase), ...await reported(kase)]
  },
}

function read({ plan, states }: Case, role: string): boolean {
  const systems = plan.target.systems.filter((system) => system.role === role && system.mode !== 'absent')
  return systems.length > 0 && systems.every((system) => states.get(`evidence/${system.id}.ndjson`)?.whole)
}

function plays({ plan }: Case, kind: OperationKind): boolean { return plan.scenarios.some((scenario) => scenario.steps.some((step) => step.kind === kind)) }

type Sum = { records: number; vnd: number; without: number }
const told = (name: string, sum: Sum) => `${name} ${sum.vnd} VND in ${sum.records}`
const same = (a: Sum, b: Sum) => a.vnd === b.vnd && a.records === b.records

async function money(kase: Case): Promise<CriterionResult> {
  const id = 'figures.money'
  const counters = plays(kase, 'payment.counter')
  const expected = counters ? 'debits at the banks + taken at the counter = paid in the payment system = paid on the portal' : 'debits at the banks = paid in the payment system = paid on the portal'
  if (!read(kase, 'bank') || !read(kase, 'payments') || !read(kase, 'portal')) return result(id, 'inconclusive', expected, 'not all three were read')
  const banks = await moneyAt(kase, 'bank', 'debit')
  const counter = await moneyAt(kase, 'payments', 'counter')
  const payments = await moneyAt(kase, 'payments', 'paid')
  const portal = await moneyAt(kase, 'portal', 'paid')
  const observed = [told('banks', banks), ...(counters ? [told('counter', counter)] : []), told('payments', payments), told('portal', portal)].join(', ')
  const without = banks.without + counter.without + payments.without + portal.without
  if (without > 0) return result(id, 'inconclusive', expected, `${observed}; ${without} records have no amount`)
  return result(id, banks.vnd === payments.vnd && payments.vnd + counter.vnd === portal.vnd ? 'pass' : 'fail', expected, observed)
}

/** Whatever was paid has one receipt, in the payment system and on the portal, over the same amount. */
async function receipts(kase: Case): Promise<CriterionResult[]> {
  if (recordTypeIndex('receipt') === 0 || !(plays(kase, 'payment.scan') || plays(kase, 'payment.counter'))) return []
  const id = 'figures.receipts'
  const expected = 'paid in the payment system and at the counter = receipts there = receipts on the portal'
  if (!read(kase, 'payments') || !read(kase, 'portal')) return [result(id, 'inconclusive', expected, 'not both were read')]
  const [paid, counter, issued, shown] = [await moneyAt(kase, 'payments', 'paid'), await moneyAt(kase, 'payments', 'counter'), await moneyAt(kase, 'payments', 'receipt'), await moneyAt(kase, 'portal', 'receipt')]
  const all: Sum = { records: paid.records + counter.records, vnd: paid.vnd + counter.vnd, without: 0 }
  return [result(id, same(all, issued) && same(issued, shown) ? 'pass' : 'fail', expected, [told('paid', all), told('receipts', issued), told('portal', shown)].join(', '))]
}

const REFUNDS = `{key: 'VARCHAR', fields: 'STRUCT(bank VARCHAR, amountVnd BIGINT)'}`

/** What is paid back goes through the bank that took it, or over the counter. */
async function refunds(kase: Case): Promise<CriterionResult[]> {
  if (!plays(kase, 'payment.refund')) return []
  const id = 'figures.refunds'
  const expected = 'refunds in the payment system = refunds on the portal, and those through banks = credits at the banks, none without a payment'
  if (!read(kase, 'bank') || !read(kase, 'payments') || !read(kase, 'portal')) return [result(id, 'inconclusive', expected, 'not all three were read')]
  const [ordered, shown, credits] = [await moneyAt(kase, 'payments', 'refund'), await moneyAt(kase, 'portal', 'refund'), await moneyAt(kase, 'bank', 'credit')]
  const throughBanks: Sum = { records: 0, vnd: 0, without: 0 }
  for (const { source } of await kase.db.rows<{ source: string }>(`SELECT source FROM systems WHERE role = 'payments' AND whole`)) {
    const row = await kase.db.row<{ records: number; vnd: number }>(`SELECT count(*) AS records, coalesce(sum(fields.amountVnd), 0)::BIGINT AS vnd FROM ${readJson(source, REFUNDS)} WHERE prefix(key, 'refund/') AND fields.bank IS NOT NULL
      AND hash(key) IN (SELECT r.khash FROM records r SEMI JOIN own_ops o ON o.id = r.id AND o.chk = r.chk WHERE r.type = ${recordTypeIndex('refund')})`)
    throughBanks.records += row.records
    throughBanks.vnd += row.vnd
  }
  const paid = (await moneyAt(kase, 'payments', 'paid')).vnd + (await moneyAt(kase, 'payments', 'counter')).vnd
  const held = same(ordered, shown) && same(throughBanks, credits) && ordered.vnd <= paid
  return [result(id, held ? 'pass' : 'fail', expected, [told('payments', ordered), told('portal', shown), told('through banks', throughBanks), told('banks', credits)].join(', '))]
}

async function messages(kase: Case): Promise<CriterionResult[]> {
  if (!kase.plan.target.systems.some((system) => system.role === 'notifications')) return []
  if (!read(kase, 'notifications')) return [result('figures.sms', 'inconclusive', 'asked = delivered + accepted + timeout + failed', 'notifications were not read')]
  const byStatus = await messagesByStatus(kase)
  const asked = [...byStatus.values()].reduce((sum, count) => sum + count, 0)
  const parts = MESSAGE_ENDS.reduce((sum, status) => sum + (byStatus.get(status) ?? 0), 0)
  return [result('figures.sms', asked === parts ? 'pass' : 'fail', 'asked = delivered + accepted + timeout + failed', `${asked} asked = ${MESSAGE_ENDS.map((status) => `${byStatus.get(status) ?? 0} ${status}`).join(' + ')}${asked === parts ? '' : `, ${asked - parts} in another state`}`)]
}

/** Records of a kind in the system that keeps them, against what the users were told. */
async function reported(kase: Case): Promise<CriterionResult[]> {
  const { db } = kase
  const results: CriterionResult[] = []
  for (const [id, role, kind, type] of [['figures.dossiers-synced', 'portal', 'sync.dossier', 'dossier'], ['figures.payments', 'payments', 'payment.create', 'payment'], ['figures.messages', 'notifications', 'sms.send', 'sms']] as const) {
    const { ok, open } = await db.row<{ ok: number; open: number }>(`SELECT count(*) FILTER (outcome = 'ok') AS ok, count(*) FILTER (outcome = 'info') AS open FROM ops WHERE kind = '${kind}'`)
    if (ok + open === 0) continue
    const cut = await db.count(`SELECT count(*) FROM cut_off c JOIN plan_steps s ON s.sid = c.id >> 32 WHERE s.kind = '${kind}'`)
    const expected = `between ${ok} and ${ok + open + cut} (acknowledged, and those whose end nobody knows)`
    if (!read(kase, role)) { results.push(result(id, 'inconclusive', expected, `${role} was not read`)); continue }
    const held = await db.count(`SELECT count(*) FROM records r JOIN systems y ON y.file = r.file SEMI JOIN (FROM own_ops WHERE kind = '${kind}') o ON o.id = r.id AND o.chk = r.chk
      WHERE y.role = '${role}' AND r.type = ${recordTypeIndex(type)}`)
    const logged = await db.count(`SELECT count(*) FILTER (NOT whole) FROM systems WHERE label LIKE 'history/%'`) === 0
    results.push(result(id, held >= ok && held <= ok + open + cut ? 'pass' : logged ? 'fail' : 'inconclusive', expected, `${role} reports ${held}`))
  }
  return results
}
