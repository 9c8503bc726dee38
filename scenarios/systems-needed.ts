/** Which systems of a target the load of a plan speaks to, beside the portal: what is not there cannot be played. */
import type { PlannedScenario } from '../contracts/plan.ts'
import type { TargetSystem } from '../contracts/target.ts'

const BY_ACT: Readonly<Record<string, readonly string[]>> = {
  'login': ['portal', 'vneid'], 'find-service': ['portal'], 'submit': ['portal'], 'sms': ['portal'],
  'staff-login': ['coordination'], 'receive': ['coordination'], 'refuse': ['coordination'], 'supplement': ['coordination'], 'process': ['coordination'], 'stop': ['coordination'],
  'return-result': ['coordination'], 'pay-at-counter': ['coordination'], 'refund': ['coordination'], 'answer-feedback': ['feedback'], 'statistics': ['statistics'],
}
/** Where a target has no bank at all. */
const ANY_BANK = 'bank-vcb'

export function systemsNeeded(scenarios: readonly PlannedScenario[], systems: readonly TargetSystem[]): { id: string; flows: string[] }[] {
  const needed = new Map<string, Set<string>>()
  const need = (id: string, act: string) => { needed.set(id, (needed.get(id) ?? new Set()).add(act)) }
  const banks = systems.filter(({ role, mode, url }) => role === 'bank' && mode !== 'absent' && url !== undefined)
  for (const { journey, partners = [] } of scenarios) {
    for (const act of journey) {
      for (const id of BY_ACT[act] ?? []) need(id, act)
      if (act === 'pay' && banks.length === 0) need(ANY_BANK, act)
      for (const { id, count } of partners) if (count > 0) need(`partner-${id}`, act)
    }
  }
  return [...needed].map(([id, acts]) => ({ id, flows: [...acts] }))
}
