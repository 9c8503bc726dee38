/** The telecom's SMS brandname gateway: takes messages for the portal, reports what became of each. */
import { z } from 'zod'
import { SmsReceipt } from '../../api/inside.ts'
import { defineOperation, RefusalBody } from '../operation.ts'
import type { OutgoingCall, RoleContract } from '../role.ts'

export const SmsMessage = z.strictObject({
  messageId: z.string().min(1), phone: z.string().regex(/^\+?\d{9,15}$/), text: z.string().min(1), reference: z.string().min(1), receiptUrl: z.url({ protocol: /^https?$/ }),
})

export const sendMessage = defineOperation({
  name: 'send', method: 'POST', path: '/v1/messages', takes: 'json', request: SmsMessage,
  answers: { 202: z.object({ gatewayId: z.string() }), 400: RefusalBody },
  summary: { vi: 'Gửi một tin nhắn; cùng messageId lần nữa không đổi gì', en: 'Sends a message; the same messageId again changes nothing' },
  examples: [{
    title: { vi: 'Một tin nhắn', en: 'A message' }, status: 202, answer: { gatewayId: 'SMS000000001' },
    request: { messageId: 'm-1', phone: '+84999000001', text: 'Hồ sơ đã được tiếp nhận', reference: 'example-1', receiptUrl: 'http://127.0.0.1:9/receipts' },
  }],
})

export const receipt: OutgoingCall = {
  name: 'receipt', to: 'caller', after: 'send', method: 'POST', path: '', takes: 'json', request: SmsReceipt, signed: true,
  answers: { 200: null, 202: null, 204: null },
  summary: { vi: 'Báo kết quả gửi, gửi lại đến khi nhận 2xx', en: 'Reports what became of a message, again until it is answered 2xx' },
  examples: [],
}

export const SMS: RoleContract = {
  id: 'sms', version: '1.0',
  title: { vi: 'Cổng tin nhắn thương hiệu', en: 'SMS brandname gateway' },
  description: { vi: 'Nhận tin nhắn của cổng dịch vụ công và báo lại kết quả gửi.', en: 'Takes the portal\'s messages and reports what became of each.' },
  senderHeader: 'x-gateway', operations: [sendMessage], calls: [receipt],
}
