/** The post (VNPOST): brings a dossier's result to its applicant, or collects papers, and tells where it is. */
import { z } from 'zod'
import { personOf } from '../../reference/people.ts'
import { defineOperation, RefusalBody } from '../operation.ts'
import type { RoleContract } from '../role.ts'
import { confirmCall, EXAMPLE_AT, EXAMPLE_CALLBACK, EXAMPLE_DOSSIER, ORDER_ANSWERS, ORDER_FIELDS, ORDER_UNKNOWN, OrderState, REFERENCE_TAKEN, SENDER_HEADER, StateRequest } from './specialised.ts'

export const POST_SERVICES = ['deliver-result', 'collect-papers'] as const
export const POST_STATUSES = ['accepted', 'collected', 'in-transit', 'delivered', 'returned', 'cancelled'] as const
const { name } = personOf(1)

export const order = defineOperation({
  name: 'order', method: 'POST', path: '/v1/orders', takes: 'json',
  request: z.strictObject({
    ...ORDER_FIELDS, service: z.enum(POST_SERVICES), unitCode: z.string().min(1), name: z.string().min(1).max(200), phone: z.string().regex(/^\+?\d{9,15}$/), address: z.string().min(1).max(500), provinceId: z.string().min(1),
  }),
  answers: ORDER_ANSWERS,
  summary: { vi: 'Gửi yêu cầu trả kết quả hoặc thu gom giấy tờ; mỗi bước được báo lại', en: 'Orders the delivery of a result, or that papers are collected; each step is confirmed' },
  refuses: { REFERENCE_TAKEN },
  examples: [{
    title: { vi: 'Trả kết quả tại nhà', en: 'A result brought home' }, status: 202, answer: { number: 'BC00000001VN', status: 'accepted' },
    request: {
      reference: 'example-post', dossierCode: EXAMPLE_DOSSIER, callbackUrl: EXAMPLE_CALLBACK, service: 'deliver-result', unitCode: 'H01', name, phone: '+84999000001', address: 'Số 1, đường Thử Nghiệm', provinceId: 'ha-noi',
    },
  }],
})

export const orderState = defineOperation({
  name: 'order-state', method: 'GET', path: '/v1/orders', takes: 'query', request: StateRequest,
  answers: { 200: z.object({ ...OrderState.shape, events: z.array(z.object({ status: z.enum(POST_STATUSES), at: z.number(), note: z.string() })) }), 400: RefusalBody, 404: RefusalBody },
  summary: { vi: 'Hành trình của bưu gửi', en: 'Where it is, and where it was' },
  refuses: { ORDER_UNKNOWN },
  examples: [{ title: { vi: 'Hành trình', en: 'The way' }, status: 200, request: { reference: 'example-post' }, answer: { number: 'BC00000001VN' } }],
})

export const cancel = defineOperation({
  name: 'cancel', method: 'POST', path: '/v1/cancellations', takes: 'json', request: StateRequest, answers: { 200: OrderState, 400: RefusalBody, 404: RefusalBody, 409: RefusalBody },
  summary: { vi: 'Hủy yêu cầu chưa thu gom; gửi lại không đổi gì', en: 'Cancels what was not collected yet; the same again changes nothing' },
  refuses: { ORDER_UNKNOWN, ALREADY_COLLECTED: { status: 409, when: { vi: 'đã thu gom', en: 'it was collected already' } } },
  examples: [{ title: { vi: 'Hủy', en: 'Cancelled' }, status: 200, request: { reference: 'example-post' }, answer: { status: 'cancelled' }, given: { vi: 'bưu gửi chưa được thu gom', en: 'it was not collected yet' } }],
})

export const POST: RoleContract = {
  id: 'post', version: '1.0', senderHeader: SENDER_HEADER,
  title: { vi: 'Bưu chính công ích', en: 'Post' },
  description: { vi: 'Thu gom giấy tờ, trả kết quả tại nhà, báo hành trình bưu gửi.', en: 'Collects papers, brings results home, and tells where they are.' },
  operations: [order, orderState, cancel],
  calls: [confirmCall('post', 'order', ['collected', 'in-transit', 'delivered', 'returned', 'cancelled'], { reference: 'example-post', number: 'BC00000001VN', status: 'delivered', sequence: 3, at: EXAMPLE_AT, amountVnd: null, note: '' })],
}
