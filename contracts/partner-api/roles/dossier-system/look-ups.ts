/**
 * What the portal asks a partner's own system: its dossiers page by page (each unit reconciles its real count with the portal, 002), the fee by unit code
 * (never with an account number: the beneficiary is looked up by unit code, 000), the deadline by working days, and how ready it is (004).
 */
import { z } from 'zod'
import { PAYMENT_PURPOSES } from '../../../api/inside.ts'
import { CRITERIA } from '../../../reference/readiness.ts'
import { defineOperation, RefusalBody } from '../../operation.ts'
import { DOSSIER_UNKNOWN, EXAMPLE } from './terms.ts'

export const MAX_PAGE = 500

export const ListedDossier = z.object({
  dossierCode: z.string(), reference: z.string(), procedureCode: z.string(), unitCode: z.string(), status: z.string(), submittedAt: z.number(),
  origin: z.enum(['desk', 'forwarded', 'own-service']),
  /** How its push to the portal ended; null where it was never pushed. */
  sync: z.enum(['acknowledged', 'refused', 'unknown', 'not-connected']).nullable(),
})
export type ListedDossier = z.infer<typeof ListedDossier>

export const dossiers = defineOperation({
  name: 'dossiers', method: 'GET', path: '/v1/dossiers', takes: 'query',
  request: z.object({
    from: z.coerce.number().default(0), to: z.coerce.number().default(Number.MAX_SAFE_INTEGER), after: z.string().default(''), limit: z.coerce.number().int().min(1).max(MAX_PAGE).default(100),
  }),
  answers: { 200: z.object({ dossiers: z.array(ListedDossier), next: z.string().nullable(), total: z.int() }), 400: RefusalBody, 410: RefusalBody },
  summary: {
    vi: 'Danh sách hồ sơ để đối soát: nộp từ `from` đến trước `to`, theo thứ tự lưu; trang sau bắt đầu từ `next`; `total` là tổng của cả khoảng',
    en: 'Lists dossiers for reconciliation: submitted from `from` to before `to`, in the order of storing; the next page begins after `next`; `total` counts the whole span',
  },
  refuses: {
    CURSOR_UNKNOWN: { status: 400, when: { vi: '`after` không phải `next` của trang trước', en: '`after` is not the `next` of a page' } },
    PERIOD_GONE: { status: 410, when: { vi: 'khoảng này có hồ sơ không còn lưu', en: 'dossiers of the span are no longer kept' } },
  },
  examples: [{ title: { vi: 'Trang đầu', en: 'The first page' }, status: 200, request: { limit: 2 } }],
})

export const fee = defineOperation({
  name: 'fee', method: 'GET', path: '/v1/fees', takes: 'query', request: z.object({ procedureCode: z.string().min(1), unitCode: z.string().min(1) }),
  answers: { 200: z.object({ procedureCode: z.string(), unitCode: z.string(), feeVnd: z.int(), purpose: z.enum(PAYMENT_PURPOSES) }), 400: RefusalBody, 404: RefusalBody },
  summary: { vi: 'Phí, lệ phí của thủ tục tại đơn vị tiếp nhận; không bao giờ kèm số tài khoản', en: 'The fee of a procedure at a receiving unit; never with an account number' },
  refuses: {
    PROCEDURE_UNKNOWN: { status: 404, when: { vi: 'thủ tục không có ở đây', en: 'the procedure is not offered here' } },
    UNIT_UNKNOWN: { status: 404, when: { vi: 'đơn vị không thuộc hệ thống này', en: 'the unit is none of this system\'s' } },
  },
  examples: [{
    title: { vi: 'Bản sao trích lục', en: 'A copy of an extract' }, status: 200, given: { vi: 'hệ thống của đơn vị H01', en: 'the system of unit H01' },
    request: { procedureCode: '9.900001', unitCode: 'H01' }, answer: { procedureCode: '9.900001', unitCode: 'H01', feeVnd: 8_000, purpose: 'fee' },
  }],
})

export const deadline = defineOperation({
  name: 'deadline', method: 'GET', path: '/v1/deadlines', takes: 'query', request: z.object({ dossierCode: z.string().min(1) }),
  answers: { 200: z.object({ dossierCode: z.string(), submittedAt: z.number(), workingDays: z.int(), dueAt: z.number(), overdue: z.boolean() }), 400: RefusalBody, 404: RefusalBody },
  summary: {
    vi: 'Hạn xử lý: 17 giờ (Hà Nội) của ngày làm việc thứ năm sau ngày nộp; không đặt lại giữa chừng',
    en: 'When it is due: 17:00 in Hanoi on the fifth working day after the day of submission; never set anew on the way',
  },
  refuses: { DOSSIER_UNKNOWN },
  examples: [{
    title: { vi: 'Nộp tối thứ sáu 10/4/2026', en: 'Submitted on the night of Friday 10 April 2026' }, status: 200, request: { dossierCode: EXAMPLE.forwardedCode },
    answer: { dossierCode: EXAMPLE.forwardedCode, submittedAt: EXAMPLE.at, workingDays: 5, dueAt: Date.parse('2026-04-17T17:00:00+07:00') },
  }],
})

export const readiness = defineOperation({
  name: 'readiness', method: 'GET', path: '/v1/readiness', takes: 'query', request: z.object({}),
  answers: {
    200: z.object({ criteria: z.object(Object.fromEntries(CRITERIA.map((id) => [id, z.boolean()])) as Record<(typeof CRITERIA)[number], z.ZodBoolean>), unconfigured: z.array(z.string()), dossiers: z.int() }),
    400: RefusalBody,
  },
  summary: { vi: 'Mức sẵn sàng theo bốn tiêu chí (004): vận hành, cấu hình đủ thủ tục, kết nối, đã phát sinh hồ sơ', en: 'How ready it is by the four criteria of 004: live, all procedures configured, connected, real dossiers have arisen' },
  examples: [{ title: { vi: 'Mức sẵn sàng', en: 'Readiness' }, status: 200, request: {} }],
})
