/**
 * A data-exchange node (NDOP, AgentNode) between portal and partner: takes messages, keeps them in order for each pair of sender and recipient, delivers
 * them at the recipient's address or lets him fetch them, tries again, and carries his acknowledgement back. The same message id again changes nothing.
 */
import { z } from 'zod'
import { defineOperation, RefusalBody, type RefusalCase } from '../operation.ts'
import type { OutgoingCall, RoleContract } from '../role.ts'
import { EXAMPLE_AT, SENDER_HEADER } from './specialised.ts'

export const MESSAGE_STATES = ['queued', 'delivered', 'accepted', 'rejected', 'undeliverable'] as const
export const MAX_FETCH = 100

export const Envelope = z.strictObject({
  messageId: z.string().min(1).max(100), from: z.string().min(1), to: z.string().min(1),
  /** What it is about: `dossier`, `status`, … */
  kind: z.string().min(1).max(50), reference: z.string().min(1), sentAt: z.number(), payload: z.record(z.string(), z.unknown()),
})
export type Envelope = z.infer<typeof Envelope>
/** As it is delivered: numbered for each pair of sender and recipient, from 1. */
export const Delivered = z.strictObject({ ...Envelope.shape, sequence: z.int().min(1) })
export type Delivered = z.infer<typeof Delivered>

export const MessageState = z.object({
  messageId: z.string(), from: z.string(), to: z.string(), sequence: z.int(), state: z.enum(MESSAGE_STATES), attempts: z.int(), reason: z.string().nullable(), at: z.number(),
})
export type MessageState = z.infer<typeof MessageState>

const MESSAGE_UNKNOWN: RefusalCase = { status: 404, when: { vi: 'không có bản tin này', en: 'there is no such message' } }
const PARTY_MISMATCH: RefusalCase = { status: 403, when: { vi: 'bên gửi yêu cầu không phải bên được nêu', en: 'whoever asks is not the party that is named' } }
const EXAMPLE = { messageId: 'example-message', from: 'portal', to: 'justice', kind: 'dossier', reference: 'example-exchange', sentAt: EXAMPLE_AT, payload: { dossierCode: 'G08-260410-500001' } }
const headers = { 'x-partner': { meaning: { vi: 'Bên gửi yêu cầu, phải là bên được nêu trong nội dung', en: 'Who asks; must be the party that the body names' }, example: 'portal' } }
const refused = { 400: RefusalBody, 401: RefusalBody, 403: RefusalBody }

export const sendEnvelope = defineOperation({
  name: 'send', method: 'POST', path: '/v1/messages', takes: 'json', signed: true, headers,
  request: z.strictObject({ ...Envelope.shape, ackUrl: z.url({ protocol: /^https?$/ }).optional() }),
  answers: { 200: MessageState, 202: MessageState, ...refused, 404: RefusalBody, 409: RefusalBody, 507: RefusalBody },
  summary: { vi: 'Gửi bản tin; giữ và chuyển theo thứ tự; cùng messageId lần nữa trả lời 200', en: 'Takes a message, keeps it and forwards it in order; the same messageId again is answered 200' },
  refuses: {
    PARTY_MISMATCH,
    RECIPIENT_UNKNOWN: { status: 404, when: { vi: 'không có bên nhận này', en: 'there is no such recipient' } },
    MESSAGE_ID_TAKEN: { status: 409, when: { vi: 'messageId đã dùng cho nội dung khác', en: 'the messageId was used for other content' } },
    QUEUE_FULL: { status: 507, when: { vi: 'hàng đợi của bên nhận đầy', en: 'the recipient\'s queue is full' } },
  },
  examples: [{ title: { vi: 'Một bản tin', en: 'A message' }, status: 202, request: EXAMPLE, answer: { messageId: EXAMPLE.messageId, sequence: 1, state: 'queued' } }],
})

export const messageState = defineOperation({
  name: 'message', method: 'GET', path: '/v1/messages', takes: 'query', request: z.object({ messageId: z.string().min(1) }),
  answers: { 200: MessageState, 400: RefusalBody, 404: RefusalBody },
  summary: { vi: `Tình trạng bản tin: ${MESSAGE_STATES.join(', ')}`, en: `What has become of a message: ${MESSAGE_STATES.join(', ')}` },
  refuses: { MESSAGE_UNKNOWN },
  examples: [{ title: { vi: 'Một bản tin', en: 'A message' }, status: 200, request: { messageId: EXAMPLE.messageId }, answer: { messageId: EXAMPLE.messageId } }],
})

