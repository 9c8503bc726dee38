/**
 * Reads what people tested by hand from an Excel workbook: the first sheet whose first row names the columns. Times without a zone, and Excel's dates, are
 * Vietnam time. Out: the tests in their order, or every bad cell at once with sheet, row and column.
 */
import { existsSync } from 'node:fs'
import readXlsxFile from 'read-excel-file/node'
import { suggest } from '../../contracts/did-you-mean.ts'
import { InputError, type Problem } from '../../contracts/error.ts'
import { HAND_COLUMNS, HAND_MORE_COLUMNS, HAND_OUTCOMES, HAND_STATUSES, HAND_STEPS, handWord, type HandColumn, type HandMoreColumn, type HandStep } from '../../contracts/hand-tests.ts'
import { DossierCode, LegacyDossierCode } from '../../contracts/ids.ts'
import type { Outcome } from '../../contracts/operation.ts'
import { PARTNERS } from '../../contracts/reference/partners.ts'
import type { DossierStatus } from '../../contracts/status.ts'

export type HandTest = { dossierCode: string; legacy: boolean; partner: string; step: HandStep; at: number; role: string; outcome: Outcome; place: string; /** That was seen. */ status?: DossierStatus; /** That was paid. */ amountVnd?: number }

const HANOI_MS = 7 * 3_600_000
const MAX_ROWS = 100_000

export async function readHandTests(file: string, shown: string, nowMs: number): Promise<HandTest[]> {
  if (!existsSync(file)) throw new InputError([{ code: 'FILE_MISSING', what: `hand tests "${shown}" are not there`, where: '--hand-tests', mend: 'check the path' }])
  const sheets = await readXlsxFile(file).catch((error: unknown) => {
    throw new InputError([{ code: 'HAND_TESTS_UNREADABLE', what: `"${shown}" cannot be read as an Excel workbook: ${(error as Error).message}`, where: shown, mend: 'save it as .xlsx' }])
  })
  for (const { sheet, data } of sheets) {
    const columns = columnsOf(data[0] ?? [])
    if (columns.dossierCode === undefined && columns.step === undefined) continue
    return readSheet(data as unknown[][], columns, `${shown} ${sheet}`, nowMs)
  }
  throw new InputError([{ code: 'HAND_TESTS_COLUMN_MISSING', what: `no sheet of "${shown}" names its columns in its first row`, where: shown, mend: `write in the first row: ${Object.values(HAND_COLUMNS).map(([first]) => first).join(', ')}` }])
}

type Column = HandColumn | HandMoreColumn
type Columns = Partial<Record<Column, number>>
const WORDS: Record<Column, readonly string[]> = { ...HAND_COLUMNS, ...HAND_MORE_COLUMNS }

function columnsOf(head: readonly unknown[]): Columns {
  const columns: Columns = {}
  head.forEach((cell, at) => {
    const word = handWord(String(cell ?? ''))
    const name = (Object.keys(WORDS) as Column[]).find((one) => WORDS[one].includes(word))
    if (name !== undefined) columns[name] ??= at
  })
  return columns
}

function readSheet(data: readonly unknown[][], columns: Columns, where: string, nowMs: number): HandTest[] {
  const missing = (Object.keys(HAND_COLUMNS) as HandColumn[]).filter((name) => columns[name] === undefined)
  if (missing.length > 0) throw new InputError(missing.map((name) => ({ code: 'HAND_TESTS_COLUMN_MISSING', what: `there is no column for ${name}`, where: `${where}!1`, mend: `head a column with one of: ${HAND_COLUMNS[name].join(', ')}` })))
  const problems: Problem[] = []
  const tests: HandTest[] = []
  data.slice(1, MAX_ROWS + 1).forEach((row, index) => {
    if (row.every((cell) => cell === null || String(cell).trim() === '')) return
    const number = index + 2
    const cellOf = (name: Column) => columns[name] === undefined ? null : row[columns[name]] ?? null
    const bad = (name: Column, what: string, mend: string): undefined => { problems.push({ code: 'HAND_TESTS_CELL_INVALID', what, where: `${where}!${letters(columns[name]!)}${number}`, mend }); return undefined }
    const dossier = dossierOf(cellOf('dossierCode'), (what, mend) => bad('dossierCode', what, mend))
    const step = stepOf(cellOf('step'), (what, mend) => bad('step', what, mend))
    const at = timeOf(cellOf('time'), nowMs, (what, mend) => bad('time', what, mend))
    const outcome = outcomeOf(cellOf('outcome'), (what, mend) => bad('outcome', what, mend))
    const status = statusOf(cellOf('status'), (what, mend) => bad('status', what, mend))
    const amountVnd = amountOf(cellOf('amount'), (what, mend) => bad('amount', what, mend))
    const role = String(cellOf('role') ?? '').trim()
    if (role === '') bad('role', 'nobody\'s role stands here', 'write the role of the tester, not a name')
    if (dossier && step && at !== undefined && outcome && role !== '') tests.push({ ...dossier, step, at, role, outcome, place: `${where}!${number}`, ...(status && { status }), ...(amountVnd !== undefined && { amountVnd }) })
  })
  if (data.length > MAX_ROWS + 1) problems.push({ code: 'HAND_TESTS_CELL_INVALID', what: `there are more than ${MAX_ROWS} rows`, where, mend: 'split the workbook' })
  if (problems.length > 0) throw new InputError(problems)
  if (tests.length === 0) throw new InputError([{ code: 'HAND_TESTS_UNREADABLE', what: 'no row holds a test', where, mend: 'write one test a row below the heads of the columns' }])
  return tests
}

