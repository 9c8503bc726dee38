/** Giving back, and the statement by which both sides reconcile: everything once, in its day of Viet Nam, with totals that are those of the entries. */
import type { z } from 'zod'
import type { Statement } from '../../../contracts/partner-api/roles/bank.ts'
import { answered, Broken, demand, listIn, seen, shows, textIn, type Check } from '../../check.ts'
import type { Context } from '../../context.ts'
import { bankCheck, cameBack, issued, paid, type Paid } from './orders.ts'

type Entry = z.infer<typeof Statement>['entries'][number]
const DAY_MS = 86_400_000
const MAX_PAGES = 400
/** By whether a bank gives back whole payments only, or parts, too. */
const TWICE = ['ALREADY_CREDITED', 'REFUND_EXCEEDS_DEBIT']
const TOO_MUCH = ['AMOUNT_MISMATCH', 'REFUND_EXCEEDS_DEBIT']

function credit(context: Context, code: Paid, changes: object = {}) {
  return context.ask('credits', { reference: context.tag(), transactionCode: code.transactionCode, amountVnd: code.amountVnd, ...changes })
}

/** All pages of a period; stops where a page points nowhere new. */
async function statement(context: Context, period: object, limit?: number): Promise<{ entries: Entry[]; totals: z.infer<typeof Statement>['totals'] }> {
  const entries: Entry[] = []
  let after: number | null = null
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const exchange = await context.ask('statement', { ...period, ...(after !== null && { after }), ...(limit !== undefined && { limit }) })
    answered(exchange, 200)
    entries.push(...listIn(exchange, 'entries'))
    after = exchange.json?.next ?? null
    if (after === null) return { entries, totals: exchange.json?.totals }
  }
  throw new Broken({ vi: 'một trang cuối', en: 'a last page' }, { vi: `hơn ${MAX_PAGES} trang`, en: `more than ${MAX_PAGES} pages` }, context.exchanges.at(-1))
}

/** `2026-04-10`, in Viet Nam. */
function dayOf(epochMs: number): string { return new Date(epochMs + 7 * 3_600_000).toISOString().slice(0, 10) }

const around = (context: Context) => ({ from: context.nowMs() - 60_000, to: context.nowMs() + 600_000 })

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
  }),
  bankCheck('credits.refused', 'Không hoàn quá số đã ghi nợ, không hoàn giao dịch chưa ghi nợ', 'No more is given back than was debited, and nothing that was not', async (context) => {
    const code = await paid(context, context.inbox())
    const tooMuch = await credit(context, code, { amountVnd: code.amountVnd + 1 })
    demand(tooMuch.status === 409 && TOO_MUCH.includes(tooMuch.code ?? ''), `409 ${TOO_MUCH.join(' | ')}`, seen(tooMuch), tooMuch)
    const unpaid = await issued(context, context.inbox())
    answered(await context.ask('credits', { reference: context.tag(), transactionCode: unpaid.transactionCode, amountVnd: unpaid.amountVnd }), 404, 'TRANSACTION_UNKNOWN')
  }),
  bankCheck('credits.callback', 'Hoàn xong thì gọi lại, có chữ ký', 'A refund is told by a signed callback where one is asked for', async (context) => {
    const code = await paid(context, context.inbox())
    const inbox = context.inbox()
    const reference = context.tag()
    answered(await credit(context, code, { reference, callbackUrl: inbox.url }), 201)
    const came = await cameBack(context, inbox)
    const said = context.callOf('refund-callback', came)
    demand(said?.reference === reference && said?.amountVnd === code.amountVnd, `${reference} ${code.amountVnd}`, `${said?.reference} ${said?.amountVnd}`, context.exchanges.at(-1))
    context.demandSigned(came)
  }, ['receiver', 'system-key']),
  bankCheck('statement.complete', 'Sao kê có mọi khoản ghi nợ và hoàn, mỗi khoản một lần, đúng số tiền và tham chiếu', 'The statement has every debit and credit, each once, with amount and reference', async (context) => {
    const [one, two] = [await paid(context, context.inbox()), await paid(context, context.inbox(), { amountVnd: 8_000 })]
    answered(await credit(context, one), 201)
    const { entries } = await statement(context, around(context))
    const exchange = context.exchanges.at(-1)
    for (const [code, kind] of [[one, 'debit'], [two, 'debit'], [one, 'credit']] as const) {
      const found = entries.filter((entry) => entry.transactionCode === code.transactionCode && entry.kind === kind)
      demand(found.length === 1 && found[0]!.amountVnd === code.amountVnd, `${kind} ${code.transactionCode} ${code.amountVnd}`, found.map(({ kind, amountVnd }) => `${kind} ${amountVnd}`).join(', ') || '–', exchange)
      const { reference, bankReference, paidAt, account } = found[0]!
      demand(kind === 'credit' || (reference === code.scanReference && bankReference === code.bankReference && paidAt === code.paidAt), `${code.scanReference} ${code.bankReference} ${code.paidAt}`, `${reference} ${bankReference} ${paidAt}`, exchange)
      demand(account === code.account, code.account, String(account), exchange)
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
