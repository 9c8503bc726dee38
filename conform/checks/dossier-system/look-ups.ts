/** What the portal asks: the list for reconciliation, fees by unit code, deadlines by working days, readiness. */
import { procedureOf } from '../../../contracts/reference/procedures.ts'
import { MAX_PAGE } from '../../../contracts/partner-api/roles/dossier-system/look-ups.ts'
import { CRITERIA } from '../../../contracts/reference/readiness.ts'
import { dueDateRule, WORKING_DAYS } from '../../../contracts/working-days.ts'
import { answered, Broken, demand, isNow, listIn, notTriggerable, numberIn, shows, type Check } from '../../check.ts'
import type { Context } from '../../context.ts'
import type { Exchange } from '../../exchange.ts'
import { deskDossier, dossierCheck as check, forwarded } from './cases.ts'

const MAX_PAGES = 200
const AROUND_MS = 30 * 60_000
const FRIDAY_NIGHT = Date.parse('2026-04-10T21:00:00+07:00')
/** In Hanoi the day after, in UTC still the same. */
const AFTER_MIDNIGHT = Date.parse('2026-04-14T00:30:00+07:00')

const of = (exchange: Exchange, json: unknown): Exchange => ({ ...exchange, json })

/** All pages of a span of time. */
export async function listed(context: Context, from: number, to: number, limit = MAX_PAGE): Promise<{ found: any[]; total: number }> {
  const found: any[] = []
  let after = ''
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const exchange = await context.ask('dossiers', { from, to, limit, after })
    answered(exchange, 200)
    found.push(...listIn(exchange, 'dossiers'))
    if (exchange.json?.next === null) return { found, total: numberIn(exchange, 'total') }
    after = String(exchange.json?.next)
  }
  throw new Broken({ vi: 'một trang cuối (next: null)', en: 'a last page (next: null)' }, { vi: `hơn ${MAX_PAGES} trang`, en: `more than ${MAX_PAGES} pages` }, context.exchanges.at(-1))
}

/** How many it lists in all; undefined where it does not keep all. */
async function counted(context: Context): Promise<number | undefined> {
  const exchange = await context.ask('dossiers', { limit: 1 })
  if (exchange.status === 410) return undefined
  answered(exchange, 200)
  return numberIn(exchange, 'total')
}

