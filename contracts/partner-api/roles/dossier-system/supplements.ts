/** A supplement is asked for at the desk, answered by the citizen through the portal, and can be looked up by both sides. */
import { z } from 'zod'
import { DeskAnswer } from '../../../api/partners.ts'
import { StatusSet } from '../../../api/front.ts'
import { defineOperation, RefusalBody } from '../../operation.ts'
import { DOSSIER_UNKNOWN, EXAMPLE, REFERENCE_TAKEN, TRANSITION_FORBIDDEN } from './terms.ts'

export const Supplement = z.object({
  reference: z.string(), text: z.string(), askedAt: z.number(),
  answer: z.object({ reference: z.string(), text: z.string(), attachmentIds: z.array(z.string()), answeredAt: z.number() }).nullable(),
})
export type Supplement = z.infer<typeof Supplement>

export const supplementAsk = defineOperation({
  name: 'supplement-ask', method: 'POST', path: '/desk/supplements', takes: 'json',
  request: z.strictObject({ reference: z.string().min(1), dossierCode: z.string().min(1), text: z.string().min(1) }),
  answers: { 201: DeskAnswer, 400: RefusalBody, 404: RefusalBody, 409: RefusalBody },
  summary: { vi: 'Cán bộ yêu cầu bổ sung; trạng thái được đẩy lên cổng', en: 'An officer asks for a supplement; the status is pushed to the portal' },
  refuses: { DOSSIER_UNKNOWN, TRANSITION_FORBIDDEN, REFERENCE_TAKEN },
  examples: [{
    title: { vi: 'Thiếu giấy tờ', en: 'A paper is missing' }, status: 201, given: { vi: 'chưa kết nối với cổng', en: 'not connected with the portal' },
    request: { reference: 'example-ask', dossierCode: EXAMPLE.forwardedCode, text: 'Đề nghị bổ sung giấy xác nhận nơi cư trú' },
    answer: { sync: 'not-connected', portalStatus: null, errorCode: null, message: null },
  }],
})

export const supplementAnswer = defineOperation({
  name: 'supplement-answer', method: 'POST', path: '/v1/supplements', takes: 'json',
  request: z.strictObject({ reference: z.string().min(1), dossierCode: z.string().min(1), text: z.string().min(1), attachmentIds: z.array(z.string()).max(50).default([]) }),
  answers: { 200: StatusSet, 201: StatusSet, 400: RefusalBody, 404: RefusalBody, 409: RefusalBody, 422: RefusalBody },
  summary: { vi: 'Công dân bổ sung qua cổng, kèm tệp đã gửi trước; gửi lại trả lời 200', en: 'The citizen answers through the portal, with files sent before; the same again is answered 200' },
  refuses: {
    DOSSIER_UNKNOWN, REFERENCE_TAKEN,
    NOTHING_ASKED: { status: 409, when: { vi: 'hồ sơ không chờ bổ sung', en: 'no supplement is asked for now' } },
    ATTACHMENT_UNKNOWN: { status: 422, when: { vi: 'tệp không thuộc hồ sơ hoặc chưa nhận đủ', en: 'a file is not of this dossier or has not come whole' } },
  },
  examples: [{
    title: { vi: 'Bổ sung kèm một tệp', en: 'An answer with a file' }, status: 201, answer: { dossierCode: EXAMPLE.forwardedCode, status: 'in-process' },
    request: { reference: 'example-answer', dossierCode: EXAMPLE.forwardedCode, text: 'Đã bổ sung', attachmentIds: ['F0000001'] },
  }],
})

export const supplements = defineOperation({
  name: 'supplements', method: 'GET', path: '/v1/supplements', takes: 'query', request: z.object({ dossierCode: z.string().min(1) }),
  answers: { 200: z.object({ supplements: z.array(Supplement) }), 400: RefusalBody, 404: RefusalBody },
  summary: { vi: 'Các lần yêu cầu bổ sung của hồ sơ và trả lời', en: 'The supplements asked for a dossier, with their answers' },
  refuses: { DOSSIER_UNKNOWN },
  examples: [{ title: { vi: 'Một lần bổ sung', en: 'One supplement' }, status: 200, request: { dossierCode: EXAMPLE.forwardedCode } }],
})
