/** Giving back, and the statement by which both sides reconcile: everything once, in its day of Viet Nam, with totals that are those of the entries. */
import { RefundCallback } from '../../../contracts/partner-api/roles/bank.ts'
import { answered, demand, isNow, listIn, notTriggerable, seen, shows, textIn, type Check } from '../../check.ts'
import type { Context } from '../../context.ts'
import { bankCheck, cameBack, issued, paid, type Paid } from './orders.ts'
import { around, statement, type Entry } from './statement.ts'

const DAY_MS = 86_400_000
/** Until then a day of Viet Nam is the day before in UTC. */
const BEFORE_UTC_MIDNIGHT_MS = 7 * 3_600_000
/** By whether a bank gives back whole payments only, or parts, too. */
const TWICE = ['ALREADY_CREDITED', 'REFUND_EXCEEDS_DEBIT']
const OTHERWISE = ['REFERENCE_REUSED', 'AMOUNT_MISMATCH']
const TOO_MUCH = ['AMOUNT_MISMATCH', 'REFUND_EXCEEDS_DEBIT']

function credit(context: Context, code: Paid, changes: object = {}) {
  return context.ask('credits', { reference: context.tag(), transactionCode: code.transactionCode, amountVnd: code.amountVnd, ...changes })
}

/** `2026-04-10`, in Viet Nam. */
function dayOf(epochMs: number): string { return new Date(epochMs + 7 * 3_600_000).toISOString().slice(0, 10) }

