/**
 * One row of the old portal as one row of the new portal, by the mapping alone. Pure. A row that the mapping does not cover is refused
 * with field and value; nothing is guessed. New code: `<unit>-<YYMMDD of submission>-<numbersFrom + old number>`, so bulk, delta and a rerun agree.
 * Text is mended (encoding, composition, spaces) and each mend counted; the placement of tones stays.
 */
import { dossierCode } from '../../contracts/ids.ts'
import { repairText, type TextRepair } from '../../contracts/vietnamese-text.ts'
import { MAX_NUMBER, type Mapping } from './mapping.ts'

/** As read by `old-rows.ts`: instants as text with microseconds in UTC, days in the mapping's zone, money as digits. */
export type OldDossier = {
  ma_hoso: string; ma_thamchieu: string | null; ma_tthc: string; ma_donvi: string; so_dinhdanh: string; hoten: string; ngaysinh: string
  sodienthoai: string; ghichu: string; trangthai: number; phi: string; ngaynop: string; ngay: string; hanxuly: string | null; capnhat_luc: string
}
export type OldPayment = {
  ma_giaodich: string; ma_hoso: string; ngaynop: string; ngay: string; nganhang: string; sotien: string; trangthai: number; ngaytra: string | null; capnhat_luc: string
}

export type NewDossier = {
  code: string; reference: string | null; procedure_code: string; unit_code: string; partner_id: string; applicant_id: string; applicant_name: string
  applicant_birth_date: string; phone: string; note: string; status: string; legacy_code: string; fee_vnd: string; submitted_at: string; due_at: string | null; updated_at: string
}
export type NewPayment = { transaction_code: string; dossier_code: string; bank: string; amount_vnd: string; status: string; paid_at: string | null }

export type Refusal = { legacyCode: string; field: string; value: string; reason: string }
export type Translated<T> = { row: T; repairs: TextRepair[] } | { refusal: Refusal }

export function translateDossier(old: OldDossier, mapping: Mapping): Translated<NewDossier> {
  const refuse = (field: string, value: unknown, reason: string) => ({ refusal: { legacyCode: old.ma_hoso, field, value: String(value), reason } })
  const code = newCode(old.ma_hoso, old.ngay, mapping)
  if (!code) return refuse('ma_hoso', old.ma_hoso, 'not of the form of an old dossier code, or its number is too large')
  const procedure = newProcedureCode(old.ma_tthc, mapping)
  if (!procedure) return refuse('ma_tthc', old.ma_tthc, 'no procedure code by pattern or exception')
  const status = mapping.statuses.get(old.trangthai)
  if (!status) return refuse('trangthai', old.trangthai, 'a status number without translation')
  const partner = partnerOfUnit(old.ma_donvi, mapping)
  if (!partner) return refuse('ma_donvi', old.ma_donvi, 'a unit without partner')
  const name = repairText(old.hoten, mapping.text.repair)
  const note = repairText(old.ghichu, mapping.text.repair)
  return {
    repairs: [...name.repairs, ...note.repairs],
    row: {
      code, reference: old.ma_thamchieu, procedure_code: procedure, unit_code: old.ma_donvi, partner_id: partner, applicant_id: old.so_dinhdanh,
      applicant_name: name.text, applicant_birth_date: old.ngaysinh, phone: old.sodienthoai, note: note.text, status, legacy_code: old.ma_hoso,
      fee_vnd: old.phi, submitted_at: old.ngaynop, due_at: old.hanxuly, updated_at: old.capnhat_luc,
    },
  }
}

export function translatePayment(old: OldPayment, mapping: Mapping): Translated<NewPayment> {
  const refuse = (field: string, value: unknown, reason: string) => ({ refusal: { legacyCode: old.ma_giaodich, field, value: String(value), reason } })
  const code = newCode(old.ma_hoso, old.ngay, mapping)
  if (!code) return refuse('ma_hoso', old.ma_hoso, 'not of the form of an old dossier code, or its number is too large')
  const status = mapping.paymentStatuses.get(old.trangthai)
  if (!status) return refuse('trangthai', old.trangthai, 'a payment status number without translation')
  return { repairs: [], row: { transaction_code: old.ma_giaodich, dossier_code: code, bank: old.nganhang, amount_vnd: old.sotien, status, paid_at: old.ngaytra } }
}

/** `yymmdd`: the day of submission in the mapping's zone. */
export function newCode(legacyCode: string, yymmdd: string, mapping: Mapping): string | undefined {
  const parts = mapping.dossierCodes.pattern.exec(legacyCode)?.groups
  if (!parts) return undefined
  const number = mapping.dossierCodes.numbersFrom + Number(parts['number'])
  return number <= MAX_NUMBER ? dossierCode(parts['unit']!, yymmdd, number) : undefined
}

export function newProcedureCode(old: string, mapping: Mapping): string | undefined {
  return mapping.procedureCodes.exceptions.get(old) ?? mapping.procedureCodes.pattern.exec(old)?.groups?.['code']
}

/** A unit below another (H29.12) goes where the nearest unit above it goes. */
export function partnerOfUnit(unit: string, mapping: Mapping): string | undefined {
  for (let at = unit; at; at = at.includes('.') ? at.slice(0, at.lastIndexOf('.')) : '') {
    const partner = mapping.units.get(at)
    if (partner) return partner
  }
  return undefined
}
