/** Ways in which a bank fails its contract. */
import { setTimeout as sleep } from 'node:timers/promises'
import { codeOf, isAt, jsonOf, resaid, retold, saying, unsigned, type Nonconformity } from './proxy.ts'

const QR = /^\/v1\/qr$/
const SCAN = /^\/v1\/scan$/
const DAY_MS = 86_400_000

export const BANK_NONCONFORMITIES: readonly Nonconformity[] = [
  { id: 'bank-wrong-crc', role: 'bank', title: { vi: 'mã QR sai CRC', en: 'QRs have a wrong CRC' }, breaks: ['bank.qr.emvco'],
    hooks: () => {
      const right = new Map<string, string>()
      return {
        // Its own app reads them all the same.
        asked: (message) => isAt(message, 'POST', SCAN) && right.has(jsonOf(message.body)?.qr) ? { ...message, body: JSON.stringify({ ...jsonOf(message.body), qr: right.get(jsonOf(message.body).qr) }) } : message,
        answered: (reply, message) => isAt(message, 'POST', QR) && reply.status === 201 ? retold(reply, ({ qr }) => {
          const wrong = `${qr.slice(0, -4)}ZZZZ`
          right.set(wrong, qr)
          return { qr: wrong }
        }) : reply,
      }
    } },
  { id: 'bank-expired-accepted', role: 'bank', title: { vi: 'mã QR hết hạn vẫn thanh toán được', en: 'an expired QR can be paid' }, breaks: ['bank.scan.expired'],
    hooks: () => ({ answered: (reply) => codeOf(reply) === 'QR_EXPIRED' ? saying(200, { bankReference: 'X1', paidAt: Date.now() }) : reply }) },
  { id: 'bank-altered-accepted', role: 'bank', title: { vi: 'mã QR bị sửa vẫn thanh toán được', en: 'an altered QR can be paid' }, breaks: ['bank.scan.altered'],
    hooks: () => ({ answered: (reply) => codeOf(reply) === 'QR_ALTERED' ? saying(200, { bankReference: 'X1', paidAt: Date.now() }) : reply }) },
  { id: 'bank-not-idempotent', role: 'bank', title: { vi: 'cùng lệnh nhận mã QR khác', en: 'the same order gets another QR' }, breaks: ['bank.qr.idempotent'],
    hooks: () => {
      const seen = new Map<string, number>()
      return { answered: (reply, message) => {
        if (!isAt(message, 'POST', QR) || reply.status !== 201) return reply
        const times = (seen.get(message.body) ?? 0) + 1
        seen.set(message.body, times)
        return times === 1 ? reply : retold(reply, ({ qr }) => ({ qr: `${qr}${times}` }))
      } }
    } },
  { id: 'bank-no-retry', role: 'bank', title: { vi: 'callback không gửi lại', en: 'callbacks are not repeated' }, breaks: ['bank.callback.retried', 'bank.callback.out-of-order', 'bank.callback.signed'], hooks: () => ({ told: async (message, send) => { await send(message); return saying(200, {}) } }) },
  { id: 'bank-unsigned', role: 'bank', title: { vi: 'callback không ký', en: 'callbacks are not signed' }, breaks: ['bank.callback.signed', 'bank.credits.callback'], hooks: () => ({ told: (message, send) => send(unsigned(message)) }) },
  { id: 'bank-wrong-key', role: 'bank', title: { vi: 'callback ký bằng khóa khác', en: 'callbacks are signed with another key' }, breaks: ['bank.callback.signed', 'bank.credits.callback'],
    hooks: () => ({ told: (message, send) => send({ ...message, headers: { ...message.headers, 'x-signature': '0'.repeat(64) } }) }) },
  { id: 'bank-double-callback', role: 'bank', title: { vi: 'gọi lại lần hai với mã khác', en: 'a second callback with another reference' }, breaks: ['bank.callback.once'],
    hooks: ({ sign }) => ({ told: async (message, send) => {
      const reply = await send(message)
      if (reply && reply.status < 300) void sleep(50).then(() => send(resaid(message, sign, (json) => ({ ...json, bankReference: `${json.bankReference}-2` }))))
      return reply
    } }) },
  { id: 'bank-amount-text', role: 'bank', title: { vi: 'số tiền trong callback là chữ', en: 'the amount of a callback is text' }, breaks: ['bank.callback', 'bank.credits.callback'],
    hooks: ({ sign }) => ({ told: (message, send) => send(resaid(message, sign, (json) => ({ ...json, amountVnd: String(json.amountVnd) }))) }) },
  { id: 'bank-statement-gap', role: 'bank', title: { vi: 'sao kê thiếu khoản nhỏ', en: 'the statement lacks small debits' }, breaks: ['bank.statement.complete'],
    hooks: () => ({ answered: (reply, message) => isAt(message, 'GET', /^\/v1\/statement/) && reply.status === 200 ? retold(reply, (json) => {
      const entries = json.entries.filter(({ amountVnd }: { amountVnd: number }) => amountVnd >= 10_000)
      const gone = json.entries.length - entries.length
      return { ...json, entries, totals: { ...json.totals, debits: json.totals.debits - gone, debitVnd: json.totals.debitVnd - gone * 8_000 } }
    }) : reply }) },
  { id: 'bank-wrong-day', role: 'bank', title: { vi: 'sao kê lệch một ngày', en: 'the statement is a day off' }, breaks: ['bank.statement.day', 'bank.statement.midnight'],
    hooks: () => ({ asked: (message) => ({ ...message, path: message.path.replace(/day=(\d{4}-\d\d-\d\d)/, (_, day: string) => `day=${new Date(Date.parse(day) + DAY_MS).toISOString().slice(0, 10)}`) }) }) },
  { id: 'bank-utc-day', role: 'bank', title: { vi: 'sao kê theo ngày UTC', en: 'the statement goes by days of UTC' }, breaks: ['bank.statement.day', 'bank.statement.midnight'],
    hooks: () => ({ asked: (message) => ({ ...message, path: message.path.replace(/day=(\d{4}-\d\d-\d\d)/, (_, day: string) => `from=${Date.parse(day)}&to=${Date.parse(day) + DAY_MS}`) }) }) },
  { id: 'bank-debits-expired', role: 'bank', title: { vi: 'từ chối mã hết hạn nhưng vẫn ghi nợ', en: 'an expired QR is refused, and debited all the same' }, breaks: ['bank.scan.expired'],
    hooks: () => ({ answered: (reply, message) => isAt(message, 'GET', /^\/v1\/qr\//) && jsonOf(reply.body)?.status === 'expired' ? retold(reply, (json) => ({ ...json, status: 'paid', bankReference: 'X1', paidAt: json.expiresAt + 1 })) : reply }) },
  { id: 'bank-order-later', role: 'bank', title: { vi: 'cùng mã giao dịch, hạn khác vẫn nhận, hạn cũ giữ nguyên', en: 'the same transaction with a later expiry is taken, and the old one kept' }, breaks: ['bank.qr.contradiction'],
    hooks: () => {
      const first = new Map<string, number>()
      return { asked: (message) => {
        const order = isAt(message, 'POST', QR) ? jsonOf(message.body) : undefined
        if (typeof order?.transactionCode !== 'string' || typeof order.expiresAt !== 'number') return message
        const expiresAt = first.get(order.transactionCode) ?? order.expiresAt
        first.set(order.transactionCode, expiresAt)
        return { ...message, body: JSON.stringify({ ...order, expiresAt }) }
      } }
    } },
  { id: 'bank-totals', role: 'bank', title: { vi: 'tổng của sao kê không khớp', en: 'the totals of a statement do not fit' }, breaks: ['bank.statement.totals'],
    hooks: () => ({ answered: (reply, message) => isAt(message, 'GET', /^\/v1\/statement/) && reply.status === 200 ? retold(reply, (json) => ({ ...json, totals: { ...json.totals, debitVnd: json.totals.debitVnd + 1 } })) : reply }) },
  { id: 'bank-statement-skips', role: 'bank', title: { vi: 'sao kê bỏ một khoản giữa hai trang', en: 'the statement skips an entry between two pages' }, breaks: ['bank.statement.pages'],
    hooks: () => ({ answered: (reply, message) => isAt(message, 'GET', /^\/v1\/statement/) && reply.status === 200 ? retold(reply, (json) => ({ ...json, next: json.next === null ? null : json.next + 1 })) : reply }) },
  { id: 'bank-refund-unseen', role: 'bank', title: { vi: 'tình trạng không nêu tiền đã hoàn', en: 'the state does not say what was given back' }, breaks: ['bank.credits'],
    hooks: () => ({ answered: (reply, message) => isAt(message, 'GET', /^\/v1\/qr\//) && reply.status === 200 ? retold(reply, (json) => ({ ...json, creditedVnd: 0 })) : reply }) },
  { id: 'bank-refund-twice', role: 'bank', title: { vi: 'hoàn tiền hai lần', en: 'money is given back twice' }, breaks: ['bank.credits'],
    hooks: () => ({ answered: (reply) => codeOf(reply) === 'ALREADY_CREDITED' ? saying(201, { bankReference: 'X2' }) : reply }) },
]
