/** Ways in which an SMS gateway fails its contract. */
import { isAt, jsonOf, resaid, retold, saying, unsigned, type Nonconformity } from './proxy.ts'

const SEND = /^\/v1\/messages$/
const HOURS_7 = 7 * 3_600_000

export const SMS_NONCONFORMITIES: readonly Nonconformity[] = [
  { id: 'sms-wrong-status', role: 'sms', title: { vi: 'tin không có được trả 400 thay vì 404', en: 'an unknown message is answered 400 instead of 404' }, breaks: ['sms.state.unknown'],
    hooks: () => ({ answered: (reply) => reply.status === 404 && reply.body.includes('MESSAGE_UNKNOWN') ? { ...reply, status: 400 } : reply }) },
  { id: 'sms-missing-field', role: 'sms', title: { vi: 'trả lời thiếu số bản tin', en: 'answers lack the number of segments' }, breaks: ['answers.send', 'sms.send.segments'],
    hooks: () => ({ answered: (reply, message) => isAt(message, 'POST', SEND) && reply.status === 202 ? retold(reply, ({ segments: _, ...rest }) => rest) : reply }) },
  { id: 'sms-unsigned', role: 'sms', title: { vi: 'báo kết quả không ký', en: 'receipts are not signed' }, breaks: ['sms.receipt.signed'], hooks: () => ({ told: (message, send) => send(unsigned(message)) }) },
  { id: 'sms-no-retry', role: 'sms', title: { vi: 'báo kết quả không gửi lại', en: 'receipts are not repeated' }, breaks: ['sms.receipt.retried', 'sms.send.out-of-order'],
    hooks: () => ({ told: async (message, send) => { await send(message); return saying(200, {}) } }) },
  { id: 'sms-double-receipt', role: 'sms', title: { vi: 'báo kết quả hai lần', en: 'receipts are sent twice' }, breaks: ['sms.receipt.once', 'sms.receipt.slow', 'sms.send.idempotent'],
    hooks: () => ({ told: async (message, send) => {
      const reply = await send(message)
      if (reply && reply.status < 300) await send(message)
      return reply
    } }) },
  { id: 'sms-second-send', role: 'sms', title: { vi: 'gửi lại cùng messageId tạo tin mới', en: 'the same messageId again makes a second message' }, breaks: ['sms.send.idempotent'],
    hooks: () => {
      const seen = new Map<string, number>()
      return { asked: (message) => {
        if (!isAt(message, 'POST', SEND)) return message
        const times = (seen.get(message.body) ?? 0) + 1
        seen.set(message.body, times)
        return times === 1 ? message : { ...message, body: message.body.replace('"messageId":"', `"messageId":"${times}-`) }
      } }
    } },
  { id: 'sms-no-nfd', role: 'sms', title: { vi: 'từ chối văn bản NFD', en: 'text in NFD is refused' }, breaks: ['sms.send.text'],
    hooks: () => ({ asked: (message) => message.body !== message.body.normalize('NFC') ? saying(400, { error: { code: 'REQUEST_INVALID', message: 'text' } }) : message }) },
  { id: 'sms-local-time', role: 'sms', title: { vi: 'thời điểm lệch bảy giờ', en: 'times are off by seven hours' }, breaks: ['sms.receipt.time', 'sms.state'],
    hooks: ({ sign }) => ({ told: (message, send) => send(resaid(message, sign, (json) => ({ ...json, at: json.at + HOURS_7 }))) }) },
  { id: 'sms-state-of-another', role: 'sms', title: { vi: 'tình trạng của tin khác', en: 'the state of another message' }, breaks: ['sms.state'],
    hooks: () => ({ answered: (reply, message) => isAt(message, 'GET', /^\/v1\/messages\//) && reply.status === 200 ? retold(reply, (json) => ({ ...json, messageId: `${json.messageId}-2` })) : reply }) },
  { id: 'sms-blocked-delivered', role: 'sms', title: { vi: 'tin của thương hiệu bị chặn vẫn báo đã đến', en: 'a message under a blocked brandname is reported as delivered' }, breaks: ['sms.brandnames'],
    hooks: ({ sign }) => ({ told: (message, send) => send(jsonOf(message.body)?.status === 'failed' ? resaid(message, sign, ({ reason: _, code: __, ...json }) => ({ ...json, status: 'delivered' })) : message) }) },
  { id: 'sms-500', role: 'sms', title: { vi: 'lỗi 500 khi nội dung không phải JSON', en: 'a body that is not JSON gets a 500' }, breaks: ['send.malformed', 'answers.send'],
    hooks: () => ({ asked: (message) => isAt(message, 'POST', SEND) && jsonOf(message.body) === undefined ? { status: 500, headers: {}, body: 'Internal Server Error' } : message }) },
]
