/** Who pushes the synced dossiers: ministries and utilities by their published counts, provinces by theirs, each side's missing ones by an assumption. */
import type { Profile } from '../../contracts/profile.ts'
import { PARTNERS } from '../../contracts/reference/partners.ts'
import { scaleCounts } from '../scale-counts.ts'
import type { PublishedFigures } from './figures.ts'
import { resolveRate } from './lines.ts'
import type { Mix } from './mix.ts'

export type PushingPartner = { id: string; unitCode: string; count: number }

/** Exactly `dossiers` in all where that is at least one for each partner that pushes; in the partners' order. */
export function pushesByPartner(dossiers: number, { basis, publicSecurityShare }: NonNullable<Profile['volume']>, mix: Mix, figures: PublishedFigures): PushingPartner[] {
  const weightOf = (id: string) => {
    if (id !== 'public-security') return figures.ministries.dossiers[id] ?? mix.otherMinistry.value
    // Its volume belongs to the national basis alone.
    return basis === 'national' ? figures.ministries.dossiers[id]! * publicSecurityShare : 0
  }
  const provinceWeight = (id: string) => figures.provinces.dossiers[id] ?? mix.otherProvince.value
  const share = resolveRate(mix.provinces, figures).value
  const weights = PARTNERS.map(({ id, kind }) => (kind === 'province' ? provinceWeight(id) : weightOf(id)))
  const sums = [false, true].map((province) => weights.reduce((sum, weight, at) => sum + ((PARTNERS[at]!.kind === 'province') === province ? weight : 0), 0))
  const shares = weights.map((weight, at) => (PARTNERS[at]!.kind === 'province' ? share * weight / sums[1]! : (1 - share) * weight / sums[0]!))
  const counts = scaleCounts(shares.map((value) => value * 1e9), dossiers / 1e9)
  return PARTNERS.map(({ id, unitCode }, at) => ({ id, unitCode, count: counts[at]! }))
}
