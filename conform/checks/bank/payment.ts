/** Paying: once for a QR, never after its expiry, never for another amount; and the signed callback that tells of it until it is taken. */
import { BankCallback } from '../../../contracts/api/inside.ts'
import { answered, demand, isNow, shows, type Check } from '../../check.ts'
import type { Context } from '../../context.ts'
import type { Inbox, Treatment } from '../../receiver.ts'
import { readEmv, writeEmv } from './emv-qr.ts'
import { bankCheck, cameBack, issued, paid, scan, type Issued } from './orders.ts'
import { around, statement } from './statement.ts'

const YES: Treatment = { status: 200 }
/** Every other callback, where several come mixed. */
const isRefused = (nth: number) => nth % 2 === 1
const PAYERS_AT_ONCE = 6
const times = (n: number) => ({ vi: `${n} lần`, en: `${n} times` })

/** Said no, and done nothing all the same: no debit in its books, no callback. */
async function unpaid(context: Context, code: Issued, inbox: Inbox, status: string): Promise<void> {
  const state = await context.ask('qr-status', { transactionCode: code.transactionCode })
  answered(state, 200)
  shows(state, { status, bankReference: null, paidAt: null })
  await context.wait(context.fixture.waits.quietMs)
  demand(inbox.received.length === 0, { vi: 'không gọi lại', en: 'no callback' }, times(inbox.received.length), state)
  await entered(context, code, 0)
}
async function entered(context: Context, code: Issued, count: number): Promise<void> {
  const { entries } = await statement(context, around(context))
  const found = entries.filter(({ transactionCode }) => transactionCode === code.transactionCode).length
  demand(found === count, { vi: `${count} khoản trong sao kê`, en: `${count} entries on the statement` }, String(found), context.exchanges.at(-1))
}

