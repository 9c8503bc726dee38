/** What of the run was simulated: partners and systems by the plan's target, approvals by the journal's gates. */
import type { SystemMode, SystemRole } from '../../contracts/target.ts'
import type { Text } from '../../contracts/text.ts'
import type { RunRecords } from './read-run.ts'

export type SimulatedParts = {
  /** Partners of the plan (ministries, utility, provinces) by mode. */
  partners: Record<SystemMode, number>
  /** Other systems by mode. */
  systems: { id: string; role: SystemRole; mode: SystemMode }[]
  approvals: { gate: string; title: Text; approval: 'simulated' | 'person'; decision: 'go' | 'no-go' | null }[]
  /** The product's own stack stands in for the portal and everything behind it. */
  referenceStack: boolean
}

/** Parts of the network and of the machine room are no party whose place somebody takes. */
const PARTIES: readonly SystemRole[] = ['vneid', 'bank', 'sms', 'portal', 'legacy', 'coordination', 'catalogue', 'payments', 'notifications', 'statistics']

export function simulatedParts({ plan, journal }: Pick<RunRecords, 'plan' | 'journal'>): SimulatedParts {
  const partners: Record<SystemMode, number> = { real: 0, simulated: 0, absent: 0 }
  for (const partner of plan?.partners ?? []) partners[partner.mode] += 1
  const gates = new Map<string, SimulatedParts['approvals'][number]>()
  for (const entry of journal) {
    if (entry.kind !== 'gate') continue
    gates.set(entry.id, { gate: entry.id, title: entry.title, approval: entry.approval, decision: entry.event === 'asked' ? null : entry.event })
  }
  return {
    partners, approvals: [...gates.values()], referenceStack: plan?.target.kind === 'reference',
    systems: (plan?.target.systems ?? []).filter((system) => PARTIES.includes(system.role)).map(({ id, role, mode }) => ({ id, role, mode })),
  }
}