export const RECONCILIATION_CHECKS: readonly Check[] = [
  bankCheck('credits', 'Hoàn tiền một lần: gửi lại nhận cùng trả lời, tham chiếu khác bị từ chối', 'Money is given back once: the same again gets the same answer, another reference is refused', async (context) => {
    const code = await paid(context, context.inbox())
    const reference = context.tag()
    const first = await credit(context, code, { reference })
    answered(first, 201)
    const again = await credit(context, code, { reference })
    answered(again, 200)
    const bankReference = textIn(first, 'bankReference')
    demand(again.json?.bankReference === bankReference, bankReference, String(again.json?.bankReference), again)
    const state = await context.ask('qr-status', { transactionCode: code.transactionCode })
    answered(state, 200)
    shows(state, { status: 'paid', creditedVnd: code.amountVnd })
    const second = await credit(context, code)
    demand(second.status === 409 && TWICE.includes(second.code ?? ''), `409 ${TWICE.join(' | ')}`, seen(second), second)
  }),
  bankCheck('credits.reference', 'Mã tham chiếu đã dùng cho việc hoàn khác bị từ chối', 'A reference that stands for another refund is refused', async (context) => {
    const [one, two] = [await paid(context, context.inbox()), await paid(context, context.inbox())]
    const reference = context.tag()
    answered(await credit(context, one, { reference }), 201)
    answered(await credit(context, two, { reference }), 409, 'REFERENCE_REUSED')
    const otherwise = await credit(context, one, { reference, amountVnd: one.amountVnd - 1 })
    demand(otherwise.status === 409 && OTHERWISE.includes(otherwise.code ?? ''), `409 ${OTHERWISE.join(' | ')}`, seen(otherwise), otherwise)
  }),
  bankCheck('credits.refused', 'Không hoàn quá số đã ghi nợ, không hoàn giao dịch chưa ghi nợ', 'No more is given back than was debited, and nothing that was not', async (context) => {
    const code = await paid(context, context.inbox())
    const tooMuch = await credit(context, code, { amountVnd: code.amountVnd + 1 })
    demand(tooMuch.status === 409 && TOO_MUCH.includes(tooMuch.code ?? ''), `409 ${TOO_MUCH.join(' | ')}`, seen(tooMuch), tooMuch)
    // In parts, which together are too much.
    const part = Math.ceil(code.amountVnd / 2) + 1
    const first = await credit(context, code, { amountVnd: part })
    if (first.status === 201) answered(await credit(context, code, { amountVnd: part }), 409, 'REFUND_EXCEEDS_DEBIT')
    else answered(first, 409, 'AMOUNT_MISMATCH')
    const state = await context.ask('qr-status', { transactionCode: code.transactionCode })
    answered(state, 200)
    shows(state, { creditedVnd: first.status === 201 ? part : 0 })
    const unpaid = await issued(context, context.inbox())
    answered(await context.ask('credits', { reference: context.tag(), transactionCode: unpaid.transactionCode, amountVnd: unpaid.amountVnd }), 404, 'TRANSACTION_UNKNOWN')
  }),
  bankCheck('credits.callback', 'Hoàn xong thì gọi lại, có chữ ký', 'A refund is told by a signed callback where one is asked for', async (context) => {
    const code = await paid(context, context.inbox())
    const inbox = context.inbox()
    const reference = context.tag()
    const given = await credit(context, code, { reference, callbackUrl: inbox.url })
    answered(given, 201)
    const came = await cameBack(context, inbox)
    const parsed = RefundCallback.safeParse(context.callOf('refund-callback', came))
    demand(parsed.success, { vi: 'callback đúng dạng', en: 'a callback of the form' }, came.body.slice(0, 300), given)
    shows({ ...given, json: parsed.data }, { reference, transactionCode: code.transactionCode, amountVnd: code.amountVnd, bankReference: textIn(given, 'bankReference') })
    isNow(parsed.data.paidAt, 'paidAt', context.nowMs(), given)
    context.demandSigned(came)
  }, ['receiver', 'system-key']),
  bankCheck('statement.complete', 'Sao kê có mọi khoản ghi nợ và hoàn, mỗi khoản một lần, đúng số tiền và tham chiếu', 'The statement has every debit and credit, each once, with amount and reference', async (context) => {
    const bankCode: unknown = listIn(await context.ask('banks', {}), 'banks').find((bank) => bank.available)?.code
    const [one, two] = [await paid(context, context.inbox()), await paid(context, context.inbox(), { amountVnd: 8_000, ...(typeof bankCode === 'string' && { bankCode }) })]
    const refund = await credit(context, one)
    answered(refund, 201)
    const { entries } = await statement(context, around(context))
    const exchange = context.exchanges.at(-1)
    for (const [code, kind] of [[one, 'debit'], [two, 'debit'], [one, 'credit']] as const) {
      const found = entries.filter((entry) => entry.transactionCode === code.transactionCode && entry.kind === kind)
      demand(found.length === 1 && found[0]!.amountVnd === code.amountVnd, `${kind} ${code.transactionCode} ${code.amountVnd}`, found.map(({ kind, amountVnd }) => `${kind} ${amountVnd}`).join(', ') || '–', exchange)
      const entry = { ...exchange!, json: found[0] }
      if (kind === 'debit') shows(entry, { reference: code.scanReference, bankReference: code.bankReference, paidAt: code.paidAt })
      else shows(entry, { reference: (refund.input as { reference: string }).reference, bankReference: textIn(refund, 'bankReference') })
      if (kind === 'credit') isNow(found[0]!.paidAt, 'paidAt', context.nowMs(), exchange)
      shows(entry, { account: code.account, ...(code.bankCode !== undefined && { bankCode: code.bankCode }) })
      const { budget } = code
      if (budget && kind === 'debit') shows({ ...exchange!, json: found[0]!.budget }, budget)
    }
  }),
  bankCheck('statement.unpaid', 'Sao kê không có giao dịch chưa thanh toán', 'The statement has nothing that was not paid', async (context) => {
    const code = await issued(context, context.inbox())
    const { entries } = await statement(context, around(context))
    demand(!entries.some(({ transactionCode }) => transactionCode === code.transactionCode), { vi: 'không có khoản nào', en: 'no entry' }, code.transactionCode, context.exchanges.at(-1))
  }),
  bankCheck('statement.day', 'Sao kê theo ngày dùng ngày của Việt Nam', 'The statement of a day goes by the day of Viet Nam', async (context) => {
    const code = await paid(context, context.inbox())
    const has = async (day: string) => (await statement(context, { day })).entries.some(({ transactionCode }) => transactionCode === code.transactionCode)
    const day = dayOf(code.paidAt)
    demand(await has(day), { vi: `giao dịch trong ngày ${day}`, en: `the transaction on ${day}` }, { vi: 'không có', en: 'it is not there' }, context.exchanges.at(-1))
    for (const other of [dayOf(code.paidAt - DAY_MS), dayOf(code.paidAt + DAY_MS)]) demand(!await has(other), { vi: `không có trong ngày ${other}`, en: `not on ${other}` }, { vi: 'có', en: 'it is there' }, context.exchanges.at(-1))
  }),
  bankCheck('statement.midnight', 'Ngày của sao kê bắt đầu lúc 0 giờ Việt Nam: khoản từ 0 đến 7 giờ không thuộc ngày trước', 'A statement\'s day begins at midnight in Viet Nam: what is booked from midnight to seven is not of the day before', async (context) => {
    const code = await paid(context, context.inbox())
    const days = [dayOf(code.paidAt), dayOf(code.paidAt - DAY_MS)]
    let early = 0
    for (const day of days) {
      const from = Date.parse(`${day}T00:00:00+07:00`)
      const referencesIn = async (period: object) => (await statement(context, period)).entries.map(({ bankReference, paidAt }) => ({ bankReference, paidAt })).filter(({ paidAt }) => paidAt <= code.paidAt).toSorted((a, b) => a.bankReference < b.bankReference ? -1 : 1)
      const wanted = await referencesIn({ from, to: from + DAY_MS })
      const found = await referencesIn({ day })
      demand(JSON.stringify(found) === JSON.stringify(wanted), { vi: `ngày ${day}: ${wanted.length} khoản, như khoảng từ 0 giờ đến 24 giờ Việt Nam`, en: `${day}: ${wanted.length} entries, as from midnight to midnight in Viet Nam` }, String(found.length), context.exchanges.at(-1))
      early += wanted.filter(({ paidAt }) => paidAt < from + BEFORE_UTC_MIDNIGHT_MS).length
    }
    if (early === 0) notTriggerable('hôm nay và hôm qua chưa có khoản nào từ 0 đến 7 giờ; chạy trong khoảng đó, hoặc đặt đồng hồ của hệ thống', 'today and yesterday have nothing booked from midnight to seven; run it then, or set the system\'s clock')
  }),
  bankCheck('statement.totals', 'Tổng của sao kê bằng tổng các khoản', 'The totals of a statement are those of its entries', async (context) => {
    const code = await paid(context, context.inbox())
    const { entries, totals } = await statement(context, { from: code.paidAt, to: code.paidAt + 1 })
    const sum = (kind: Entry['kind']) => entries.filter((entry) => entry.kind === kind).reduce((total, { amountVnd }) => total + amountVnd, 0)
    const counted = (kind: Entry['kind']) => entries.filter((entry) => entry.kind === kind).length
    const wanted = { debits: counted('debit'), debitVnd: sum('debit'), credits: counted('credit'), creditVnd: sum('credit') }
    demand(Object.entries(wanted).every(([name, value]) => totals?.[name as keyof typeof wanted] === value), JSON.stringify(wanted), JSON.stringify(totals), context.exchanges.at(-1))
  }),
  bankCheck('statement.pages', 'Sao kê từng trang không mất và không lặp khoản nào', 'A statement by pages loses and repeats nothing', async (context) => {
    const codes = [await paid(context, context.inbox()), await paid(context, context.inbox()), await paid(context, context.inbox())]
    const period = { from: codes[0]!.paidAt, to: codes.at(-1)!.paidAt + 1 }
    const { entries, totals } = await statement(context, period, 2)
    const references = entries.map(({ bankReference }) => bankReference)
    demand(new Set(references).size === references.length, { vi: 'mỗi khoản một lần', en: 'each entry once' }, references.join(', '), context.exchanges.at(-1))
    // Of others, too: who pays meanwhile must not be lost between two pages either.
    const counted = (totals?.debits ?? 0) + (totals?.credits ?? 0)
    demand(counted === entries.length, { vi: `${counted} khoản, như tổng`, en: `${counted} entries, as the totals count` }, String(entries.length), context.exchanges.at(-1))
    const missing = codes.filter(({ bankReference }) => !references.includes(bankReference))
    demand(missing.length === 0, { vi: 'đủ mọi khoản', en: 'every entry' }, { vi: `thiếu ${missing.map(({ transactionCode }) => transactionCode).join(', ')}`, en: `missing ${missing.map(({ transactionCode }) => transactionCode).join(', ')}` }, context.exchanges.at(-1))
  }),
].map((check) => check.id === 'bank.statement.unpaid' ? check : { ...check, needs: ['scan', ...check.needs ?? []] } as Check)
