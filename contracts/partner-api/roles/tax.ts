/** Tax: the notice of a financial obligation for a dossier, and its payment. Rates are general knowledge, replaceable data (`mocks/tax/rates.ts`). */
import { z } from 'zod'
import { personOf } from '../../reference/people.ts'
import { defineOperation, RefusalBody } from '../operation.ts'
import type { RoleContract } from '../role.ts'
import { confirmCall, EXAMPLE_AT, EXAMPLE_CALLBACK, EXAMPLE_DOSSIER, ORDER_ANSWERS, ORDER_FIELDS, ORDER_UNKNOWN, OrderState, REFERENCE_TAKEN, SENDER_HEADER, StateRequest } from './specialised.ts'

export const ASSESSMENT_KINDS = ['land-transfer', 'land-inheritance', 'house-registration'] as const
export const NOTICE_STATUSES = ['accepted', 'issued', 'exempt', 'paid'] as const

export const assess = defineOperation({
  name: 'assess', method: 'POST', path: '/v1/assessments', takes: 'json',
  request: z.strictObject({ ...ORDER_FIELDS, kind: z.enum(ASSESSMENT_KINDS), payerId: z.string().min(1), baseVnd: z.int().min(0) }),
  answers: ORDER_ANSWERS,
  summary: { vi: 'Xác định nghĩa vụ tài chính của hồ sơ; thông báo nộp thuế hoặc miễn được báo lại sau', en: 'Assesses the financial obligation of a dossier; the notice, or that there is none to pay, is confirmed later' },
  refuses: { REFERENCE_TAKEN },
  examples: [{
    title: { vi: 'Chuyển nhượng đất', en: 'A transfer of land' }, status: 202, answer: { number: 'TB00000001', status: 'accepted' },
    request: { reference: 'example-assessment', dossierCode: EXAMPLE_DOSSIER, callbackUrl: EXAMPLE_CALLBACK, kind: 'land-transfer', payerId: personOf(1).personId, baseVnd: 1_000_000_000 },
  }],
})

const Notice = z.object({
  ...OrderState.shape, items: z.array(z.object({ tax: z.string(), ratePermille: z.int(), amountVnd: z.int() })),
  dueAt: z.number().nullable(), paidAt: z.number().nullable(),
})
export type Notice = z.infer<typeof Notice>

export const notice = defineOperation({
  name: 'notice', method: 'GET', path: '/v1/notices', takes: 'query', request: StateRequest, answers: { 200: Notice, 400: RefusalBody, 404: RefusalBody },
  summary: { vi: 'Thông báo nộp thuế theo mã tham chiếu: từng khoản, tổng, hạn nộp, đã nộp hay chưa', en: 'The notice by its reference: each item, the sum, when it is due, whether it is paid' },
  refuses: { ORDER_UNKNOWN },
  examples: [{ title: { vi: 'Thông báo của hồ sơ', en: 'The notice of a dossier' }, status: 200, request: { reference: 'example-assessment' }, answer: { number: 'TB00000001' } }],
})

const Paid = z.object({ number: z.string(), status: z.literal('paid'), paidAt: z.number() })

export const pay = defineOperation({
  name: 'pay', method: 'POST', path: '/v1/payments', takes: 'json', request: z.strictObject({ reference: z.string().min(1), number: z.string().min(1), amountVnd: z.int().min(1) }),
  answers: { 200: Paid, 201: Paid, 400: RefusalBody, 404: RefusalBody, 409: RefusalBody },
  summary: { vi: 'Xác nhận đã nộp theo thông báo; gửi lại trả lời 200', en: 'Confirms that a notice was paid; the same again is answered 200' },
  refuses: {
    NOTICE_UNKNOWN: { status: 404, when: { vi: 'không có thông báo này', en: 'there is no such notice' } },
    NOTHING_TO_PAY: { status: 409, when: { vi: 'chưa có thông báo hoặc được miễn', en: 'the notice is not issued yet, or there is nothing to pay' } },
    AMOUNT_MISMATCH: { status: 409, when: { vi: 'số tiền khác thông báo', en: 'the amount is not the notice\'s' } },
    ALREADY_PAID: { status: 409, when: { vi: 'đã nộp dưới mã tham chiếu khác', en: 'it was paid under another reference' } },
  },
  examples: [{
    title: { vi: 'Nộp đủ', en: 'Paid in full' }, status: 201, answer: { status: 'paid' }, given: { vi: 'thông báo đã được phát hành', en: 'the notice has been issued' },
    request: { reference: 'example-tax-payment', number: 'TB00000001', amountVnd: 25_000_000 },
  }],
})

export const TAX: RoleContract = {
  id: 'tax', version: '1.0', senderHeader: SENDER_HEADER,
  title: { vi: 'Hệ thống thuế', en: 'Tax system' },
  description: { vi: 'Ra thông báo nghĩa vụ tài chính của hồ sơ và xác nhận đã nộp.', en: 'Issues the notice of a dossier\'s financial obligation and confirms its payment.' },
  operations: [assess, notice, pay],
  calls: [confirmCall('tax', 'assess', ['issued', 'exempt', 'paid'], { reference: 'example-assessment', number: 'TB00000001', status: 'issued', sequence: 1, at: EXAMPLE_AT, amountVnd: 25_000_000, note: '' })],
}
