import { describe, expect, it } from 'vitest'
import { LegacyDossierCode, LegacyProcedureCode } from '../../../contracts/ids.ts'
import { PARTNERS } from '../../../contracts/reference/partners.ts'
import { comparisonKey, isTcvn3Remain, repairText } from '../../../contracts/vietnamese-text.ts'
import { FIRST_SUBMISSION_MS, PERSONS_FROM } from './data-shares.ts'
import { legacyRecords, type DataPlan } from './data.ts'

const UNTIL = Date.UTC(2026, 3, 10, 13)
const PLAN: DataPlan = { seed: 3, count: 4_000, until: UNTIL, wallNow: UNTIL + 1_000 }
const records = [...legacyRecords(PLAN)]
const dossiers = records.map((record) => record.dossier)
const payments = records.flatMap((record) => record.payments)
const share = (count: number) => count / dossiers.length

describe('the old portal\'s data', () => {
  it('is the same for the same seed, and another for another', () => {
    expect([...legacyRecords(PLAN)]).toEqual(records)
    expect([...legacyRecords(PLAN, 11, 12)]).toEqual(records.slice(10, 12))
    expect([...legacyRecords({ ...PLAN, seed: 4 }, 1, 20)]).not.toEqual(records.slice(0, 20))
  })

  it('has codes of the old form, numbered in the order of submission from 2019 to the night', () => {
    expect(new Set(dossiers.map((dossier) => dossier.ma_hoso)).size).toBe(dossiers.length)
    for (const [index, dossier] of dossiers.entries()) {
      expect(LegacyDossierCode.safeParse(dossier.ma_hoso).success).toBe(true)
      expect(LegacyProcedureCode.safeParse(dossier.ma_tthc).success).toBe(true)
      expect(dossier.ma_hoso.split('.')[1]).toBe(new Date(dossier.ngaynop + 7 * 3_600_000).toISOString().slice(0, 4))
      if (index > 0) expect(dossier.ngaynop).toBeGreaterThanOrEqual(dossiers[index - 1]!.ngaynop)
    }
    expect(dossiers[0]!.ngaynop).toBeGreaterThanOrEqual(FIRST_SUBMISSION_MS)
    expect(new Set(dossiers.map((dossier) => dossier.ma_hoso.split('.')[1]))).toEqual(new Set(['2019', '2020', '2021', '2022', '2023', '2024', '2025', '2026']))
    expect(Math.max(...dossiers.map((dossier) => dossier.capnhat_luc))).toBeLessThanOrEqual(UNTIL)
  })

  it('has every unit and every status, also when it is small', () => {
    const small = [...legacyRecords({ ...PLAN, count: 100 })].map((record) => record.dossier)
    expect(new Set(small.map((dossier) => dossier.ma_donvi))).toEqual(new Set(PARTNERS.map((partner) => partner.unitCode)))
    expect(new Set(small.map((dossier) => dossier.trangthai))).toEqual(new Set([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]))
  })

  it('has the traps of text, each mendable to the name that was meant', () => {
    const names = dossiers.map((dossier) => dossier.hoten)
    const traps = {
      nfd: names.filter((name) => /\p{M}/u.test(name)), tcvn3: names.filter(isTcvn3Remain), trailing: names.filter((name) => name.endsWith(' ')),
      double: names.filter((name) => name.includes('  ')), nonBreaking: names.filter((name) => name.includes('\u00a0')),
    }
    for (const trap of Object.values(traps)) expect(share(trap.length)).toBeGreaterThan(0.01)
    expect(share(names.filter((name) => repairText(name).repairs.length > 0).length)).toBeLessThan(0.3)
    for (const name of names) expect(repairText(name).text).toMatch(/^Người Thử \d+ \p{Lu}\p{L}+ \p{Lu}\p{L}+ \p{Lu}\p{L}+$/u)
  })

  it('has both placements of a tone', () => {
    const given = new Set(dossiers.map((dossier) => repairText(dossier.hoten).text.split(' ').at(-1)!))
    expect([...given]).toEqual(expect.arrayContaining(['Hòa', 'Hoà', 'Thúy', 'Thuý']))
    expect(comparisonKey('Hòa')).toBe(comparisonKey('Hoà'))
  })

  it('has birth dates before 1975-06-13 as local midnights of the zone', () => {
    for (const dossier of dossiers) expect(dossier.ngaysinh).toMatch(/^\d{4}-\d{2}-\d{2} 00:00:00 Asia\/Ho_Chi_Minh$/)
    expect(share(dossiers.filter((dossier) => dossier.ngaysinh < '1975-06-13').length)).toBeGreaterThan(0.3)
  })

  it('has unfinished, paid, failed and expired payments over the fee of their dossier', () => {
    const fees = new Map(dossiers.map((dossier) => [dossier.ma_hoso, dossier.phi]))
    for (const payment of payments) {
      expect(payment.sotien).toBe(fees.get(payment.ma_hoso))
      expect(payment.ngaytra !== null).toBe(payment.trangthai === 1)
    }
    for (const status of [0, 1, 2, 3]) expect(payments.filter((payment) => payment.trangthai === status).length).toBeGreaterThan(5)
  })

  it('invents only people whom the load does not use', () => {
    for (const dossier of dossiers) expect(Number(dossier.so_dinhdanh.slice(3, 11))).toBeGreaterThanOrEqual(PERSONS_FROM)
  })

  it('was not changed in the future, even where the machine\'s clock is behind the night', () => {
    const wallNow = Date.UTC(2024, 0, 1)
    for (const { dossier, payments } of legacyRecords({ ...PLAN, wallNow }, 3_900, 4_000)) {
      expect(dossier.capnhat_luc).toBeLessThanOrEqual(wallNow)
      for (const payment of payments) expect(payment.capnhat_luc).toBeLessThanOrEqual(wallNow)
    }
  })
})