const SCAN_CHECKS: readonly Check[] = [
  bankCheck('scan.once', 'Một mã QR chỉ thanh toán một lần: cùng tham chiếu nhận cùng trả lời, tham chiếu khác bị từ chối', 'A QR is paid once: the same reference gets the same answer, another is refused', async (context) => {
    const code = await paid(context, context.inbox())
    const again = await scan(context, code.qr, { reference: code.scanReference })
    answered(again, 200)
    demand(again.json?.bankReference === code.bankReference && again.json?.paidAt === code.paidAt, `${code.bankReference} ${code.paidAt}`, `${again.json?.bankReference} ${again.json?.paidAt}`, again)
    answered(await scan(context, code.qr), 409, 'ALREADY_PAID')
  }),
  bankCheck('scan.at-once', 'Nhiều người quét cùng lúc: chỉ một người bị ghi nợ, những người khác bị từ chối', 'Of several who scan at once only one is debited, and the others are refused', async (context) => {
    const code = await issued(context, context.inbox())
    const answers = await Promise.all(Array.from({ length: PAYERS_AT_ONCE }, () => scan(context, code.qr)))
    const yes = answers.filter(({ status }) => status === 200).length
    demand(yes === 1, times(1), times(yes), answers[0])
    for (const exchange of answers) if (exchange.status !== 200) answered(exchange, 409, 'ALREADY_PAID')
    await entered(context, code, 1)
  }),
  bankCheck('scan.expired', 'Mã QR hết hạn không thanh toán được', 'An expired QR cannot be paid', async (context) => {
    const expiresAt = context.nowMs() + context.fixture.waits.qrLifeMs
    const inbox = context.inbox()
    const code = await issued(context, inbox, { expiresAt })
    await context.wait(expiresAt - context.nowMs() + 250)
    answered(await scan(context, code.qr), 410, 'QR_EXPIRED')
    await unpaid(context, code, inbox, 'expired')
  }),
  bankCheck('scan.altered', 'Mã QR bị sửa số tiền (CRC tính lại) bị từ chối', 'A QR whose amount was altered (CRC made anew) is refused', async (context) => {
    const inbox = context.inbox()
    const code = await issued(context, inbox)
    const altered = writeEmv((readEmv(code.qr) ?? []).map(([tag, value]) => [tag, tag === '54' ? String(code.amountVnd + 1) : value] as const))
    answered(await scan(context, altered), 422, 'QR_ALTERED')
    await unpaid(context, code, inbox, 'issued')
  }),
  bankCheck('scan.unreadable', 'Mã QR sai CRC hoặc không phải mã QR bị từ chối', 'A QR with a wrong CRC, or none at all, is refused', async (context) => {
    const { qr } = await issued(context, context.inbox())
    for (const text of ['hello', `${qr.slice(0, -1)}${qr.endsWith('0') ? '1' : '0'}`]) answered(await scan(context, text), 400, 'QR_UNREADABLE')
  }),
  bankCheck('scan.unknown', 'Mã QR của giao dịch không có bị từ chối', 'A QR of a transaction that is not there is refused', async (context) => {
    const code = await issued(context, context.inbox())
    const other = code.transactionCode.replace(/^./, 'x')
    const foreign = writeEmv((readEmv(code.qr) ?? []).map(([tag, value]) => [tag, value.replaceAll(code.transactionCode, other)] as const))
    answered(await scan(context, foreign), 404, 'QR_UNKNOWN')
  }),
  bankCheck('scan.reference', 'Mã tham chiếu đã dùng cho lần quét khác bị từ chối', 'A reference that stands for another scan is refused', async (context) => {
    const first = await paid(context, context.inbox())
    const second = await issued(context, context.inbox())
    answered(await scan(context, second.qr, { reference: first.scanReference }), 409, 'REFERENCE_REUSED')
    const other = context.fixture.citizens.find(({ personId }) => personId !== first.personId)
    if (other) answered(await scan(context, first.qr, { reference: first.scanReference, personId: other.personId }), 409, 'REFERENCE_REUSED')
  }),
  bankCheck('scan.amount', 'Số tiền ứng dụng nêu khác với mã QR bị từ chối', 'An amount of the app that is not the QR\'s is refused', async (context) => {
    const inbox = context.inbox()
    const code = await issued(context, inbox)
    answered(await scan(context, code.qr, { amountVnd: code.amountVnd + 1 }), 422, 'AMOUNT_MISMATCH')
    await unpaid(context, code, inbox, 'issued')
  }),
]

