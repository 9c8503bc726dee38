/**
 * Figures that systems report against the operations: a count F is right if confirmed ≤ F ≤ confirmed + unresolved; parts sum to the whole;
 * money in = money out (design section 5; facts section 3 shows what published figures look like where nobody checks this).
 */
import type { Case } from '../case.ts'
import { messagesByStatus, moneyAt } from '../figures.ts'
import { recordTypeIndex } from '../record-types.ts'
import { type CriterionResult, type CriterionRule, result } from './criterion.ts'

const MESSAGE_ENDS = ['accepted', 'delivered', 'timeout', 'failed']

export const figures: CriterionRule = {
  id: 'figures',
  async check(kase) {
    return [await money(kase), ...await messages(kase), ...await reported(kase)].filter((one) => one !== null)
  },
}

function read({ plan, states }: Case, role: string): boolean {
  const systems = plan.target.systems.filter((system) => system.role === role && system.mode !== 'absent')
  return systems.length > 0 && systems.every((system) => states.get(`evidence/${system.id}.ndjson`)?.whole)
}

async function money(kase: Case): Promise<CriterionResult> {
  const expected = 'debits at the banks = paid in the payment system = paid on the portal'
  const id = 'figures.money'
  if (!read(kase, 'bank') || !read(kase, 'payments') || !read(kase, 'portal')) return result(id, 'inconclusive', expected, 'not all three were read')
  const banks = await moneyAt(kase, 'bank', 'debit')
  const payments = await moneyAt(kase, 'payments', 'paid')
  const portal = await moneyAt(kase, 'portal', 'paid')
  const observed = `banks ${banks.vnd} VND in ${banks.records}, payments ${payments.vnd} VND in ${payments.records}, portal ${portal.vnd} VND in ${portal.records}`
  if (banks.without + payments.without + portal.without > 0) return result(id, 'inconclusive', expected, `${observed}; ${banks.without + payments.without + portal.without} records have no amount`)
  return result(id, banks.vnd === payments.vnd && payments.vnd === portal.vnd ? 'pass' : 'fail', expected, observed)
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
