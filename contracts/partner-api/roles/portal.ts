/**
 * The portal as partners and citizens ask it (contracts/api/front.ts): partners sync dossiers and statuses up, signed with their key; citizens log in through
 * VNeID, find a service, submit, answer a supplement, withdraw, pay, send feedback. A synced dossier is not put to the business check for duplicates, a direct
 * submission is (000); the same reference again changes nothing.
 */
import { z } from 'zod'
import { CreatePayment, DossierAnswer, FeedbackAnswer, PaymentAnswer, SendFeedback, SendSupplement, ServiceHit, StatusSet, SubmitDossier, SyncDossier, SyncStatus, Withdraw } from '../../api/front.ts'
import { defineOperation, RefusalBody, type RefusalCase } from '../operation.ts'
import type { RoleContract } from '../role.ts'

const LOGIN_REQUIRED: RefusalCase = { status: 401, when: { vi: 'chưa đăng nhập, hoặc phiên đã kết thúc', en: 'nobody is logged in, or the session is over' } }
const DOSSIER_UNKNOWN: RefusalCase = { status: 404, when: { vi: 'không có hồ sơ này, hoặc là của người khác', en: 'there is no such dossier, or it is somebody else\'s' } }
const TRANSITION_FORBIDDEN: RefusalCase = { status: 409, when: { vi: 'quy trình không cho phép lúc này', en: 'the process does not allow it now' } }
const CONFLICT: RefusalCase = { status: 409, when: { vi: 'cùng mã, nội dung khác', en: 'the same code or reference with other content' } }
const BODY_INVALID: RefusalCase = { status: 400, when: { vi: 'nội dung không đúng dạng', en: 'the body is not of the form' } }
const PORTAL_CLOSED: RefusalCase = { status: 503, when: { vi: 'cổng chưa mở; không có gì được lưu', en: 'the portal is not open; nothing was stored' } }
const PROCEDURE_UNKNOWN: RefusalCase = { status: 404, when: { vi: 'thủ tục chưa công bố cho tỉnh này', en: 'the procedure is not published for this province' } }

const OfDossier = z.strictObject({ dossierCode: z.string().min(1) })
const cookie = 'cookie' as const
const PARTNER = { 'x-partner': { meaning: { vi: 'Mã của bộ, tỉnh gửi', en: 'The id of the partner that sends' }, required: true, example: 'ha-noi' } }
const AT = Date.parse('2026-04-10T21:00:00+07:00')

