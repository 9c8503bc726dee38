/** The telecom's SMS brandname gateway: takes messages for the portal, reports what became of each. What differs between vendors is data (contracts/reference/sms-gateways.ts). */
import { z } from 'zod'
import { SmsReceipt } from '../../api/inside.ts'
import { SMS_RESULTS } from '../../reference/sms-gateways.ts'
import { Text } from '../../text.ts'
import { defineOperation, RefusalBody } from '../operation.ts'
import type { OutgoingCall, RoleContract } from '../role.ts'

export const ENCODINGS = ['gsm-7', 'ucs-2'] as const
export const MESSAGE_STATES = ['accepted', 'delivered', 'failed'] as const

/** A text, or a registered template with its parameters. */
export const SmsMessage = z.strictObject({
  messageId: z.string().min(1), phone: z.string().regex(/^\+?\d{9,15}$/), text: z.string().min(1).optional(),
  template: z.strictObject({ id: z.string().min(1), parameters: z.record(z.string(), z.string()) }).optional(),
  /** The gateway's own first one where none is named. */
  brandname: z.string().min(1).optional(),
  reference: z.string().min(1), receiptUrl: z.url({ protocol: /^https?$/ }),
}).refine(({ text, template }) => (text === undefined) !== (template === undefined), { error: 'either text or template', path: ['text'] })
  // The same for JSON Schema, which knows no refinement.
  .meta({ oneOf: [{ required: ['text'] }, { required: ['template'] }] })
export type SmsMessage = z.infer<typeof SmsMessage>

const Segments = z.object({ encoding: z.enum(ENCODINGS), segments: z.int().min(1) })
export const MessageState = z.object({
  messageId: z.string(), gatewayId: z.string(), status: z.enum(MESSAGE_STATES), reason: z.enum(SMS_RESULTS),
  /** By the vendor's own table. */
  code: z.string(), codeText: Text, brandname: z.string(), at: z.number(), ...Segments.shape,
})

const MESSAGE = { messageId: 'm-1', phone: '+84999000001', reference: 'example-1', receiptUrl: 'http://127.0.0.1:9/receipts' }

export const sendMessage = defineOperation({
  name: 'send', method: 'POST', path: '/v1/messages', takes: 'json', request: SmsMessage,
  answers: { 202: z.object({ gatewayId: z.string(), ...Segments.shape }), 400: RefusalBody, 409: RefusalBody, 422: RefusalBody },
  summary: { vi: 'Gửi một tin nhắn; cùng messageId lần nữa không đổi gì', en: 'Sends a message; the same messageId again changes nothing' },
  refuses: {
    MESSAGE_EXISTS: { status: 409, when: { vi: 'messageId đã dùng cho tin khác', en: 'the messageId stands for another message' } },
    BRANDNAME_UNKNOWN: { status: 422, when: { vi: 'thương hiệu chưa đăng ký', en: 'the brandname is not registered' } },
    TEMPLATE_UNKNOWN: { status: 422, when: { vi: 'mẫu tin chưa đăng ký', en: 'the template is not registered' } },
    TEMPLATE_MISMATCH: { status: 422, when: { vi: 'nội dung hoặc tham số không khớp mẫu đã đăng ký', en: 'text or parameters do not fit a registered template' } },
    TEXT_TOO_LONG: { status: 422, when: { vi: 'nội dung dài quá số bản tin cho phép', en: 'the text takes more segments than are sent' } },
  },
  examples: [
    { title: { vi: 'Một tin nhắn theo mẫu đã đăng ký', en: 'A message by a registered template' }, status: 202, request: { ...MESSAGE, template: { id: 'dossier-received', parameters: { dossierCode: 'H01-260410-000001' } } } },
    { title: { vi: 'Cùng messageId, số máy khác', en: 'The same messageId, another phone' }, status: 409, given: { vi: 'tin m-1 đã được nhận', en: 'm-1 was accepted' },
      request: { ...MESSAGE, phone: '+84999000002', template: { id: 'dossier-received', parameters: { dossierCode: 'H01-260410-000001' } } } },
    { title: { vi: 'Mẫu chưa đăng ký', en: 'A template that is not registered' }, status: 422, request: { ...MESSAGE, messageId: 'm-2', template: { id: 'none', parameters: {} } } },
  ],
})

