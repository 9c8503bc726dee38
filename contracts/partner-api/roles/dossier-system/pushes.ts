/**
 * What a partner's own system asks of the portal: its dossiers, statuses and files, signed with its key, from its own address. The portal does not put a
 * synced dossier to the business check for duplicates (000); the same code again changes nothing. Where an answer stays out, the same bytes are sent again.
 */
import { z } from 'zod'
import { SyncDossier, SyncStatus } from '../../../api/front.ts'
import { RefusalBody, type RefusalCase } from '../../operation.ts'
import type { OutgoingCall } from '../../role.ts'
import { Attachment, FileName } from './attachments.ts'
import { EXAMPLE, MAX_PIECE_BYTES, Piece, Sha256, TRANSITION_FORBIDDEN } from './terms.ts'

const CONFLICT: RefusalCase = { status: 409, when: { vi: 'cùng mã, nội dung khác', en: 'the same code with other content' } }
const PORTAL_CLOSED: RefusalCase = { status: 503, when: { vi: 'cổng chưa mở; không có gì được lưu', en: 'the portal is not open; nothing was stored' } }
const DOSSIER_UNKNOWN: RefusalCase = { status: 404, when: { vi: 'cổng chưa có hồ sơ này', en: 'the portal does not have the dossier' } }
const refusals = { 400: RefusalBody, 401: RefusalBody, 409: RefusalBody, 503: RefusalBody }

export const pushDossier: OutgoingCall = {
  name: 'push-dossier', to: 'portal', after: 'desk-dossier', method: 'POST', path: '/sync/v1/dossiers', takes: 'json', request: SyncDossier, signed: true,
  answers: { 200: z.object({ result: z.literal('unchanged') }), 201: z.object({ result: z.literal('created') }), ...refusals },
  summary: { vi: 'Đồng bộ hồ sơ lên cổng', en: 'Syncs a dossier up to the portal' },
  refuses: { CONFLICT, PORTAL_CLOSED },
  examples: [{
    title: { vi: 'Hồ sơ nhận tại quầy', en: 'A dossier taken at the desk' }, status: 201, answer: { result: 'created' },
    request: {
      reference: 'example-desk', dossierCode: EXAMPLE.deskCode, procedureCode: '9.900001', unitCode: 'H01', applicantId: EXAMPLE.personId, applicantName: EXAMPLE.name,
      applicantBirthDate: EXAMPLE.birthDate, status: 'received', submittedAt: EXAMPLE.at, note: '',
    },
  }],
}

export const pushStatus: OutgoingCall = {
  name: 'push-status', to: 'portal', after: 'desk-status', method: 'POST', path: '/sync/v1/statuses', takes: 'json', request: SyncStatus, signed: true,
  answers: { 200: z.object({ result: z.literal('unchanged') }), 201: z.object({ result: z.literal('applied') }), 404: RefusalBody, ...refusals },
  summary: { vi: 'Đồng bộ trạng thái lên cổng', en: 'Syncs a status up to the portal' },
  refuses: { DOSSIER_UNKNOWN, TRANSITION_FORBIDDEN, PORTAL_CLOSED },
  examples: [{
    title: { vi: 'Bắt đầu xử lý', en: 'Processing begins' }, status: 201, answer: { result: 'applied' }, given: { vi: 'hồ sơ đã được đồng bộ', en: 'the dossier was synced before' },
    request: { reference: 'example-status', dossierCode: EXAMPLE.deskCode, status: 'in-process', at: EXAMPLE.at + 60_000 },
  }],
}

export const pushAttachment: OutgoingCall = {
  name: 'push-attachment', to: 'portal', after: 'attach', method: 'POST', path: '/sync/v1/attachments', takes: 'json', signed: true,
  request: z.strictObject({
    reference: z.string(), dossierCode: z.string(), fileName: FileName, contentType: z.string(), sizeBytes: z.int(), sha256: Sha256, offset: z.int(), content: Piece,
  }),
  answers: { 200: Attachment.partial(), 201: Attachment.partial(), 404: RefusalBody, 413: RefusalBody, ...refusals },
  summary: {
    vi: `Đồng bộ tệp của hồ sơ lên cổng theo từng phần tối đa ${MAX_PIECE_BYTES} byte; chỉ khi cấu hình cho phép (cổng tham chiếu không nhận tệp)`,
    en: `Syncs a file up to the portal in pieces of at most ${MAX_PIECE_BYTES} bytes; only where configured (the reference portal takes no files)`,
  },
  refuses: { DOSSIER_UNKNOWN, CONFLICT, PORTAL_CLOSED },
  examples: [],
}
