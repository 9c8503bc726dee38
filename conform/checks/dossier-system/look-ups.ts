/** What the portal asks: the list for reconciliation, fees by unit code, deadlines by working days, readiness. */
import { procedureOf } from '../../../contracts/reference/procedures.ts'
import { CRITERIA } from '../../../contracts/reference/readiness.ts'
import { dueDateRule } from '../../../contracts/working-days.ts'
import { answered, demand, listIn, notTriggerable, type Check } from '../../check.ts'
import { dossierCheck as check, forwarded } from './cases.ts'

const MAX_PAGES = 200
const FRIDAY_NIGHT = Date.parse('2026-04-10T21:00:00+07:00')
/** In Hanoi the day after, in UTC still the same. */
const AFTER_MIDNIGHT = Date.parse('2026-04-14T00:30:00+07:00')

export const LOOK_UP_CHECKS: readonly Check[] = [
  check('list.pages', 'statistics', 'Danh sách đối soát từng trang không mất, không lặp hồ sơ; tổng số đúng', 'The list for reconciliation loses and repeats no dossier over its pages; its total fits', async (context) => {
    const submittedAt = context.nowMs() - 3_600_000
    const made = []
    for (let n = 0; n < 5; n += 1) made.push(await forwarded(context, { submittedAt: submittedAt + n }))
    const codes: string[] = []
    let after = ''
    let total = -1
    let ended = false
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const exchange = await context.ask('dossiers', { from: submittedAt, to: submittedAt + made.length, limit: 2, after })
      answered(exchange, 200)
      total = exchange.json?.total
      codes.push(...listIn(exchange, 'dossiers').map(({ dossierCode }: { dossierCode: string }) => dossierCode))
      ended = exchange.json?.next === null
      if (ended) break
      after = String(exchange.json?.next)
    }
    demand(ended, { vi: 'một trang cuối (next: null)', en: 'a last page (next: null)' }, { vi: `hơn ${MAX_PAGES} trang`, en: `more than ${MAX_PAGES} pages` }, context.exchanges.at(-1))
    const missing = made.filter(({ dossierCode }) => !codes.includes(dossierCode)).map(({ dossierCode }) => dossierCode)
    demand(missing.length === 0, { vi: 'đủ mọi hồ sơ', en: 'every dossier' }, { vi: `thiếu ${missing.join(', ')}`, en: `missing ${missing.join(', ')}` }, context.exchanges.at(-1))
    demand(new Set(codes).size === codes.length && total === codes.length, { vi: `${codes.length} hồ sơ, mỗi hồ sơ một lần`, en: `${codes.length} dossiers, each once` }, `total ${total}, ${new Set(codes).size}`, context.exchanges.at(-1))
  }),
  check('list.span', 'statistics', 'Danh sách chỉ có hồ sơ nộp từ `from` đến trước `to`', 'The list has only what was submitted from `from` to before `to`', async (context) => {
    const { dossierCode, submittedAt } = await forwarded(context)
    const has = async (from: number, to: number) => {
      const exchange = await context.ask('dossiers', { from, to, limit: 500 })
      answered(exchange, 200)
      return { found: listIn(exchange, 'dossiers').some((one: { dossierCode: string }) => one.dossierCode === dossierCode), exchange }
    }
    for (const [from, to, wanted] of [[submittedAt, submittedAt + 1, true], [submittedAt + 1, submittedAt + 1_000, false], [submittedAt - 1_000, submittedAt, false]] as const) {
      const { found, exchange } = await has(from, to)
      demand(found === wanted, String(wanted), String(found), exchange)
    }
    answered(await context.ask('dossiers', { after: 'no-such-cursor' }), 400, 'CURSOR_UNKNOWN')
  }),
  check('fee', 'pay', 'Phí theo mã đơn vị, đúng danh mục; không bao giờ kèm số tài khoản', 'The fee by unit code is the catalogue\'s, and never comes with an account number', async (context) => {
    const { unit } = context.fixture
    if (!unit.procedures.some((procedureCode) => procedureOf(procedureCode))) notTriggerable('không thủ tục nào của fixture có trong danh mục (unit.procedures)', 'no procedure of the fixture is in the catalogue (unit.procedures)')
    for (const procedureCode of unit.procedures) {
      const exchange = await context.ask('fee', { procedureCode, unitCode: unit.unitCode })
      answered(exchange, 200)
      const listed = procedureOf(procedureCode)
      if (listed) demand(exchange.json?.feeVnd === listed.feeVnd, String(listed.feeVnd), String(exchange.json?.feeVnd), exchange)
      const account = Object.keys(exchange.json ?? {}).find((name) => /account|tai_?khoan|stk/i.test(name))
      demand(account === undefined, { vi: 'không có số tài khoản', en: 'no account number' }, String(account), exchange)
    }
  }),
  check('fee.unknown', 'pay', 'Thủ tục hoặc đơn vị không có thì trả 404', 'An unknown procedure or unit is answered 404', async (context) => {
    const { unit } = context.fixture
    answered(await context.ask('fee', { procedureCode: '9.999999', unitCode: unit.unitCode }), 404, 'PROCEDURE_UNKNOWN')
    answered(await context.ask('fee', { procedureCode: unit.procedures[0], unitCode: unit.unitCode === 'H99' ? 'H98' : 'H99' }), 404, 'UNIT_UNKNOWN')
  }),
  check('deadline', 'process', 'Hạn xử lý tính theo ngày làm việc giờ Việt Nam, và không đặt lại khi trạng thái đổi', 'A deadline goes by working days in Vietnam time, and is not set anew when the status changes', async (context) => {
    const due = dueDateRule()
    for (const submittedAt of [FRIDAY_NIGHT, AFTER_MIDNIGHT]) {
      const { dossierCode } = await forwarded(context, { submittedAt })
      for (const status of [undefined, 'in-process', 'supplement-asked']) {
        if (status !== undefined) answered(await context.ask('statuses', { statuses: [{ reference: context.tag(), dossierCode, status, at: context.nowMs(), source: 'staff' }] }), 200)
        const exchange = await context.ask('deadline', { dossierCode })
        answered(exchange, 200)
        demand(exchange.json?.dueAt === due(submittedAt), iso(due(submittedAt)), iso(exchange.json?.dueAt), exchange)
      }
    }
  }),
  check('deadline.unknown', 'process', 'Hạn của hồ sơ không có thì trả 404', 'The deadline of an unknown dossier is answered 404', async (context) => answered(await context.ask('deadline', { dossierCode: context.dossierCode() }), 404, 'DOSSIER_UNKNOWN')),
  check('readiness', 'dossier-sync', 'Hệ thống tự báo mức sẵn sàng theo bốn tiêu chí', 'The system says how ready it is by the four criteria', async (context) => {
    const exchange = await context.ask('readiness', {})
    answered(exchange, 200)
    for (const id of CRITERIA) demand(typeof exchange.json?.criteria?.[id] === 'boolean', { vi: `tiêu chí ${id}`, en: `criterion ${id}` }, String(exchange.json?.criteria?.[id]), exchange)
  }),
]

function iso(epochMs: unknown): string { return typeof epochMs === 'number' && Math.abs(epochMs) < 8.64e15 ? new Date(epochMs).toISOString() : String(epochMs) }