const CALLBACK_CHECKS: readonly Check[] = [
  bankCheck('callback', 'Thanh toán xong thì gọi lại callbackUrl với đúng giao dịch, tham chiếu, số tiền, mã của ngân hàng', 'A payment is told to callbackUrl with its transaction, reference, amount and the bank\'s reference', async (context) => {
    const inbox = context.inbox()
    const code = await paid(context, inbox)
    const came = await cameBack(context, inbox)
    const exchange = context.exchanges.at(-1)
    const parsed = BankCallback.safeParse(context.callOf('callback', came))
    demand(parsed.success, { vi: 'callback đúng dạng', en: 'a callback of the form' }, came.body.slice(0, 300), exchange)
    const wanted = { transactionCode: code.transactionCode, bankReference: code.bankReference, reference: code.scanReference, amountVnd: code.amountVnd, paidAt: code.paidAt }
    for (const [name, value] of Object.entries(wanted)) demand(parsed.data[name as keyof typeof wanted] === value, `${name} = ${value}`, `${name} = ${parsed.data[name as keyof typeof wanted]}`, exchange)
  }, ['scan', 'receiver']),
  bankCheck('callback.signed', 'Callback được ký bằng khóa của ngân hàng', 'A callback is signed with the bank\'s key', async (context) => {
    const inbox = context.inbox()
    await paid(context, inbox)
    context.demandSigned(await cameBack(context, inbox))
    inbox.close()
    // Each attempt for itself.
    const failing = context.inbox({ treat: (nth) => nth === 1 ? { status: 500 } : YES })
    await paid(context, failing)
    await cameBack(context, failing, 2)
    for (const came of failing.received) context.demandSigned(came)
  }, ['scan', 'receiver', 'system-key']),
  bankCheck('callback.retried', 'Callback được gửi lại, cùng nội dung, khi bên nhận lỗi, ngắt kết nối hoặc không trả 2xx', 'A callback is repeated, the same, where the receiver fails, breaks the connection or does not answer 2xx', async (context) => {
    const script: Treatment[] = [{ status: 500 }, 'reset', { status: 401 }]
    const inbox = context.inbox({ treat: (nth) => script[nth - 1] ?? YES })
    await paid(context, inbox)
    const { retryMs } = context.fixture.waits
    demand(await inbox.arrived(script.length + 1, retryMs), times(script.length + 1), times(inbox.received.length), context.exchanges.at(-1))
    const said = new Set(inbox.received.map((came) => JSON.stringify(context.callOf('callback', came))))
    demand(said.size === 1, { vi: 'cùng một nội dung mỗi lần', en: 'the same content each time' }, [...said].slice(0, 2).join(' / '), context.exchanges.at(-1))
  }, ['scan', 'receiver']),
  bankCheck('callback.once', 'Callback đã được nhận, dù chậm, thì không gửi nữa; quét lại không gọi lại lần nữa', 'A callback that was taken, even slowly, is not sent again, nor for a repeated scan', async (context) => {
    const slowMs = 1_500
    const inbox = context.inbox({ treat: (nth) => nth === 1 ? { status: 200, delayMs: slowMs } : YES })
    const code = await paid(context, inbox)
    await cameBack(context, inbox)
    await scan(context, code.qr, { reference: code.scanReference })
    await context.wait(slowMs + context.fixture.waits.quietMs)
    demand(inbox.received.length === 1, times(1), times(inbox.received.length), context.exchanges[1])
  }, ['scan', 'receiver']),
  bankCheck('callback.out-of-order', 'Callback của nhiều thanh toán đúng từng giao dịch, bất kể thứ tự bên nhận trả lời được', 'Callbacks of several payments stay each its own, whatever the order in which the receiver takes them', async (context) => {
    const inbox = context.inbox({ treat: (nth) => isRefused(nth) ? { status: 503 } : YES })
    const codes = await Promise.all(Array.from({ length: 3 }, () => paid(context, inbox)))
    const open = new Map(codes.map(({ transactionCode, scanReference }) => [transactionCode, scanReference]))
    const until = Date.now() + context.fixture.waits.retryMs
    for (let seen = 0; open.size > 0; seen += 1) {
      demand(await inbox.arrived(seen + 1, until - Date.now()), { vi: 'mọi thanh toán đều được gọi lại', en: 'a callback for every payment' }, { vi: `còn thiếu ${[...open.keys()].join(', ')}`, en: `missing ${[...open.keys()].join(', ')}` }, context.exchanges.at(-1))
      // Only what was taken has arrived.
      if (isRefused(seen + 1)) continue
      const said = context.callOf('callback', inbox.received[seen]!)
      const reference = open.get(said?.transactionCode)
      demand(reference === undefined || said.reference === reference, String(reference), String(said?.reference), context.exchanges.at(-1))
      open.delete(said?.transactionCode)
    }
  }, ['scan', 'receiver']),
  bankCheck('callback.time', 'Thời điểm thanh toán là mốc thời gian thật (ms, UTC), không lệch múi giờ', 'The time of a payment is the real moment (ms, UTC), not shifted by a time zone', async (context) => {
    const { paidAt } = await paid(context, context.inbox())
    isNow(paidAt, 'paidAt', context.nowMs(), context.exchanges.at(-1))
  }),
]

export const PAYMENT_CHECKS: readonly Check[] = [...SCAN_CHECKS, ...CALLBACK_CHECKS].map((check) => check.needs?.includes('scan') ? check : { ...check, needs: ['scan', ...check.needs ?? []] })
