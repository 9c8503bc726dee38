/**
 * The officers' desk of a partner's own system: what is taken or set there is stored first and then pushed to the portal at once where the partner is
 * connected (`pushes.ts`). The answer says what became of the push. Officers without an account on the coordination system work here too (000, 003).
 */
import { z } from 'zod'
import { DeskAnswer, DeskDossier, DeskStatus } from '../../../api/partners.ts'
import { defineOperation, RefusalBody } from '../../operation.ts'
import { DOSSIER_UNKNOWN, EXAMPLE, NOT_READY, REFERENCE_TAKEN, TRANSITION_FORBIDDEN } from './terms.ts'

const NOTHING_PUSHED = { vi: 'chưa kết nối với cổng', en: 'not connected with the portal' }
const KEPT = { sync: 'not-connected', portalStatus: null, errorCode: null, message: null }

export const deskDossier = defineOperation({
  name: 'desk-dossier', method: 'POST', path: '/desk/dossiers', takes: 'json', request: DeskDossier,
  answers: { 201: DeskAnswer, 400: RefusalBody, 409: RefusalBody, 422: RefusalBody },
  summary: {
    vi: 'Cán bộ tiếp nhận hồ sơ tại hệ thống này; lưu trước, rồi đẩy lên cổng ngay nếu đã kết nối',
    en: 'An officer takes a dossier at this system; it is stored first, then pushed to the portal at once where connected',
  },
  refuses: {
    DOSSIER_CODE_TAKEN: { status: 409, when: { vi: 'mã hồ sơ thuộc hồ sơ khác', en: 'the dossier code stands for another dossier here' } },
    REFERENCE_TAKEN, PROCEDURE_NOT_CONFIGURED: NOT_READY.PROCEDURE_NOT_CONFIGURED,
  },
  examples: [{
    title: { vi: 'Tiếp nhận tại quầy', en: 'Taken at the desk' }, status: 201, answer: KEPT, given: NOTHING_PUSHED,
    request: {
      reference: 'example-desk', dossierCode: EXAMPLE.deskCode, procedureCode: '9.900001', applicantId: EXAMPLE.personId, applicantName: EXAMPLE.name,
      applicantBirthDate: EXAMPLE.birthDate, status: 'received', note: '',
    },
  }],
})

export const deskLookUp = defineOperation({
  name: 'desk-look-up', method: 'GET', path: '/desk/dossiers', takes: 'query', request: z.object({ reference: z.string().min(1) }),
  answers: { 200: z.object({ dossierCode: z.string(), status: z.string() }), 400: RefusalBody, 404: RefusalBody },
  summary: { vi: 'Tra hồ sơ theo mã tham chiếu', en: 'Looks a dossier up by its reference' },
  refuses: { DOSSIER_UNKNOWN },
  examples: [{ title: { vi: 'Hồ sơ được chuyển', en: 'The forwarded dossier' }, status: 200, request: { reference: 'example-forwarded' }, answer: { dossierCode: EXAMPLE.forwardedCode, status: 'received' } }],
})

export const deskStatus = defineOperation({
  name: 'desk-status', method: 'POST', path: '/desk/statuses', takes: 'json', request: DeskStatus,
  answers: { 201: DeskAnswer, 400: RefusalBody, 404: RefusalBody, 409: RefusalBody },
  summary: { vi: 'Cán bộ đặt trạng thái; đẩy lên cổng như hồ sơ', en: 'An officer sets a status; pushed to the portal as a dossier is' },
  refuses: { DOSSIER_UNKNOWN, TRANSITION_FORBIDDEN, REFERENCE_TAKEN },
  examples: [{
    title: { vi: 'Bắt đầu xử lý', en: 'Processing begins' }, status: 201, answer: KEPT, given: NOTHING_PUSHED,
    request: { reference: 'example-status', dossierCode: EXAMPLE.deskCode, status: 'in-process' },
  }],
})
