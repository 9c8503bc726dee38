/** What the operations of a dossier system have in common: the refusals of one that is not ready, the files it takes, the people of its examples. */
import { z } from 'zod'
import { personOf } from '../../../reference/people.ts'
import type { RefusalCase } from '../../operation.ts'

/** Readiness by the criteria of 004 (facts section 4): one that lacks one says so instead of taking what it cannot handle. */
export const NOT_READY = {
  PROCEDURE_NOT_CONFIGURED: { status: 422, when: { vi: 'thủ tục chưa được cấu hình trên hệ thống này', en: 'the procedure is not configured on this system' } },
  NOT_CONNECTED: { status: 503, when: { vi: 'hệ thống này chưa kết nối với cổng', en: 'this system is not connected with the portal yet' } },
} as const satisfies Record<string, RefusalCase>

export const DOSSIER_UNKNOWN: RefusalCase = { status: 404, when: { vi: 'hồ sơ không có ở đây, hoặc chưa đến', en: 'the dossier is not held here, or not yet' } }
export const REFERENCE_TAKEN: RefusalCase = { status: 409, when: { vi: 'mã tham chiếu đã dùng cho nội dung khác', en: 'the reference was used for something else' } }
export const TRANSITION_FORBIDDEN: RefusalCase = { status: 409, when: { vi: 'quy trình không cho phép trạng thái này lúc này', en: 'the process does not allow this status now' } }

/** Of one file of a dossier. */
export const MAX_ATTACHMENT_BYTES = 20 * 1024 * 1024
/** Of one request's piece: in base64 it fits into a body of 1 MiB with room for the rest. */
export const MAX_PIECE_BYTES = 512 * 1024
export const CONTENT_TYPES = ['application/pdf', 'image/jpeg', 'image/png', 'application/xml', 'text/plain', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'] as const

/** Base64 of at most MAX_PIECE_BYTES. */
export const Piece = z.base64().max(Math.ceil(MAX_PIECE_BYTES / 3) * 4)
export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'SHA-256 in lower-case hex')

const PERSON = personOf(1)

/** One invented person and two dossiers, the same in all examples; an hour of the documented night. */
export const EXAMPLE = {
  personId: PERSON.personId, name: PERSON.name, birthDate: PERSON.birthDate, at: Date.parse('2026-04-10T21:00:00+07:00'),
  forwardedCode: 'H01-260410-500001', deskCode: 'H01-260410-000001',
  /** `Kết quả xử lý` in UTF-8. */
  file: { content: 'S+G6v3QgcXXhuqMgeOG7rSBsw70=', sizeBytes: 20, sha256: '4677c39337846b563a42808c2e9ab8128550c314f0c60aa3c8d4231bf8945456' },
} as const
