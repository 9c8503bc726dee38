/**
 * One old row against its row on the new portal. Pure but for `compareNumbers`. Old values are read raw (instants as epoch microseconds, text as it is)
 * and what they should have become is derived here with Intl and the mapping, so that a fault in the copier's SQL shows.
 * A dossier that the new portal has moved on since (`moved_on`) may have another status; everything else must still fit.
 */
import type pg from 'pg'
import { comparisonKey, repairText } from '../../contracts/vietnamese-text.ts'
import { highestNumber } from './advance-numbers.ts'
import type { Mapping } from './mapping.ts'
import { newCode, newProcedureCode, partnerOfUnit } from './translate.ts'

export type Found = { field: string; expected: string | null; found: string | null }

const micros = (column: string): string => `(extract(epoch from ${column}) * 1000000)::bigint`

export const OLD_DOSSIERS = `select ma_hoso, ma_thamchieu, ma_tthc, ma_donvi, so_dinhdanh, hoten, ${micros('ngaysinh')} as ngaysinh, sodienthoai, ghichu, trangthai, phi,
  ${micros('ngaynop')} as ngaynop, ${micros('hanxuly')} as hanxuly from hoso order by ma_hoso collate "C"`
export const NEW_DOSSIERS = `select code, reference, procedure_code, unit_code, partner_id, applicant_id, applicant_name, applicant_birth_date, phone, note, status, legacy_code, fee_vnd,
  ${micros('submitted_at')} as submitted_at, ${micros('due_at')} as due_at, code in (select dossier_code from dossier_events) as moved_on
  from dossiers where origin = 'migrated' order by legacy_code collate "C" nulls first`
export const OLD_PAYMENTS = `select ma_giaodich, ma_hoso, nganhang, sotien, trangthai, ${micros('ngaytra')} as ngaytra from thanhtoan order by ma_giaodich collate "C"`
export const NEW_PAYMENTS = `select p.transaction_code, d.legacy_code, p.bank, p.amount_vnd, p.status, ${micros('p.paid_at')} as paid_at
  from payments p left join dossiers d on d.code = p.dossier_code where p.origin = 'migrated' order by p.transaction_code collate "C"`

export type RawDossier = {
  ma_hoso: string; ma_thamchieu: string | null; ma_tthc: string; ma_donvi: string; so_dinhdanh: string; hoten: string; ngaysinh: string; sodienthoai: string
  ghichu: string; trangthai: number; phi: string; ngaynop: string; hanxuly: string | null
}
export type HeldDossier = {
  code: string; reference: string | null; procedure_code: string; unit_code: string; partner_id: string; applicant_id: string; applicant_name: string; applicant_birth_date: string
  phone: string; note: string; status: string; legacy_code: string | null; fee_vnd: string; submitted_at: string; due_at: string | null; moved_on: boolean
}
export type RawPayment = { ma_giaodich: string; ma_hoso: string; nganhang: string; sotien: string; trangthai: number; ngaytra: string | null }
export type HeldPayment = { transaction_code: string; legacy_code: string | null; bank: string; amount_vnd: string; status: string; paid_at: string | null }

export function* compareDossier(raw: RawDossier, held: HeldDossier, mapping: Mapping): Generator<Found> {
  const status = mapping.statuses.get(raw.trangthai) ?? null
  yield* unequal('code', newCode(raw.ma_hoso, localDay(raw.ngaynop, mapping.timeZone).replaceAll('-', '').slice(2), mapping) ?? null, held.code)
  yield* unequal('reference', raw.ma_thamchieu, held.reference)
  yield* unequal('procedureCode', newProcedureCode(raw.ma_tthc, mapping) ?? null, held.procedure_code)
  yield* unequal('unitCode', raw.ma_donvi, held.unit_code)
  yield* unequal('partner', partnerOfUnit(raw.ma_donvi, mapping) ?? null, held.partner_id)
  yield* unequal('applicantId', raw.so_dinhdanh, held.applicant_id)
  yield* unequalText('applicantName', raw.hoten, held.applicant_name, mapping)
  yield* unequal('applicantBirthDate', localDay(raw.ngaysinh, mapping.timeZone), held.applicant_birth_date)
  yield* unequal('phone', raw.sodienthoai, held.phone)
  yield* unequalText('note', raw.ghichu, held.note, mapping)
  if (!held.moved_on) yield* unequal('status', status, held.status)
  yield* unequal('feeVnd', raw.phi, held.fee_vnd)
  yield* unequalInstant('submittedAt', raw.ngaynop, held.submitted_at)
  yield* unequalInstant('dueAt', raw.hanxuly, held.due_at)
}

export function* comparePayment(raw: RawPayment, held: HeldPayment, mapping: Mapping): Generator<Found> {
  // By the dossier that the payment leads to on the new side, not by the code written in it: a reference into nothing shows too.
  yield* unequal('payment.dossier', raw.ma_hoso, held.legacy_code)
  yield* unequal('payment.bank', raw.nganhang, held.bank)
  yield* unequal('payment.amountVnd', raw.sotien, held.amount_vnd)
  yield* unequal('payment.status', mapping.paymentStatuses.get(raw.trangthai) ?? null, held.status)
  yield* unequalInstant('payment.paidAt', raw.ngaytra, held.paid_at)
}

export async function compareNumbers(old: pg.Client, fresh: pg.Client, mapping: Mapping): Promise<Found[]> {
  const highest = await highestNumber(old, fresh, mapping)
  const { rows } = await fresh.query<{ next: string }>('select last_value + is_called::int as next from dossier_number')
  const next = Number(rows[0]!.next)
  return next > highest ? [] : [{ field: 'nextNumber', expected: `> ${highest}`, found: String(next) }]
}

function* unequal(field: string, expected: string | null, found: string | null): Generator<Found> {
  if (expected !== found) yield { field, expected, found }
}

/** Equal but for the placement of tones, and as clean as the mapping wants it. */
function* unequalText(field: string, raw: string, found: string, mapping: Mapping): Generator<Found> {
  const expected = repairText(raw, mapping.text.repair).text
  if (found === expected) return
  if (comparisonKey(found) !== comparisonKey(raw) || repairText(found, mapping.text.repair).repairs.length > 0) yield { field, expected, found }
}

function* unequalInstant(field: string, expected: string | null, found: string | null): Generator<Found> {
  if (expected !== found) yield { field, expected: instantText(expected), found: instantText(found) }
}

function instantText(micros: string | null): string | null {
  return micros === null ? null : new Date(Number(micros) / 1_000).toISOString()
}

const FORMATTERS = new Map<string, Intl.DateTimeFormat>()

/** `YYYY-MM-DD` of an instant in a zone. */
function localDay(micros: string, timeZone: string): string {
  let formatter = FORMATTERS.get(timeZone)
  // sv-SE writes ISO dates.
  if (!formatter) FORMATTERS.set(timeZone, formatter = new Intl.DateTimeFormat('sv-SE', { timeZone }))
  return formatter.format(Math.floor(Number(micros) / 1_000))
}
