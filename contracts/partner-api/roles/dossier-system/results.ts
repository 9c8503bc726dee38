/** The result of a dossier, with or without a file, returned at the desk and fetched by the portal; and what specialised systems confirm on the way to it. */
import { z } from 'zod'
import { DeskAnswer } from '../../../api/partners.ts'
import { defineOperation, RefusalBody, type RefusalCase } from '../../operation.ts'
import { Attachment } from './attachments.ts'
import { DOSSIER_UNKNOWN, EXAMPLE, REFERENCE_TAKEN, TRANSITION_FORBIDDEN } from './terms.ts'

export const OUTCOMES = ['granted', 'refused'] as const

export const deskResult = defineOperation({
  name: 'desk-result', method: 'POST', path: '/desk/results', takes: 'json',
  request: z.strictObject({
    reference: z.string().min(1), dossierCode: z.string().min(1), outcome: z.enum(OUTCOMES), attachmentId: z.string().min(1).optional(), note: z.string().default(''),
  }),
  answers: { 201: DeskAnswer, 400: RefusalBody, 404: RefusalBody, 409: RefusalBody, 422: RefusalBody },
  summary: { vi: 'Trả kết quả, có thể kèm tệp đã gửi trước; trạng thái được đẩy lên cổng', en: 'Returns the result, with a file sent before where there is one; the status is pushed to the portal' },
  refuses: {
    DOSSIER_UNKNOWN, TRANSITION_FORBIDDEN, REFERENCE_TAKEN,
    ATTACHMENT_UNKNOWN: { status: 422, when: { vi: 'tệp không thuộc hồ sơ hoặc chưa nhận đủ', en: 'the file is not of this dossier or has not come whole' } },
  },
  examples: [{
    title: { vi: 'Trả kết quả kèm tệp', en: 'A result with a file' }, status: 201, given: { vi: 'chưa kết nối với cổng', en: 'not connected with the portal' },
    request: { reference: 'example-result', dossierCode: EXAMPLE.forwardedCode, outcome: 'granted', attachmentId: 'F0000001', note: '' },
    answer: { sync: 'not-connected', portalStatus: null, errorCode: null, message: null },
  }],
})

export const result = defineOperation({
  name: 'result', method: 'GET', path: '/v1/results', takes: 'query', request: z.object({ dossierCode: z.string().min(1) }),
  answers: {
    200: z.object({ dossierCode: z.string(), outcome: z.enum(OUTCOMES), note: z.string(), returnedAt: z.number(), attachment: Attachment.nullable() }),
    400: RefusalBody, 404: RefusalBody,
  },
  summary: { vi: 'Kết quả của hồ sơ; tệp tải ở /v1/attachments/content', en: 'The result of a dossier; its file is fetched at /v1/attachments/content' },
  refuses: { DOSSIER_UNKNOWN, RESULT_NOT_READY: { status: 404, when: { vi: 'chưa có kết quả', en: 'there is no result yet' } } },
  examples: [{ title: { vi: 'Kết quả đã trả', en: 'The result returned' }, status: 200, request: { dossierCode: EXAMPLE.forwardedCode } }],
})

export const SENDER_MISMATCH: RefusalCase = { status: 403, when: { vi: 'bên gửi không phải hệ thống được nêu', en: 'the sender is not the system that is named' } }

/** What civil status, land, tax and post tell a dossier system; `sequence` grows with each of one `number`, so that a late one is known as late. */
export const SPECIALISED_SYSTEMS = ['civil-status', 'land', 'tax', 'post'] as const
export const Confirmation = z.strictObject({
  system: z.enum(SPECIALISED_SYSTEMS), reference: z.string().min(1), dossierCode: z.string().min(1),
  /** Of the extract, request, notice or order there. */
  number: z.string().min(1), status: z.string().min(1), sequence: z.int().min(1), at: z.number(), amountVnd: z.int().min(0).nullable().default(null), note: z.string().default(''),
})
export type Confirmation = z.infer<typeof Confirmation>

export const confirmation = defineOperation({
  name: 'confirmation', method: 'POST', path: '/v1/confirmations', takes: 'json', request: Confirmation, signed: true,
  headers: { 'x-system': { meaning: { vi: 'Hệ thống chuyên ngành gửi, phải là hệ thống được nêu trong nội dung', en: 'The specialised system that sends; must be the one that the body names' }, example: 'civil-status' } },
  answers: { 200: z.object({ result: z.enum(['received', 'unchanged', 'late']) }), 400: RefusalBody, 401: RefusalBody, 403: RefusalBody, 404: RefusalBody },
  summary: {
    vi: 'Hệ thống chuyên ngành (hộ tịch, đất đai, thuế, bưu chính) báo lại; cái cũ đến sau cái mới được ghi là trễ và không thay đổi trạng thái',
    en: 'A specialised system (civil status, land, tax, post) reports back; an older one after a newer is noted as late and changes nothing',
  },
  refuses: { DOSSIER_UNKNOWN, SENDER_MISMATCH },
  examples: [{
    title: { vi: 'Đã đăng ký hộ tịch', en: 'Registered at civil status' }, status: 200, answer: { result: 'received' },
    request: { system: 'civil-status', reference: 'example-civil', dossierCode: EXAMPLE.forwardedCode, number: 'HT00000001', status: 'registered', sequence: 1, at: EXAMPLE.at, amountVnd: null, note: '' },
  }],
})

export const confirmations = defineOperation({
  name: 'confirmations', method: 'GET', path: '/v1/confirmations', takes: 'query', request: z.object({ dossierCode: z.string().min(1) }),
  answers: { 200: z.object({ confirmations: z.array(Confirmation) }), 400: RefusalBody, 404: RefusalBody },
  summary: { vi: 'Tình trạng mới nhất ở mỗi hệ thống chuyên ngành', en: 'The newest of what each specialised system has reported' },
  refuses: { DOSSIER_UNKNOWN },
  examples: [{ title: { vi: 'Của một hồ sơ', en: 'Of one dossier' }, status: 200, request: { dossierCode: EXAMPLE.forwardedCode } }],
})
