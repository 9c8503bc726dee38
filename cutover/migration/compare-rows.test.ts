import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { legacyDossierCode, legacyProcedureCode } from '../../contracts/ids.ts'
import { PARTNERS } from '../../contracts/reference/partners.ts'
import { encodeTcvn3 } from '../../contracts/vietnamese-text.ts'
import { compareDossier, type HeldDossier, type RawDossier } from './compare-rows.ts'
import { loadMapping } from './mapping.ts'
import { translateDossier } from './translate.ts'

const mapping = loadMapping(readFileSync(new URL('../mappings/legacy-to-portal.yaml', import.meta.url), 'utf8'), 'm.yaml')
const HANOI_MS = 7 * 3_600_000

const name = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 30 }), fc.string({ unit: 'binary', maxLength: 30 }), fc.constantFrom('Trần Hoà', 'Trần Hòa ', 'Lê Thúy'.normalize('NFD'), encodeTcvn3('Nguyễn Văn')!, 'a\u00a0 b'))

/** An old row as both readers see it: the copier's (days by PostgreSQL) and the verifier's (raw microseconds). */
const oldRow = fc.record({
  number: fc.integer({ min: 1, max: 899_999_999 }), unit: fc.constantFrom(...PARTNERS.map((partner) => partner.unitCode)), status: fc.integer({ min: 1, max: 10 }),
  name, note: name, fee: fc.integer({ min: 0, max: 10 ** 12 }), submitted: fc.integer({ min: Date.UTC(2019, 0, 1), max: Date.UTC(2026, 3, 10) }), fraction: fc.integer({ min: 0, max: 999 }),
  due: fc.option(fc.integer({ min: Date.UTC(2019, 0, 1), max: Date.UTC(2026, 11, 31) })),
  // Since 1975-06-13 the zone is UTC+7 all year; before, local midnight of these years was at UTC+8.
  birth: fc.date({ min: new Date('1960-01-02'), max: new Date('2007-12-31'), noInvalidDate: true }).map((date) => date.toISOString().slice(0, 10)),
  reference: fc.option(fc.constantFrom('old.1.submit.0123456789')),
}).map(({ number, unit, status, submitted, fraction, due, birth, reference, ...rest }) => {
  const day = new Date(submitted + HANOI_MS).toISOString()
  const midnight = Date.parse(`${birth}T00:00:00+0${birth < '1975-06-13' ? 8 : 7}:00`)
  const common = {
    ma_hoso: legacyDossierCode(unit, Number(day.slice(0, 4)), number), ma_thamchieu: reference, ma_tthc: legacyProcedureCode('9.900001', unit), ma_donvi: unit, so_dinhdanh: '999000000011',
    hoten: rest.name, sodienthoai: '', ghichu: rest.note, trangthai: status, phi: String(rest.fee),
  }
  const raw: RawDossier = { ...common, ngaysinh: `${midnight}000`, ngaynop: `${submitted}${String(fraction).padStart(3, '0')}`, hanxuly: due === null ? null : `${due}000` }
  const translated = translateDossier({ ...common, ngaysinh: birth, ngaynop: '', ngay: day.slice(2, 10).replaceAll('-', ''), hanxuly: null, capnhat_luc: '' }, mapping)
  if ('refusal' in translated) throw new Error(JSON.stringify(translated.refusal))
  const held: HeldDossier = { ...translated.row, submitted_at: raw.ngaynop, due_at: raw.hanxuly, moved_on: false }
  return { raw, held }
})

const FIELDS = { code: 'code', reference: 'reference', procedure_code: 'procedureCode', unit_code: 'unitCode', partner_id: 'partner', applicant_id: 'applicantId', applicant_name: 'applicantName', applicant_birth_date: 'applicantBirthDate',
  phone: 'phone', note: 'note', status: 'status', fee_vnd: 'feeVnd', submitted_at: 'submittedAt', due_at: 'dueAt' } as const

describe('comparing an old row with its copy', () => {
  it('has nothing to say about what the copier makes of any row', () => {
    fc.assert(fc.property(oldRow, ({ raw, held }) => { expect([...compareDossier(raw, held, mapping)]).toEqual([]) }))
  })

  it('names the one field that differs, and no other', () => {
    fc.assert(fc.property(oldRow, fc.constantFrom(...Object.keys(FIELDS) as (keyof typeof FIELDS)[]), ({ raw, held }, column) => {
      const other = column.endsWith('_at') ? '1' : `${held[column] ?? ''}x`
      const found = [...compareDossier(raw, { ...held, [column]: other }, mapping)]
      expect(found.map(({ field }) => field)).toEqual([FIELDS[column]])
    }))
  })

  it('leaves the status to the new portal once it has moved the dossier on', () => {
    fc.assert(fc.property(oldRow, ({ raw, held }) => {
      expect([...compareDossier(raw, { ...held, status: 'x', fee_vnd: '-1', moved_on: true }, mapping)].map(({ field }) => field)).toEqual(['feeVnd'])
    }))
  })
})