export const PORTAL: RoleContract = {
  id: 'portal', version: '1.0',
  title: { vi: 'Cổng Dịch vụ công quốc gia', en: 'National public-service portal' },
  description: {
    vi: 'Đồng bộ hồ sơ và trạng thái từ bộ, tỉnh (có chữ ký); công dân đăng nhập, tìm dịch vụ, nộp, bổ sung, rút, thanh toán, phản ánh.',
    en: 'Takes dossiers and statuses that ministries and provinces sync up (signed); citizens log in, find, submit, supplement, withdraw, pay, send feedback.',
  },
  operations: [
    defineOperation({
      name: 'sync-dossier', method: 'POST', path: '/sync/v1/dossiers', takes: 'json', request: SyncDossier, signed: true, headers: PARTNER,
      answers: { 200: z.object({ result: z.literal('unchanged') }), 201: z.object({ result: z.literal('created') }), 400: RefusalBody, 401: RefusalBody, 409: RefusalBody, 503: RefusalBody },
      summary: { vi: 'Bộ, tỉnh đồng bộ hồ sơ lên cổng; không kiểm tra trùng; cùng mã lần nữa không đổi gì', en: 'A partner syncs a dossier up; it is not checked for duplicates; the same code again changes nothing' },
      refuses: { BODY_INVALID, CONFLICT, PORTAL_CLOSED },
      examples: [{
        title: { vi: 'Hồ sơ của một tỉnh', en: 'A province\'s dossier' }, status: 201, answer: { result: 'created' },
        request: { reference: 'example-sync', dossierCode: 'H01-260410-000001', procedureCode: '9.900001', unitCode: 'H01', applicantId: '999000000011', applicantName: 'Người Thử 000001 Nguyễn Văn', applicantBirthDate: '1966-06-01', status: 'received', submittedAt: AT, note: '' },
      }],
    }),
    defineOperation({
      name: 'sync-status', method: 'POST', path: '/sync/v1/statuses', takes: 'json', request: SyncStatus.omit({ source: true }), signed: true, headers: PARTNER,
      answers: { 200: z.object({ result: z.literal('unchanged') }), 201: z.object({ result: z.literal('applied') }), 400: RefusalBody, 401: RefusalBody, 404: RefusalBody, 409: RefusalBody, 503: RefusalBody },
      summary: { vi: 'Bộ, tỉnh đồng bộ trạng thái; mỗi mã tham chiếu một lần, theo đúng quy trình', en: 'A partner syncs a status; each reference once, along the process' },
      refuses: { BODY_INVALID, DOSSIER_UNKNOWN, TRANSITION_FORBIDDEN, CONFLICT, PORTAL_CLOSED },
      examples: [{ title: { vi: 'Bắt đầu xử lý', en: 'Processing begins' }, status: 201, answer: { result: 'applied' }, given: { vi: 'hồ sơ đã được đồng bộ', en: 'the dossier was synced' }, request: { reference: 'example-status', dossierCode: 'H01-260410-000001', status: 'in-process', at: AT + 60_000 } }],
    }),
    defineOperation({
      name: 'services', method: 'GET', path: '/api/services', takes: 'query', request: z.object({ q: z.string().default(''), province: z.string().default('') }),
      answers: { 200: z.object({ services: z.array(ServiceHit) }), 400: RefusalBody, 503: RefusalBody },
      summary: { vi: 'Tìm dịch vụ công theo chữ, cho một tỉnh', en: 'Finds services by text, for a province' },
      refuses: { PORTAL_CLOSED, PROVINCE_UNKNOWN: { status: 400, when: { vi: 'tỉnh không có trong danh sách', en: 'the province is none of the 34' } } },
      examples: [{ title: { vi: 'Tìm "khai sinh"', en: 'Find a birth registration' }, status: 200, request: { q: 'khai sinh', province: 'ha-noi' } }],
    }),
    defineOperation({
      name: 'me', method: 'GET', path: '/auth/me', takes: 'query', request: z.object({}), access: cookie,
      answers: { 200: z.object({ personId: z.string(), level: z.int(), sessionId: z.string() }), 401: RefusalBody },
      summary: { vi: 'Ai đang đăng nhập', en: 'Who is logged in' }, refuses: { LOGIN_REQUIRED }, examples: [],
    }),
    defineOperation({
      name: 'logout', method: 'POST', path: '/auth/logout', takes: 'query', request: z.object({}), access: cookie,
      answers: { 200: z.object({ endSessionUrl: z.string() }), 401: RefusalBody },
      summary: { vi: 'Đăng xuất: phiên kết thúc ngay, và chỉ đường đến nơi cấp định danh để kết thúc ở đó', en: 'Logs out: the session is over at once; says where it ends at the issuer' }, refuses: { LOGIN_REQUIRED }, examples: [],
    }),
    defineOperation({
      name: 'submit', method: 'POST', path: '/api/dossiers', takes: 'json', request: SubmitDossier, access: cookie,
      answers: { 200: DossierAnswer, 201: DossierAnswer, 400: RefusalBody, 401: RefusalBody, 404: RefusalBody, 409: RefusalBody, 503: RefusalBody },
      summary: { vi: 'Công dân nộp hồ sơ; có kiểm tra trùng; cùng mã tham chiếu lần nữa nhận cùng hồ sơ', en: 'A citizen submits; checked for duplicates; the same reference again gets the same dossier' },
      refuses: {
        BODY_INVALID, LOGIN_REQUIRED, PROCEDURE_UNKNOWN, CONFLICT, PORTAL_CLOSED,
        DUPLICATE_OPEN_DOSSIER: { status: 409, when: { vi: 'người này đang có hồ sơ chưa xong của cùng thủ tục', en: 'this person has an open dossier of the same procedure' } },
        REDIRECTED: { status: 409, when: { vi: 'thủ tục do bộ tiếp nhận ở dịch vụ riêng; không có gì được lưu', en: 'the ministry takes the procedure on its own service; nothing was stored' } },
      },
      examples: [],
    }),
    defineOperation({
      name: 'own-dossiers', method: 'GET', path: '/api/dossiers', takes: 'query', request: z.object({}), access: cookie,
      answers: { 200: z.object({ dossiers: z.array(DossierAnswer) }), 401: RefusalBody }, summary: { vi: 'Hồ sơ của tôi, mới nhất trước', en: 'One\'s own dossiers, newest first' }, refuses: { LOGIN_REQUIRED }, examples: [],
    }),
    defineOperation({
      name: 'own-dossier', method: 'GET', path: '/api/dossiers/{dossierCode}', takes: 'query', request: OfDossier, access: cookie,
      answers: { 200: DossierAnswer, 401: RefusalBody, 404: RefusalBody }, summary: { vi: 'Một hồ sơ của tôi', en: 'One of one\'s own dossiers' }, refuses: { LOGIN_REQUIRED, DOSSIER_UNKNOWN }, examples: [],
    }),
    defineOperation({
      name: 'supplement', method: 'POST', path: '/api/dossiers/{dossierCode}/supplements', takes: 'json', request: OfDossier.extend(SendSupplement.shape), access: cookie,
      answers: { 200: StatusSet, 201: StatusSet, 400: RefusalBody, 401: RefusalBody, 404: RefusalBody, 409: RefusalBody },
      summary: { vi: 'Công dân bổ sung hồ sơ theo yêu cầu', en: 'Answers a supplement that was asked for' }, refuses: { BODY_INVALID, LOGIN_REQUIRED, DOSSIER_UNKNOWN, TRANSITION_FORBIDDEN, CONFLICT }, examples: [],
    }),
    defineOperation({
      name: 'withdraw', method: 'POST', path: '/api/dossiers/{dossierCode}/withdrawals', takes: 'json', request: OfDossier.extend(Withdraw.shape), access: cookie,
      answers: { 200: StatusSet, 201: StatusSet, 400: RefusalBody, 401: RefusalBody, 404: RefusalBody, 409: RefusalBody },
      summary: { vi: 'Công dân rút hồ sơ', en: 'Withdraws a dossier' }, refuses: { BODY_INVALID, LOGIN_REQUIRED, DOSSIER_UNKNOWN, TRANSITION_FORBIDDEN, CONFLICT }, examples: [],
    }),
    defineOperation({
      name: 'pay', method: 'POST', path: '/api/dossiers/{dossierCode}/payments', takes: 'json', request: OfDossier.extend(CreatePayment.shape), access: cookie,
      answers: { 201: PaymentAnswer, 400: RefusalBody, 401: RefusalBody, 404: RefusalBody, 409: RefusalBody, 502: RefusalBody, 504: RefusalBody },
      summary: { vi: 'Tạo giao dịch thanh toán và mã QR; không bao giờ nhận số tài khoản từ người gọi', en: 'Begins a payment and gives its QR; never takes an account number from the caller' },
      refuses: {
        BODY_INVALID, LOGIN_REQUIRED, DOSSIER_UNKNOWN, NOTHING_TO_PAY: { status: 409, when: { vi: 'không có gì phải nộp', en: 'there is nothing to pay' } },
        BANK_TIMEOUT: { status: 504, when: { vi: 'ngân hàng không trả lời kịp', en: 'the bank did not answer in time' } }, BANK_UNAVAILABLE: { status: 502, when: { vi: 'ngân hàng không phục vụ', en: 'the bank does not serve' } },
      },
      examples: [],
    }),
    defineOperation({
      name: 'feedback', method: 'POST', path: '/api/feedback', takes: 'json', request: SendFeedback, access: cookie,
      answers: { 200: FeedbackAnswer, 201: FeedbackAnswer, 400: RefusalBody, 401: RefusalBody, 409: RefusalBody, 503: RefusalBody },
      summary: { vi: 'Gửi phản ánh, kiến nghị; được chuyển đến đơn vị theo chủ đề và tỉnh', en: 'Sends feedback; topic and province decide the unit' }, 
      refuses: { BODY_INVALID, LOGIN_REQUIRED, CONFLICT, PORTAL_CLOSED, FEEDBACK_TOPIC_UNKNOWN: { status: 400, when: { vi: 'không có chủ đề này', en: 'there is no such topic' } } }, examples: [],
    }),
    defineOperation({
      name: 'read-feedback', method: 'GET', path: '/api/feedback/{feedbackCode}', takes: 'query', request: z.strictObject({ feedbackCode: z.string().min(1) }), access: cookie,
      answers: { 200: FeedbackAnswer, 401: RefusalBody, 404: RefusalBody }, summary: { vi: 'Phản ánh của tôi và trả lời', en: 'One\'s own feedback and its answer' },
      refuses: { LOGIN_REQUIRED, FEEDBACK_UNKNOWN: { status: 404, when: { vi: 'không có phản ánh này, hoặc là của người khác', en: 'there is no such feedback, or it is somebody else\'s' } } }, examples: [],
    }),
  ],
  calls: [],
}
