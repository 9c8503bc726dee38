/** The own system of a ministry, a utility or a province (HTTT giải quyết TTHC): one contract for all of them. */
import type { RoleContract } from '../role.ts'
import { attach, attachmentContent, attachments } from './dossier-system/attachments.ts'
import { deskDossier, deskLookUp, deskStatus } from './dossier-system/desk.ts'
import { forwarded, ownService, statuses } from './dossier-system/intake.ts'
import { deadline, dossiers, fee, readiness } from './dossier-system/look-ups.ts'
import { pushAttachment, pushDossier, pushStatus } from './dossier-system/pushes.ts'
import { confirmation, confirmations, deskResult, result } from './dossier-system/results.ts'
import { supplementAnswer, supplementAsk, supplements } from './dossier-system/supplements.ts'

export const DOSSIER_SYSTEM: RoleContract = {
  id: 'dossier-system', version: '1.0', senderHeader: 'x-partner',
  title: { vi: 'Hệ thống thông tin giải quyết TTHC của bộ, tỉnh', en: 'A ministry\'s or province\'s own dossier system' },
  description: {
    vi: 'Nhận hồ sơ tại quầy và hồ sơ do hệ thống điều phối chuyển, đẩy hồ sơ và trạng thái lên cổng, trao đổi tệp, bổ sung, kết quả, phí, hạn xử lý. Hồ sơ đồng bộ lên không bị kiểm tra trùng; gửi lại cùng mã không đổi gì.',
    en: 'Takes dossiers at its desk and those that the coordination system forwards, pushes dossiers and statuses to the portal, exchanges files, supplements, results, fees and deadlines. A synced dossier is not checked for duplicates; the same code again changes nothing.',
  },
  operations: [
    forwarded, statuses, ownService, deskDossier, deskLookUp, deskStatus, attach, attachments, attachmentContent,
    supplementAsk, supplementAnswer, supplements, confirmation, confirmations, deskResult, result, dossiers, fee, deadline, readiness,
  ],
  calls: [pushDossier, pushStatus, pushAttachment],
}