export const LOOK_UP_CHECKS: readonly Check[] = [
  check('list.pages', 'statistics', 'Danh sách đối soát từng trang không mất, không lặp hồ sơ, đúng nội dung từng hồ sơ; tổng số đúng', 'The list for reconciliation loses and repeats no dossier over its pages, has each as it is, and its total fits', async (context) => {
    const submittedAt = context.nowMs() - 3_600_000
    const made = []
    for (let n = 0; n < 5; n += 1) made.push(await forwarded(context, { submittedAt: submittedAt + n }))
    const { found, total } = await listed(context, submittedAt, submittedAt + made.length, 2)
    const exchange = context.exchanges.at(-1)
    const codes = found.map(({ dossierCode }) => dossierCode)
    const missing = made.filter(({ dossierCode }) => !codes.includes(dossierCode)).map(({ dossierCode }) => dossierCode)
    demand(missing.length === 0, { vi: 'đủ mọi hồ sơ', en: 'every dossier' }, { vi: `thiếu ${missing.join(', ')}`, en: `missing ${missing.join(', ')}` }, exchange)
    demand(new Set(codes).size === codes.length && total === codes.length, { vi: `${codes.length} hồ sơ, mỗi hồ sơ một lần`, en: `${codes.length} dossiers, each once` }, `total ${total}, ${new Set(codes).size}`, exchange)
    for (const { dossierCode, reference, procedureCode, unitCode, status, submittedAt } of made) {
      shows(of(exchange!, found.find((one) => one.dossierCode === dossierCode)), { reference, procedureCode, unitCode, status, submittedAt, origin: 'forwarded', sync: null })
    }
  }),
  check('list.desk', 'statistics', 'Hồ sơ nhận tại quầy có trong danh sách đối soát, với kết quả đẩy lên cổng', 'A dossier taken at the desk is on the list, with what became of its push', async (context) => {
    const { dossierCode, reference, procedureCode, status } = await deskDossier(context)
    const { found } = await listed(context, context.nowMs() - AROUND_MS, context.nowMs() + AROUND_MS)
    const exchange = of(context.exchanges.at(-1)!, found.find((one) => one.dossierCode === dossierCode))
    shows(exchange, { dossierCode, reference, procedureCode, status, unitCode: context.fixture.unit.unitCode, origin: 'desk', sync: 'acknowledged' })
    isNow(exchange.json?.submittedAt, 'submittedAt', context.nowMs(), exchange)
  }, ['push-dossier', 'portal']),
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
      const offered = procedureOf(procedureCode)
      shows(exchange, { procedureCode, unitCode: unit.unitCode, ...(offered && { feeVnd: offered.feeVnd, purpose: offered.payment ?? 'fee' }) })
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
    for (const submittedAt of [FRIDAY_NIGHT, AFTER_MIDNIGHT, context.nowMs() - 60_000]) {
      const { dossierCode } = await forwarded(context, { submittedAt })
      for (const status of [undefined, 'in-process', 'supplement-asked']) {
        if (status !== undefined) answered(await context.ask('statuses', { statuses: [{ reference: context.tag(), dossierCode, status, at: context.nowMs(), source: 'staff' }] }), 200)
        const exchange = await context.ask('deadline', { dossierCode })
        answered(exchange, 200)
        demand(exchange.json?.dueAt === due(submittedAt), iso(due(submittedAt)), iso(exchange.json?.dueAt), exchange)
        shows(exchange, { dossierCode, submittedAt, workingDays: WORKING_DAYS })
        // Its clock and this one need not be the same to the minute.
        if (Math.abs(due(submittedAt) - context.nowMs()) > AROUND_MS) shows(exchange, { overdue: due(submittedAt) < context.nowMs() })
      }
    }
  }),
  check('deadline.unknown', 'process', 'Hạn của hồ sơ không có thì trả 404', 'The deadline of an unknown dossier is answered 404', async (context) => answered(await context.ask('deadline', { dossierCode: context.dossierCode() }), 404, 'DOSSIER_UNKNOWN')),
  check('readiness', 'dossier-sync', 'Hệ thống tự báo mức sẵn sàng theo bốn tiêu chí, không trái với những gì đang có', 'The system says how ready it is by the four criteria, and nothing against what is there', async (context) => {
    const { procedureCode } = await forwarded(context)
    const before = await counted(context)
    const exchange = await context.ask('readiness', {})
    answered(exchange, 200)
    const criteria = exchange.json?.criteria
    for (const id of CRITERIA) demand(typeof criteria?.[id] === 'boolean', { vi: `tiêu chí ${id}`, en: `criterion ${id}` }, String(criteria?.[id]), exchange)
    const unconfigured: unknown = exchange.json?.unconfigured
    demand(Array.isArray(unconfigured) && !unconfigured.includes(procedureCode), { vi: `${procedureCode} đã được cấu hình: hồ sơ vừa được nhận`, en: `${procedureCode} configured: a dossier of it was just taken` }, JSON.stringify(unconfigured) ?? '–', exchange)
    demand(criteria.configured === (unconfigured.length === 0), `configured = ${unconfigured.length === 0}`, `configured = ${criteria.configured}`, exchange)
    const said = numberIn(exchange, 'dossiers')
    const after = await counted(context)
    demand(before === undefined || after === undefined || (said >= before && said <= after), { vi: `từ ${before} đến ${after} hồ sơ, như danh sách`, en: `${before} to ${after} dossiers, as on the list` }, String(said), exchange)
  }),
  check('readiness.connected', 'dossier-sync', 'Đẩy được lên cổng thì báo là đã kết nối', 'What can push to the portal says that it is connected', async (context) => {
    await deskDossier(context)
    const exchange = await context.ask('readiness', {})
    answered(exchange, 200)
    demand(exchange.json?.criteria?.connected === true, 'connected = true', `connected = ${exchange.json?.criteria?.connected}`, exchange)
  }, ['push-dossier', 'portal']),
]

function iso(epochMs: unknown): string { return typeof epochMs === 'number' && Math.abs(epochMs) < 8.64e15 ? new Date(epochMs).toISOString() : String(epochMs) }
