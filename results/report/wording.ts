/**
 * Names in both languages for the ids of a verdict: criteria, figures, classes. An id that is not known here is printed as it is,
 * so that a new criterion appears at once and only its name waits.
 */
import type { Text } from '../../contracts/text.ts'
import type { OperationClass } from '../../contracts/verdict.ts'
import { entryId, type RunbookGate, type RunbookStep } from '../../contracts/runbook.ts'
import { INCIDENTS, type IncidentId } from '../../contracts/incidents.ts'

export const CLASS_NAMES: Record<OperationClass, Text> = {
  'confirmed': { vi: 'Đã xác nhận', en: 'Confirmed' },
  'lost': { vi: 'Báo thành công nhưng bị mất', en: 'Acknowledged, then lost' },
  'misrouted': { vi: 'Nằm sai hệ thống', en: 'In the wrong system only' },
  'split': { vi: 'Vừa đúng vừa sai hệ thống', en: 'In the right and in a wrong system' },
  'duplicate': { vi: 'Bị nhân đôi', en: 'More than once' },
  'ghost': { vi: 'Báo lỗi nhưng vẫn được ghi', en: 'Refused, yet stored' },
  'recovered': { vi: 'Không rõ kết quả, thực tế đã ghi', en: 'Unknown outcome, stored' },
  'unresolved': { vi: 'Không rõ kết quả, không được ghi', en: 'Unknown outcome, not stored' },
  'unexpected': { vi: 'Bản ghi không ai gửi', en: 'A record nobody sent' },
  'inconsistent': { vi: 'Nội dung khác điều đã gửi', en: 'Other content than was sent' },
  'late': { vi: 'Trạng thái đến muộn, trong thời hạn', en: 'Older status, inside the bound' },
  'stale': { vi: 'Trạng thái cũ quá thời hạn', en: 'Older status, past the bound' },
  'regressed': { vi: 'Đọc thấy mới rồi lại cũ', en: 'Read newer, then older' },
  'illegal-transition': { vi: 'Chuyển trạng thái trái quy trình', en: 'Status order the process forbids' },
  'unverified': { vi: 'Không đối chiếu được', en: 'Could not be verified' },
}

const GROUP_NAMES: Record<string, Text> = {
  class: { vi: 'Đối chiếu thao tác', en: 'Reconciliation of operations' }, step: { vi: 'Các bước kịch bản', en: 'Steps of the runbook' }, gate: { vi: 'Chốt quyết định', en: 'Gates' },
  steady: { vi: 'Trạng thái ổn định', en: 'Steady state' }, partners: { vi: 'Đối tác', en: 'Partners' }, migration: { vi: 'Chuyển hồ sơ cũ', en: 'Migration' },
  validity: { vi: 'Tính hợp lệ của lần chạy', en: 'Validity of the run' }, figures: { vi: 'Số liệu khớp nhau', en: 'Figures that must agree' }, incident: { vi: 'Sự cố đã biết', en: 'Known incidents' },
}

const FIGURE_NAMES: Record<string, Text> = {
  'operations': { vi: 'Thao tác', en: 'Operations' }, 'dossiers.synced': { vi: 'Hồ sơ đã đồng bộ', en: 'Dossiers synced' }, 'dossiers.migrated': { vi: 'Hồ sơ cũ đã chuyển', en: 'Old dossiers migrated' },
  'money.in': { vi: 'Tiền ghi nợ tại ngân hàng', en: 'Money debited at the banks' }, 'money.out': { vi: 'Tiền ghi nhận trên cổng', en: 'Money recorded at the portal' },
}

export function groupName(group: string): Text { return GROUP_NAMES[group] ?? { vi: group, en: group } }
export function figureName(id: string): Text { return FIGURE_NAMES[id] ?? { vi: id, en: id } }

/** Null where the id itself is all there is to say. */
export function criterionName(id: string, entries: readonly (RunbookStep | RunbookGate)[]): Text | null {
  const dot = id.indexOf('.')
  const [group, subject] = [id.slice(0, dot), id.slice(dot + 1)]
  if (group === 'step' || group === 'gate') return entries.find((entry) => entryId(entry) === subject)?.title ?? null
  if (subject in CLASS_NAMES) return CLASS_NAMES[subject as OperationClass]
  if (subject in INCIDENTS) return INCIDENTS[subject as IncidentId].title
  return null
}