type Bad = (what: string, mend: string) => undefined

function dossierOf(cell: unknown, bad: Bad): Pick<HandTest, 'dossierCode' | 'legacy' | 'partner'> | undefined {
  const code = String(cell ?? '').trim()
  const legacy = LegacyDossierCode.safeParse(code).success
  if (!legacy && !DossierCode.safeParse(code).success) return bad(code === '' ? 'no dossier code stands here' : `"${code}" is no dossier code`, 'write one such as H29-260410-000123, or H29.2026.000123 of the old portal')
  const unit = /^[GH]\d{2}/.exec(code)![0]
  const partner = PARTNERS.find(({ unitCode }) => unitCode === unit)
  return partner ? { dossierCode: code, legacy, partner: partner.id } : bad(`"${code}" is of unit ${unit}, which nobody knows`, 'correct the code')
}

function stepOf(cell: unknown, bad: Bad): HandStep | undefined {
  const word = handWord(String(cell ?? ''))
  return HAND_STEPS.find(({ step, words }) => step === word || words.includes(word)) ?? bad(`"${String(cell ?? '')}" is no step`, suggest(word, HAND_STEPS.map(({ words }) => words[0]!)))
}

function outcomeOf(cell: unknown, bad: Bad): Outcome | undefined {
  const word = handWord(String(cell ?? ''))
  const all = Object.entries(HAND_OUTCOMES) as [Outcome, readonly string[]][]
  return all.find(([, words]) => words.includes(word))?.[0] ?? bad(`"${String(cell ?? '')}" is no outcome`, suggest(word, all.flatMap(([, words]) => words)))
}

function statusOf(cell: unknown, bad: Bad): DossierStatus | undefined {
  const word = handWord(String(cell ?? ''))
  if (word === '') return undefined
  const all = Object.entries(HAND_STATUSES) as [DossierStatus, readonly string[]][]
  return all.find(([status, words]) => status === word || words.includes(word))?.[0] ?? bad(`"${String(cell)}" is no status`, suggest(word, all.map(([, words]) => words[0]!)))
}

/** As people write sums: 25000, 25.000, 25.000 đ. */
function amountOf(cell: unknown, bad: Bad): number | undefined {
  const text = String(cell ?? '').trim()
  if (text === '') return undefined
  const digits = typeof cell === 'number' ? text : text.replace(/\s*(?:đồng|đ|vnd|vnđ)$/i, '').replace(/(?<=\d)[.,\s](?=\d{3}(?!\d))/g, '')
  return /^\d{1,12}$/.test(digits) ? Number(digits) : bad(`"${text}" is no sum in đồng`, 'write digits, such as 25000')
}

/** An Excel date is a moment of the wall, without a zone. */
function timeOf(cell: unknown, nowMs: number, bad: Bad): number | undefined {
  const mend = 'write a date with a time, such as 10/04/2026 21:05, in Vietnam time'
  const ms = cell instanceof Date ? cell.getTime() - HANOI_MS : momentOf(String(cell ?? '').trim())
  if (ms === null || Number.isNaN(ms)) return bad(cell === null ? 'no time stands here' : `"${String(cell)}" is no time`, mend)
  return ms > nowMs ? bad('this time has not come yet', mend) : ms
}

function momentOf(text: string): number | null {
  const vietnamese = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})[ T,]+(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(text)
  if (vietnamese) {
    const [day, month, year, hour, minute, second = 0] = vietnamese.slice(1).map((part) => Number(part ?? 0)) as [number, number, number, number, number, number?]
    const ms = Date.UTC(year, month - 1, day, hour, minute, second) - HANOI_MS
    // The 31st of February is none.
    return new Date(ms + HANOI_MS).getUTCDate() === day && month <= 12 && hour < 24 && minute < 60 ? ms : null
  }
  if (!/^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/.test(text)) return null
  const ms = Date.parse(/[Zz]|[+-]\d{2}:\d{2}$/.test(text) ? text : `${text.replace(' ', 'T')}+07:00`)
  return Number.isNaN(ms) ? null : ms
}

function letters(column: number): string {
  const last = String.fromCharCode(65 + column % 26)
  return column < 26 ? last : letters(Math.floor(column / 26) - 1) + last
}
