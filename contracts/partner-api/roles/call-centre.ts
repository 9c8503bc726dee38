/** The call centre: calls asked, taken, handled, each told as an event, and figures of a day whose parts sum to the whole. */
import { z } from 'zod'
import { defineOperation, RefusalBody } from '../operation.ts'
import type { OutgoingCall, RoleContract } from '../role.ts'
import { EXAMPLE_AT, EXAMPLE_DOSSIER, REFERENCE_TAKEN, SENDER_HEADER } from './specialised.ts'

export const CALL_STATUSES = ['asked', 'taken', 'handled', 'missed'] as const
export const CALL_TOPICS = ['dossier', 'payment', 'account', 'other'] as const

export const CallEvent = z.strictObject({
  reference: z.string().min(1), callNumber: z.string().min(1), status: z.enum(CALL_STATUSES), sequence: z.int().min(1), at: z.number(),
  /** Of the talk; from `handled` on. */
  durationS: z.int().min(0).nullable(),
})
export type CallEvent = z.infer<typeof CallEvent>

export const CallState = z.object({ callNumber: z.string(), reference: z.string(), status: z.enum(CALL_STATUSES), topic: z.enum(CALL_TOPICS), dossierCode: z.string().nullable(), askedAt: z.number(), durationS: z.int().nullable() })
export type CallState = z.infer<typeof CallState>

const CALL_UNKNOWN = { status: 404, when: { vi: 'không có cuộc gọi này', en: 'there is no such call' } }

export const askCall = defineOperation({
  name: 'ask', method: 'POST', path: '/v1/calls', takes: 'json',
  request: z.strictObject({
    reference: z.string().min(1), phone: z.string().regex(/^\+?\d{9,15}$/), topic: z.enum(CALL_TOPICS), dossierCode: z.string().min(1).nullable().default(null), eventUrl: z.url({ protocol: /^https?$/ }).optional(),
  }),
  answers: { 200: CallState, 201: CallState, 400: RefusalBody, 409: RefusalBody },
  summary: { vi: 'Cuộc gọi đến; tổng đài viên nhận hoặc bỏ lỡ sau đó; gửi lại trả lời 200', en: 'A call comes in; an agent takes or misses it a while later; the same again is answered 200' },
  refuses: { REFERENCE_TAKEN },
  examples: [{
    title: { vi: 'Hỏi về hồ sơ', en: 'About a dossier' }, status: 201, answer: { callNumber: 'CG00000001', status: 'asked' },
    request: { reference: 'example-call', phone: '+84999000001', topic: 'dossier', dossierCode: EXAMPLE_DOSSIER },
  }],
})

export const readCall = defineOperation({
  name: 'call', method: 'GET', path: '/v1/calls', takes: 'query', request: z.object({ reference: z.string().min(1) }),
  answers: { 200: CallState, 400: RefusalBody, 404: RefusalBody },
  summary: { vi: 'Tình trạng cuộc gọi', en: 'What has become of a call' },
  refuses: { CALL_UNKNOWN },
  examples: [{ title: { vi: 'Một cuộc gọi', en: 'One call' }, status: 200, request: { reference: 'example-call' }, answer: { callNumber: 'CG00000001' } }],
})

export const hangUp = defineOperation({
  name: 'hang-up', method: 'POST', path: '/v1/hang-ups', takes: 'json', request: z.strictObject({ reference: z.string().min(1) }),
  answers: { 200: CallState, 400: RefusalBody, 404: RefusalBody, 409: RefusalBody },
  summary: { vi: 'Người gọi gác máy trước khi được nhận: cuộc gọi bị lỡ; gửi lại không đổi gì', en: 'The caller gives up before an agent is there: the call is missed; the same again changes nothing' },
  refuses: { CALL_UNKNOWN, ALREADY_TAKEN: { status: 409, when: { vi: 'đã có người nhận', en: 'an agent has taken it' } } },
  examples: [{ title: { vi: 'Gác máy', en: 'Given up' }, status: 200, request: { reference: 'example-call' }, answer: { status: 'missed' }, given: { vi: 'chưa ai nhận', en: 'nobody has taken it yet' } }],
})

/** asked = waiting + missed + taken, taken = open + handled. */
export const CallFigures = z.object({
  day: z.iso.date(), asked: z.int(), waiting: z.int(), missed: z.int(), taken: z.int(), open: z.int(), handled: z.int(),
  /** Taken of asked in hundredths of a percent, and the mean talk in seconds; null where there was none. */
  takenBasisPoints: z.int().nullable(), averageS: z.int().nullable(),
})
export type CallFigures = z.infer<typeof CallFigures>

export const callFigures = defineOperation({
  name: 'figures', method: 'GET', path: '/v1/figures', takes: 'query', request: z.object({ day: z.iso.date() }),
  answers: { 200: CallFigures, 400: RefusalBody },
  summary: {
    vi: 'Số liệu của ngày (giờ Hà Nội, theo lúc gọi đến): asked = waiting + missed + taken, taken = open + handled',
    en: 'Figures of a day (Hanoi, by when it was asked): asked = waiting + missed + taken, taken = open + handled',
  },
  examples: [{ title: { vi: 'Một ngày', en: 'A day' }, status: 200, request: { day: '2026-04-10' }, answer: { day: '2026-04-10' } }],
})

export const callEvent: OutgoingCall = {
  name: 'event', to: 'caller', after: 'ask', method: 'POST', path: '', takes: 'json', request: CallEvent, signed: true,
  answers: { 200: null, 202: null, 204: null },
  summary: { vi: 'Báo từng bước của cuộc gọi nếu có `eventUrl`, gửi lại đến khi nhận 2xx', en: 'Tells each step of a call where an `eventUrl` was given, again until it is answered 2xx' },
  examples: [{ title: { vi: 'Đã nhận', en: 'Taken' }, status: 200, request: { reference: 'example-call', callNumber: 'CG00000001', status: 'taken', sequence: 2, at: EXAMPLE_AT, durationS: null } }],
}

export const CALL_CENTRE: RoleContract = {
  id: 'call-centre', version: '1.0', senderHeader: SENDER_HEADER,
  title: { vi: 'Tổng đài hỗ trợ', en: 'Call centre' },
  description: { vi: 'Nhận cuộc gọi của công dân, báo từng bước, số liệu trong ngày.', en: 'Takes citizens\' calls, tells each step, and gives the figures of a day.' },
  operations: [askCall, readCall, hangUp, callFigures], calls: [callEvent],
}
