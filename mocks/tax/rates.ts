/** What is owed for a change of land or a house, per mille of the base. From general knowledge, not from the documents: replace it by the rates in force. */
import type { ASSESSMENT_KINDS } from '../../contracts/partner-api/roles/tax.ts'

export type Rate = { tax: string; ratePermille: number }

export const RATES: Readonly<Record<(typeof ASSESSMENT_KINDS)[number], readonly Rate[]>> = {
  'land-transfer': [{ tax: 'thu nhập cá nhân', ratePermille: 20 }, { tax: 'lệ phí trước bạ', ratePermille: 5 }],
  // Between parents and children there is none.
  'land-inheritance': [],
  'house-registration': [{ tax: 'lệ phí trước bạ', ratePermille: 5 }],
}

/** Assumed. */
export const PAYABLE_WITHIN_DAYS = 30
