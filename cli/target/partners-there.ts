/** The partners of a plan as a target has them: real, simulated or absent. One that the target does not name is absent, and nothing is expected of it. */
import { PARTNERS, type Partner } from '../../contracts/reference/partners.ts'
import type { SystemMode, Target } from '../../contracts/target.ts'
import { partnerSystemId } from '../../cutover/systems.ts'

export function partnersThere(target: Target): (Partner & { mode: SystemMode })[] {
  const modes = new Map(target.systems.map(({ id, mode }) => [id, mode]))
  return PARTNERS.map((partner) => ({ ...partner, mode: modes.get(partnerSystemId(partner.id)) ?? 'absent' }))
}
