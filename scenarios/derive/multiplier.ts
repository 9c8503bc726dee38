/** A profile with another multiplier, as `--multiplier` asks for it. Fails with MULTIPLIER_INVALID, or MULTIPLIER_WITHOUT_VOLUME where there is nothing to multiply. */
import { InputError } from '../../contracts/error.ts'
import type { Profile } from '../../contracts/profile.ts'

export function withMultiplier(profile: Profile, multiplier: number): Profile {
  if (!Number.isFinite(multiplier) || multiplier <= 0) {
    throw new InputError([{ code: 'MULTIPLIER_INVALID', what: `${multiplier} is no multiplier`, where: '--multiplier', mend: 'write a number above 0, such as 2 or 0.5' }])
  }
  if (!profile.volume) {
    throw new InputError([{ code: 'MULTIPLIER_WITHOUT_VOLUME', what: `profile "${profile.name}" gives counts, not a volume`, where: '--multiplier', mend: 'take a profile with a volume, such as national or peak-hour' }])
  }
  return { ...profile, volume: { ...profile.volume, multiplier } }
}
