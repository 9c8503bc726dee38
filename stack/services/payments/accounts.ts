/**
 * Beneficiary accounts of all receiving units, by unit code (facts section 1): at a commercial bank or at the State Treasury. Which unit has which
 * is an assumption; numbers are invented and cannot be mistaken (`TK999…` at a bank, `KB999…` at the Treasury; VietQR takes letters and digits).
 */
import type pg from 'pg'
import { PARTNERS } from '../../../contracts/reference/partners.ts'

export type Account = { unitCode: string; account: string; accountName: string; kind: 'commercial' | 'treasury'; heldAt: string }

const BANKS = ['bank-vcb', 'bank-bidv'] as const
/** Assumption: every third unit is paid to the Treasury. */
const TREASURY_EVERY = 3

export const ACCOUNTS: readonly Account[] = PARTNERS.map(({ unitCode }, index) => {
  const treasury = index % TREASURY_EVERY === 0
  return {
    unitCode, account: `${treasury ? 'KB' : 'TK'}999${String(index + 1).padStart(8, '0')}`, accountName: `DON VI THU ${unitCode}`,
    kind: treasury ? 'treasury' : 'commercial', heldAt: treasury ? 'state-treasury' : BANKS[index % BANKS.length]!,
  }
})

export async function storeAccounts(pool: pg.Pool): Promise<void> {
  await pool.query(`insert into accounts (unit_code, account, account_name, kind, held_at)
    select "unitCode", account, "accountName", kind, "heldAt" from jsonb_to_recordset($1::jsonb) as a("unitCode" text, account text, "accountName" text, kind text, "heldAt" text)
    on conflict do nothing`, [JSON.stringify(ACCOUNTS)])
}

/** Of the unit, or of the nearest unit above it (H29.12 → H29). */
export async function accountOf(pool: pg.Pool, unitCode: string): Promise<{ unit_code: string; account: string; account_name: string } | undefined> {
  const { rows } = await pool.query({
    name: 'account-of', text: `select unit_code, account, account_name from accounts where $1 = unit_code or starts_with($1, unit_code || '.') order by length(unit_code) desc limit 1`, values: [unitCode],
  })
  return rows[0]
}
