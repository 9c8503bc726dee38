/**
 * The old portal's data: dossier number i of N and its payments, a pure function of the seed, in the order of submission. Years 2019 to the night,
 * all 50 partners' units, all ten statuses, and the traps that such data has (`data-shares.ts`). Birth dates are local midnights in
 * Asia/Ho_Chi_Minh, written with the zone's name so that PostgreSQL makes UTC+8 of those before 1975-06-13.
 */
import { legacyDossierCode, legacyProcedureCode } from '../../../contracts/ids.ts'
import { PARTNERS, partnerOf, type Partner } from '../../../contracts/reference/partners.ts'
import { personOf } from '../../../contracts/reference/people.ts'
import { handlingPartner, PROCEDURES } from '../../../contracts/reference/procedures.ts'
import { encodeTcvn3 } from '../../../contracts/vietnamese-text.ts'
import * as shares from './data-shares.ts'
import { createDraw, type Draw } from './draw.ts'

export type LegacyDossier = {
  ma_hoso: string; ma_tthc: string; ma_donvi: string; so_dinhdanh: string; hoten: string; ngaysinh: string; sodienthoai: string; ghichu: string
  trangthai: number; phi: number; ngaynop: number; hanxuly: number | null; capnhat_luc: number
}
export type LegacyPayment = { ma_giaodich: string; ma_hoso: string; nganhang: string; sotien: number; trangthai: number; ngaytra: number | null; capnhat_luc: number }
export type LegacyRecord = { dossier: LegacyDossier; payments: LegacyPayment[] }

/** `until`: the last moment of the data, epoch ms on the scenario clock; `wallNow`: no row was changed after it, so a delta by time never starts too late. */
export type DataPlan = { seed: number; count: number; until: number; wallNow: number }

const PROVINCES = PARTNERS.filter((partner) => partner.kind === 'province')
const STATUS_COUNT = 10
const BANKS = ['bank-vcb', 'bank-bidv'] as const
const PAYMENT = { begun: 0, paid: 1, failed: 2, expired: 3 } as const
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const HANOI_MS = 7 * HOUR_MS

export function* legacyRecords(plan: DataPlan, first = 1, last = plan.count): Generator<LegacyRecord> {
  for (let number = first; number <= last; number += 1) yield legacyRecord(plan, number)
}

export function legacyRecord(plan: DataPlan, number: number): LegacyRecord {
  const draw = createDraw(plan.seed, number)
  const submittedAt = submissionTime(plan, number)
  const { unit, procedureCode, feeVnd } = procedureFor(draw, number)
  const person = personOf(shares.PERSONS_FROM + draw.below(Math.ceil(plan.count * shares.PERSONS_PER_DOSSIER)))
  const status = statusFor(draw, number, plan.until - submittedAt)
  const changedAt = Math.min(submittedAt + draw.below(20 * DAY_MS), plan.until, plan.wallNow)
  const code = legacyDossierCode(unit.unitCode, new Date(submittedAt + HANOI_MS).getUTCFullYear(), number)
  const dossier: LegacyDossier = {
    ma_hoso: code, ma_tthc: legacyProcedureCode(procedureCode, unit.unitCode), ma_donvi: unit.unitCode, so_dinhdanh: person.personId,
    hoten: written(draw, `${person.name} ${draw.of(shares.GIVEN_NAMES)}`), ngaysinh: `${person.birthDate} 00:00:00 Asia/Ho_Chi_Minh`, sodienthoai: person.phone,
    ghichu: draw.chance(shares.NOTE_SHARE) ? written(draw, draw.of(shares.NOTES)) : '', trangthai: status, phi: feeVnd, ngaynop: submittedAt,
    hanxuly: draw.chance(shares.WITHOUT_DEADLINE_SHARE) ? null : submittedAt + 7 * DAY_MS, capnhat_luc: changedAt,
  }
  return { dossier, payments: paymentsFor(draw, dossier, number) }
}

function submissionTime({ count, until }: DataPlan, number: number): number {
  const span = until - shares.FIRST_SUBMISSION_MS
  return Math.floor(shares.FIRST_SUBMISSION_MS + span * ((number - 0.5) / count) ** shares.GROWTH_EXPONENT)
}

function procedureFor(draw: Draw, number: number): { unit: Partner; procedureCode: string; feeVnd: number } {
  // The first ones go round all partners, so that even the smallest data has every unit.
  const local = number <= PARTNERS.length ? number - 1 : draw.chance(shares.LOCAL_PROCEDURE_SHARE) ? draw.below(PARTNERS.length) : undefined
  if (local !== undefined) return { unit: PARTNERS[local]!, procedureCode: `9.91${String(local + 1).padStart(4, '0')}`, feeVnd: draw.chance(0.5) ? 0 : 30_000 }
  const procedure = draw.of(PROCEDURES)
  return { unit: partnerOf(handlingPartner(procedure, draw.of(PROVINCES).id)), procedureCode: procedure.code, feeVnd: procedure.feeVnd }
}

function statusFor(draw: Draw, number: number, age: number): number {
  if (number > PARTNERS.length && number <= PARTNERS.length + STATUS_COUNT) return number - PARTNERS.length
  return draw.weighted(age < shares.RECENT_MS ? shares.RECENT_STATUSES : shares.OLDER_STATUSES)
}

/** A text as somebody once wrote it: encoding and spaces are drawn apart, so both may be wrong. */
function written(draw: Draw, text: string): string {
  const { nfd, tcvn3, trailingSpace, doubleSpace, nonBreakingSpace } = shares.NAME_TRAPS
  const encoding = draw.next()
  let out = encoding < nfd ? text.normalize('NFD') : encoding < nfd + tcvn3 ? encodeTcvn3(text) ?? text : text
  const spaces = draw.next()
  if (spaces < trailingSpace) out = `${out} `
  else if (spaces < trailingSpace + doubleSpace) out = out.replace(' ', '  ')
  else if (spaces < trailingSpace + doubleSpace + nonBreakingSpace) out = out.replace(' ', '\u00a0')
  return out
}

function paymentsFor(draw: Draw, dossier: LegacyDossier, number: number): LegacyPayment[] {
  if (dossier.phi === 0) return []
  const payments: LegacyPayment[] = []
  const add = (trangthai: number) => payments.push({
    ma_giaodich: `VP${String(number).padStart(9, '0')}-${payments.length + 1}`, ma_hoso: dossier.ma_hoso, nganhang: draw.of(BANKS), sotien: dossier.phi, trangthai,
    ngaytra: trangthai === PAYMENT.paid ? dossier.ngaynop + draw.below(HOUR_MS) : null, capnhat_luc: dossier.capnhat_luc,
  })
  if (draw.chance(shares.FAILED_ATTEMPT_SHARE)) add(draw.chance(0.5) ? PAYMENT.failed : PAYMENT.expired)
  if (dossier.trangthai === 6) { if (draw.chance(shares.BEGUN_SHARE_WHERE_DUE)) add(PAYMENT.begun) }
  else if (dossier.trangthai >= 9) { if (draw.chance(shares.PAID_SHARE_FINISHED)) add(PAYMENT.paid) }
  else if (dossier.trangthai <= 5 && draw.chance(shares.BEGUN_SHARE_IN_PROGRESS)) add(PAYMENT.begun)
  return payments
}
