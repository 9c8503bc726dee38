/**
 * Staff accounts on the coordination system: about 330,000 exist (004, facts section 1). Nobody stores them one by one: an account is a place in a
 * range (unit, level), so that it follows from its name what it is and what it may do; exceptions (missing, wrong permission) are stored where they
 * are made. The split over units and levels is an assumption. Account form `cb.<unit>.<level>.<number>`: `cb.H01.commune.000123`.
 */
import { PARTNERS } from './partners.ts'

export const STAFF_LEVELS = ['ministry', 'province', 'commune'] as const
export type StaffLevel = (typeof STAFF_LEVELS)[number]
export const PERMISSIONS = ['receive', 'process', 'return-result', 'receive-anywhere', 'collect-payment', 'refund', 'answer-feedback', 'report'] as const
export type Permission = (typeof PERMISSIONS)[number]

/** Accounts a unit has at each level (assumed): 16 × 1,925 + 34 × (800 + 8,000) = 330,000. */
export const ACCOUNTS_PER_UNIT = { ministry: 1_925, province: 800, commune: 8_000 } as const satisfies Record<StaffLevel, number>
export const STAFF_ACCOUNTS = PARTNERS.reduce((sum, { kind }) => sum + (kind === 'province' ? ACCOUNTS_PER_UNIT.province + ACCOUNTS_PER_UNIT.commune : ACCOUNTS_PER_UNIT.ministry), 0)

/** One officer in so many may receive dossiers of another territory (004 II.1, the number assumed). */
export const ANYWHERE_EVERY = 10

export type StaffAccount = { account: string; passcode: string; unitCode: string; level: StaffLevel; number: number; permissions: readonly Permission[] }

const ALL_BUT_ANYWHERE = PERMISSIONS.filter((permission) => permission !== 'receive-anywhere')

/** The account in a place of its unit's range; `number` is taken round where it lies outside. */
export function staffAccountOf(unitCode: string, level: StaffLevel, number: number): StaffAccount {
  const place = ((number % ACCOUNTS_PER_UNIT[level]) + ACCOUNTS_PER_UNIT[level]) % ACCOUNTS_PER_UNIT[level]
  const digits = String(place).padStart(6, '0')
  return {
    account: `cb.${unitCode}.${level}.${digits}`, passcode: `pc-${digits}`, unitCode, level, number: place,
    permissions: place % ANYWHERE_EVERY === 0 ? PERMISSIONS : ALL_BUT_ANYWHERE,
  }
}

/** Undefined where no account has the name. */
export function staffAccountBy(account: string): StaffAccount | undefined {
  const match = /^cb\.([GH]\d{2})\.(ministry|province|commune)\.(\d{6})$/.exec(account)
  if (!match) return undefined
  const [, unitCode, level, digits] = match as unknown as [string, string, StaffLevel, string]
  const unit = PARTNERS.find((partner) => partner.unitCode === unitCode)
  if (!unit || (unit.kind === 'province') === (level === 'ministry') || Number(digits) >= ACCOUNTS_PER_UNIT[level]) return undefined
  return staffAccountOf(unitCode, level, Number(digits))
}
