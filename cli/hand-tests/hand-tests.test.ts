/** Workbooks of tests by hand: what testers write in either language, Excel's own dates in Vietnam time, and every bad cell at once by sheet, row and column. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { OperationLine } from '../../contracts/operation.ts'
import { checkRecordFile } from '../../contracts/record-file.ts'
import { run } from '../run.ts'
import { testWorld } from '../testing/world.ts'
import { handLines, writeHandLines } from './hand-lines.ts'
import { readHandTests } from './read-hand-tests.ts'
import { writeWorkbook } from './workbook.ts'

const NOW = Date.parse('2026-04-11T08:00:00+07:00')
const HEAD = ['Mã hồ sơ', 'Bước', 'Thời gian', 'Vai trò', 'Kết quả']

let directory: string
beforeEach(() => { directory = mkdtempSync(join(tmpdir(), 'hand-')) })
afterEach(() => rmSync(directory, { recursive: true, force: true }))

function workbook(rows: readonly (readonly (string | number | Date | null)[])[], sheets: Parameters<typeof writeWorkbook>[1] = {}): string {
  const file = join(directory, 'tests.xlsx')
  writeWorkbook(file, { ...sheets, 'Kiểm thử': rows })
  return file
}
const read = (file: string) => readHandTests(file, 'tests.xlsx', NOW)

describe('a workbook', () => {
  it('is read in Vietnamese, with Excel dates and written ones, empty rows left out', async () => {
    const tests = await read(workbook([
      HEAD,
      ['H29-260410-000123', 'Nộp hồ sơ', new Date('2026-04-10T21:05:30Z'), 'Cán bộ xã', 'Đạt'],
      [null, null, null, null, null],
      ['G08-260410-000007', 'Tiếp  nhận', '10/04/2026 22:10', 'Chuyên viên', 'không đạt'],
      ['H01.2026.000123', 'tra cứu', '2026-04-10T15:00:00Z', 'Công dân', 'bị từ chối'],
    ]))
    expect(tests.map(({ dossierCode, legacy, partner, step, at, outcome }) => [dossierCode, legacy, partner, step.step, new Date(at).toISOString(), outcome])).toEqual([
      ['H29-260410-000123', false, 'tay-ninh', 'submit', '2026-04-10T14:05:30.000Z', 'ok'],
      ['G08-260410-000007', false, 'justice', 'receive', '2026-04-10T15:10:00.000Z', 'info'],
      ['H01.2026.000123', true, 'ha-noi', 'read', '2026-04-10T15:00:00.000Z', 'fail'],
    ])
  })
  it('is read in English, columns in any order, from the sheet that has them', async () => {
    const tests = await read(workbook([['Outcome', 'Note', 'Time', 'Step', 'Role', 'Dossier code'], ['pass', 'x', '2026-04-10 21:05', 'submit', 'clerk', 'H01-260410-000001']], { Notes: [['hello']] }))
    expect(tests).toMatchObject([{ dossierCode: 'H01-260410-000001', outcome: 'ok', role: 'clerk', place: 'tests.xlsx Kiểm thử!2' }])
  })
  it('may say the status that was seen, and the sum that was paid', async () => {
    const tests = await read(workbook([
      [...HEAD, 'Trạng thái', 'Số tiền'],
      ['H29-260410-000123', 'tra cứu', '10/04/2026 22:10', 'a', 'đạt', 'Đã  trả kết quả', null],
      ['H29-260410-000123', 'thanh toán', '10/04/2026 22:10', 'a', 'đạt', null, '25.000 đ'],
      ['H29-260410-000124', 'nộp phí', '10/04/2026 22:10', 'a', 'đạt', 'in-process', 8_000],
    ]))
    expect(tests.map(({ status, amountVnd }) => [status, amountVnd])).toEqual([['result-returned', undefined], [undefined, 25_000], ['in-process', 8_000]])
    const bad = await read(workbook([[...HEAD, 'Trạng thái', 'Số tiền'], ['H29-260410-000123', 'tra cứu', '10/04/2026 22:10', 'a', 'đạt', 'đã nhận', 'hai nghìn']])).then(() => '', (caught: Error) => caught.message)
    expect(bad.split('\n').map((line) => /Kiểm thử!(\w+)/.exec(line)?.[1])).toEqual(['F2', 'G2'])
  })
  it('has all its bad cells told at once, each with its place', async () => {
    const file = workbook([
      HEAD,
      ['H29-26-1', 'Nop', new Date('2026-04-10T21:05:00Z'), 'Cán bộ', 'Đạt'],
      ['H99-260410-000123', 'Nộp hồ sơ', '31/02/2026 10:00', '', 'tốt'],
      [null, 'Nộp hồ sơ', null, 'Cán bộ', 'Đạt'],
      ['H29-260410-000124', 'Nộp hồ sơ', '12/04/2026 10:00', 'Cán bộ', 'Đạt'],
    ])
    const error = await read(file).then(() => '', (caught: Error) => caught.message)
    const lines = error.split('\n')
    expect(lines.map((line) => /Kiểm thử!(\w+)/.exec(line)?.[1])).toEqual(['A2', 'B2', 'A3', 'C3', 'E3', 'D3', 'A4', 'C4', 'C5'])
    expect(error).toMatch(/HAND_TESTS_CELL_INVALID: "H29-26-1" is no dossier code/)
    expect(error).toMatch(/"Nop" is no step .*did you mean "nộp"\?/)
    expect(error).toMatch(/of unit H99, which nobody knows/)
    expect(error).toMatch(/this time has not come yet/)
  })
  it.each<[string, () => string, RegExp]>([
    ['that is not there', () => join(directory, 'none.xlsx'), /FILE_MISSING/],
    ['that is none', () => { const file = join(directory, 'x.xlsx'); writeFileSync(file, 'no zip'); return file }, /HAND_TESTS_UNREADABLE/],
    ['without heads', () => workbook([['a', 'b']]), /HAND_TESTS_COLUMN_MISSING: no sheet .*mã hồ sơ, bước/],
    ['that lacks a column', () => workbook([HEAD.slice(0, 4)]), /HAND_TESTS_COLUMN_MISSING: there is no column for outcome/],
    ['without a row', () => workbook([HEAD]), /HAND_TESTS_UNREADABLE: no row holds a test/],
  ])('%s is refused', async (_, file, says) => { await expect(read(file())).rejects.toThrow(says) })

  it('in disorder starts nothing', async () => {
    const world = testWorld({ cwd: directory })
    expect(await run(['rehearse', '--profile', 'smoke', '--hand-tests', workbook([HEAD, ['x', 'y', 'z', '', '']]), '--out', join(directory, 'runs')], world)).toBe(254)
    expect(world.err().trim().split('\n')).toHaveLength(5)
  })
})

describe('the history of tests by hand', () => {
  it('is whole, of the form of every history, and has the hash that the plan declares', async () => {
    const tests = await read(workbook([HEAD, ['H01-260410-000001', 'nộp', '10/04/2026 21:00', 'a', 'lỗi'], ['H01-260410-000001', 'nộp', '10/04/2026 21:10', 'a', 'đạt'], ['H02-260410-000001', 'xử lý', '10/04/2026 21:20', 'b', 'đạt']]))
    const lines = handLines(tests, 7)
    const file = join(directory, 'hand-tests.ndjson')
    writeHandLines(file, lines, NOW)
    expect(await checkRecordFile(file)).toMatchObject({ whole: true, rows: 3, sha256: lines.sha256 })
    const parsed = readFileSync(file, 'utf8').trim().split('\n').slice(0, -1).map((line) => OperationLine.parse(JSON.parse(line)))
    expect(parsed.map(({ op, attempt, outcome, observed }) => [op.replace(/[0-9a-f]{10}$/, ''), attempt, outcome, observed])).toEqual([
      ['hand-tests.0.submit.', 1, 'info', undefined], ['hand-tests.0.submit.', 2, 'ok', 'newly-registered'], ['hand-tests.1.process.', 1, 'ok', 'in-process'],
    ])
    expect(handLines(tests, 7).sha256).toBe(lines.sha256)
    expect(handLines(tests, 8).sha256).not.toBe(lines.sha256)
  })
})
