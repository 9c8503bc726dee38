/** What each partner is expected to bring, and which of it a push scenario carries. Counts come from the split of a night, or from a derived load. */
import { InputError } from '../contracts/error.ts'
import type { PlannedPartner, PlannedScenario } from '../contracts/plan.ts'
import type { ProfileScenario } from '../contracts/profile.ts'
import type { Partner } from '../contracts/reference/partners.ts'
import type { Runbook } from '../contracts/runbook.ts'
import type { Split } from '../contracts/split.ts'
import type { SystemMode } from '../contracts/target.ts'
import { isDossierPush } from './plan-mistakes.ts'
import { scaleCounts } from './scale-counts.ts'

export type PlannablePartner = Partner & { mode?: SystemMode }
type Pushes = NonNullable<PlannedScenario['partners']>

export function planPartners(split: Split, partners: readonly PlannablePartner[], unfinished: Runbook['unfinished'], scale: number): PlannedPartner[] {
  const counts = scaleCounts(split.partners.map((entry) => entry.count), scale)
  const held = scaleCounts(unfinished.map((entry) => entry.outstanding), scale)
  return split.partners.map((entry, at) => {
    const partner = partners.find((candidate) => candidate.id === entry.id)
    if (!partner) throw new InputError([{ code: 'PARTNER_UNKNOWN', what: `the split names partner "${entry.id}", which nobody knows`, where: `split "${split.name}"`, mend: 'use an id of contracts/reference/partners.ts' }])
    const outstanding = unfinished.reduce((sum, { partner: id }, of) => sum + (id === entry.id ? held[of]! : 0), 0)
    return { id: partner.id, unitCode: partner.unitCode, title: partner.title, mode: partner.mode ?? 'simulated', wave: entry.wave, expected: counts[at]! + outstanding, outstanding }
  })
}

/** A derived load has one wave, and what each pushes in it is what is expected of it. */
export function derivedPartners(pushes: Pushes, partners: readonly PlannablePartner[]): PlannedPartner[] {
  return partners.map(({ id, unitCode, title, mode = 'simulated' }) =>
    ({ id, unitCode, title, mode, wave: 1, expected: pushes.find((push) => push.id === id)?.count ?? 0, outstanding: 0 }))
}

/** Dossier pushes per partner: a wave, or, without wave and count, what unfinished partners hold back. Undefined for other scenarios. */
export function pushesOf(scenario: ProfileScenario, partners: readonly PlannedPartner[]): Pushes | undefined {
  if (!isDossierPush(scenario)) return undefined
  const present = partners.filter((partner) => partner.mode !== 'absent' && (scenario.wave === undefined || partner.wave === scenario.wave))
  return present
    .map(({ id, unitCode, expected, outstanding }) => ({ id, unitCode, count: scenario.wave === undefined ? outstanding : expected - outstanding }))
    .filter(({ count }) => count > 0)
}