export const readMessage = defineOperation({
  name: 'message-state', method: 'GET', path: '/v1/messages/{messageId}', takes: 'query', request: z.object({ messageId: z.string().min(1) }),
  answers: { 200: MessageState, 400: RefusalBody, 404: RefusalBody },
  summary: { vi: 'Tình trạng của một tin nhắn, với mã của nhà mạng', en: 'What became of a message, with the vendor\'s code' },
  refuses: { MESSAGE_UNKNOWN: { status: 404, when: { vi: 'không có tin nhắn này', en: 'there is no such message' } } },
  examples: [
    { title: { vi: 'Tin đã nhận', en: 'A message that was accepted' }, status: 200, request: { messageId: 'm-1' }, given: { vi: 'tin m-1 đã được nhận', en: 'm-1 was accepted' } },
    { title: { vi: 'Tin chưa từng gửi', en: 'A message never sent' }, status: 404, request: { messageId: 'm-999' } },
  ],
})

export const listTemplates = defineOperation({
  name: 'templates', method: 'GET', path: '/v1/templates', takes: 'query', request: z.object({}),
  answers: { 200: z.object({ demanded: z.boolean(), templates: z.array(z.object({ id: z.string(), brandname: z.string(), text: z.string(), parameters: z.record(z.string(), z.int()) })) }), 400: RefusalBody },
  summary: { vi: 'Các mẫu tin đã đăng ký, và có bắt buộc dùng mẫu hay không', en: 'The registered templates, and whether texts must follow one' },
  examples: [{ title: { vi: 'Danh sách mẫu tin', en: 'The list of templates' }, status: 200, request: {} }],
})

export const listCodes = defineOperation({
  name: 'codes', method: 'GET', path: '/v1/codes', takes: 'query', request: z.object({}),
  answers: {
    200: z.object({
      brandnames: z.array(z.object({ name: z.string(), state: z.enum(['active', 'blocked']) })),
      codes: z.array(z.object({ reason: z.enum(SMS_RESULTS), code: z.string(), text: Text })),
    }),
    400: RefusalBody,
  },
  summary: { vi: 'Bảng mã kết quả của nhà mạng và các thương hiệu đã đăng ký', en: 'The vendor\'s table of result codes, and the registered brandnames' },
  examples: [{ title: { vi: 'Bảng mã', en: 'The table of codes' }, status: 200, request: {} }],
})

export const receipt: OutgoingCall = {
  name: 'receipt', to: 'caller', after: 'send', method: 'POST', path: '', takes: 'json', request: SmsReceipt, signed: true,
  answers: { 200: null, 202: null, 204: null },
  summary: { vi: 'Báo kết quả gửi, gửi lại đến khi nhận 2xx', en: 'Reports what became of a message, again until it is answered 2xx' },
  examples: [
    { title: { vi: 'Đã đến máy', en: 'Delivered' }, status: 200, request: { messageId: 'm-1', gatewayId: 'SMS000000001', status: 'delivered', at: 1_775_829_600_000 } },
    { title: { vi: 'Thuê bao tắt máy', en: 'Subscriber absent' }, status: 200, request: { messageId: 'm-1', gatewayId: 'SMS000000001', status: 'failed', at: 1_775_829_600_000, reason: 'absent-subscriber', code: 'ABSENT' } },
  ],
}

export const SMS: RoleContract = {
  id: 'sms', version: '1.0',
  title: { vi: 'Cổng tin nhắn thương hiệu', en: 'SMS brandname gateway' },
  description: { vi: 'Nhận tin nhắn của cổng dịch vụ công và báo lại kết quả gửi.', en: 'Takes the portal\'s messages and reports what became of each.' },
  senderHeader: 'x-gateway',
  operations: [sendMessage, readMessage, listTemplates, listCodes], calls: [receipt],
}
