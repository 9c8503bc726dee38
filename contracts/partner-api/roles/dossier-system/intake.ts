/**
 * What comes to a partner's own system from outside: direct submissions that the coordination system forwards, what staff and citizens set on the
 * national systems, and citizens' applications on a ministry's own service, to which the portal redirects (004 I.2).
 */
import { z } from 'zod'
import { SyncStatus } from '../../../api/front.ts'
import { CoordinationDossier } from '../../../api/inside.ts'
import { OwnServiceDossier } from '../../../api/partners.ts'
import { defineOperation, RefusalBody } from '../../operation.ts'
import { EXAMPLE, NOT_READY } from './terms.ts'

/** As many as coordination sends at once. */
export const MAX_STATUSES = 500

export const forwarded = defineOperation({
  name: 'forwarded', method: 'POST', path: '/v1/forwarded', takes: 'json', request: CoordinationDossier,
  answers: { 200: z.object({ result: z.enum(['received', 'unchanged']) }), 400: RefusalBody, 422: RefusalBody, 503: RefusalBody },
  summary: {
    vi: 'Nhận hồ sơ nộp trực tiếp trên cổng, do hệ thống điều phối chuyển; cùng mã hồ sơ lần nữa không đổi gì',
    en: 'Takes a dossier submitted on the portal, forwarded by the coordination system; the same dossier code again changes nothing',
  },
  refuses: NOT_READY,
  examples: [{
    title: { vi: 'Hồ sơ được chuyển', en: 'A forwarded dossier' }, status: 200, answer: { result: 'received' },
    request: {
      reference: 'example-forwarded', dossierCode: EXAMPLE.forwardedCode, procedureCode: '9.900001', unitCode: 'H01', applicantName: EXAMPLE.name, status: 'newly-registered',
      submittedAt: EXAMPLE.at, origin: 'direct', partner: 'ha-noi', level: 'commune', feeVnd: 8_000, dueAt: null, territory: 'H01',
    },
  }],
})

export const statuses = defineOperation({
  name: 'statuses', method: 'POST', path: '/v1/statuses', takes: 'json', request: z.strictObject({ statuses: z.array(SyncStatus).max(MAX_STATUSES) }),
  answers: { 200: z.object({ accepted: z.int() }), 400: RefusalBody, 503: RefusalBody },
  summary: {
    vi: 'Được báo những trạng thái mà cán bộ và công dân đặt trên hệ thống quốc gia; mỗi mã tham chiếu một lần, trạng thái mới nhất có hiệu lực dù đến theo thứ tự nào',
    en: 'Is told the statuses that staff and citizens set on the national systems; each reference once, the newest counts in whatever order they come',
  },
  refuses: { NOT_CONNECTED: NOT_READY.NOT_CONNECTED },
  examples: [{
    title: { vi: 'Cán bộ đã tiếp nhận', en: 'An officer has received it' }, status: 200, answer: { accepted: 1 },
    request: { statuses: [{ reference: 'example-told', dossierCode: EXAMPLE.forwardedCode, status: 'received', at: EXAMPLE.at, source: 'staff' }] },
  }],
})

const Applied = z.object({ dossierCode: z.string(), unitCode: z.string(), status: z.string() })

export const ownService = defineOperation({
  name: 'own-service', method: 'POST', path: '/public/v1/dossiers', takes: 'json', request: OwnServiceDossier,
  answers: { 200: Applied, 201: Applied, 400: RefusalBody, 409: RefusalBody, 422: RefusalBody },
  summary: {
    vi: 'Công dân nộp trên dịch vụ riêng của bộ (cổng chuyển hướng sang); lưu trước rồi đồng bộ lên cổng; cùng mã tham chiếu trả lời 200',
    en: 'A citizen applies on the ministry\'s own service, to which the portal redirects; stored first, then synced up; the same reference again is answered 200',
  },
  refuses: {
    REFERENCE_TAKEN: { status: 409, when: { vi: 'mã tham chiếu thuộc hồ sơ đến bằng đường khác, hoặc của người khác, thủ tục khác', en: 'the reference stands for a dossier that came another way, or is of another person or procedure' } },
    PROCEDURE_NOT_CONFIGURED: NOT_READY.PROCEDURE_NOT_CONFIGURED,
  },
  examples: [{
    title: { vi: 'Hồ sơ trên dịch vụ riêng', en: 'A dossier on the own service' }, status: 201,
    request: {
      reference: 'example-own-service', procedureCode: '9.900019', provinceId: 'ha-noi', personId: EXAMPLE.personId, applicantName: EXAMPLE.name,
      applicantBirthDate: EXAMPLE.birthDate, phone: '+84999000001', note: '',
    },
  }],
})