export const fetchMessages = defineOperation({
  name: 'fetch', method: 'POST', path: '/v1/fetches', takes: 'json', signed: true, headers, request: z.strictObject({ party: z.string().min(1), max: z.int().min(1).max(MAX_FETCH).default(MAX_FETCH) }),
  answers: { 200: z.object({ messages: z.array(Delivered) }), ...refused },
  summary: {
    vi: 'Bên không có địa chỉ nhận tự lấy bản tin, theo thứ tự; trả lại cho đến khi được xác nhận', en: 'A party without an address fetches its messages, in order; given again until they are acknowledged',
  },
  refuses: { PARTY_MISMATCH },
  examples: [{ title: { vi: 'Lấy bản tin', en: 'Fetching' }, status: 200, request: { party: 'justice', max: 10 } }],
})

export const acknowledge = defineOperation({
  name: 'acknowledge', method: 'POST', path: '/v1/acknowledgements', takes: 'json', signed: true, headers,
  request: z.strictObject({ messageId: z.string().min(1), party: z.string().min(1), result: z.enum(['accepted', 'rejected']), reason: z.string().default('') }),
  answers: { 200: MessageState, ...refused, 404: RefusalBody, 409: RefusalBody },
  summary: { vi: 'Bên nhận xác nhận hoặc từ chối bản tin đã nhận; gửi lại không đổi gì', en: 'The recipient accepts or rejects what was delivered; the same again changes nothing' },
  refuses: {
    PARTY_MISMATCH, MESSAGE_UNKNOWN,
    NOT_DELIVERED: { status: 409, when: { vi: 'bản tin chưa được chuyển', en: 'the message was not delivered yet' } },
    ALREADY_ACKNOWLEDGED: { status: 409, when: { vi: 'đã xác nhận khác', en: 'it was acknowledged otherwise' } },
  },
  examples: [{
    title: { vi: 'Chấp nhận', en: 'Accepted' }, status: 200, request: { messageId: EXAMPLE.messageId, party: 'justice', result: 'accepted', reason: '' }, answer: { state: 'accepted' },
    given: { vi: 'bản tin đã được lấy hoặc chuyển', en: 'the message was fetched or delivered' },
  }],
})

export const queue = defineOperation({
  name: 'queue', method: 'GET', path: '/v1/queues', takes: 'query', request: z.object({ party: z.string().min(1) }),
  answers: { 200: z.object({ party: z.string(), total: z.int(), ...Object.fromEntries(MESSAGE_STATES.map((state) => [state, z.int()])) as Record<(typeof MESSAGE_STATES)[number], z.ZodInt> }), 400: RefusalBody, 404: RefusalBody },
  summary: { vi: 'Bản tin gửi cho một bên theo tình trạng; các phần cộng đúng bằng tổng', en: 'The messages to a party by state; the parts sum to the total' },
  refuses: { RECIPIENT_UNKNOWN: { status: 404, when: { vi: 'không có bên này', en: 'there is no such party' } } },
  examples: [{ title: { vi: 'Hàng đợi', en: 'A queue' }, status: 200, request: { party: 'justice' }, answer: { party: 'justice' } }],
})

export const deliver: OutgoingCall = {
  name: 'deliver', to: 'caller', after: 'send', method: 'POST', path: '', takes: 'json', request: Delivered, signed: true,
  answers: { 200: null, 202: null, 204: null },
  summary: { vi: 'Chuyển bản tin đến địa chỉ của bên nhận, theo thứ tự từng cặp gửi - nhận, gửi lại có giới hạn', en: 'Delivers a message at the recipient\'s address, in the order of each pair of sender and recipient, again up to a limit' },
  examples: [{ title: { vi: 'Một bản tin', en: 'A message' }, status: 200, request: { ...EXAMPLE, sequence: 1 } }],
}

export const acknowledged: OutgoingCall = {
  name: 'acknowledged', to: 'caller', after: 'acknowledge', method: 'POST', path: '', takes: 'json', signed: true,
  request: MessageState, answers: { 200: null, 202: null, 204: null },
  summary: { vi: 'Báo bên gửi kết quả cuối cùng của bản tin', en: 'Tells the sender how his message ended' },
  examples: [{ title: { vi: 'Đã chấp nhận', en: 'Accepted' }, status: 200, request: { messageId: EXAMPLE.messageId, from: 'portal', to: 'justice', sequence: 1, state: 'accepted', attempts: 1, reason: null, at: EXAMPLE_AT } }],
}

export const EXCHANGE_NODE: RoleContract = {
  id: 'exchange-node', version: '1.0', senderHeader: SENDER_HEADER,
  title: { vi: 'Nút trao đổi dữ liệu', en: 'Data-exchange node' },
  description: { vi: 'Trung chuyển bản tin giữa cổng và đối tác: giữ và chuyển, thứ tự, không trùng, xác nhận.', en: 'Stores and forwards messages between portal and partners: in order, once, acknowledged.' },
  operations: [sendEnvelope, messageState, fetchMessages, acknowledge, queue], calls: [deliver, acknowledged],
}
