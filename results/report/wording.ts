/**
 * Names in both languages for the ids of a verdict: criteria, figures, classes. An id that is not known here is printed as it is,
 * so that a new criterion appears at once and only its name waits.
 */
import type { DossierStatus } from '../../contracts/status.ts'
import type { SystemRole } from '../../contracts/target.ts'
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

const FLOW_NAMES: Record<string, Text> = {
  'login': { vi: 'Đăng nhập', en: 'Login' }, 'logout': { vi: 'Đăng xuất', en: 'Logout' }, 'find-service': { vi: 'Tìm dịch vụ', en: 'Find a service' },
  'submit': { vi: 'Nộp hồ sơ', en: 'Submit a dossier' }, 'read-dossier': { vi: 'Tra cứu hồ sơ', en: 'Look up a dossier' }, 'pay': { vi: 'Thanh toán', en: 'Pay' },
  'sms': { vi: 'SMS', en: 'SMS' }, 'dossier-sync': { vi: 'Đồng bộ hồ sơ', en: 'Dossier sync' }, 'status-sync': { vi: 'Đồng bộ trạng thái', en: 'Status sync' },
}

const ROLE_NAMES: Partial<Record<SystemRole, Text>> = {
  vneid: { vi: 'VNeID', en: 'VNeID' }, sms: { vi: 'cổng SMS', en: 'SMS gateway' }, portal: { vi: 'cổng mới', en: 'new portal' }, legacy: { vi: 'cổng cũ', en: 'old portal' },
  coordination: { vi: 'hệ thống điều phối', en: 'coordination system' }, catalogue: { vi: 'CSDLQG về TTHC', en: 'catalogue' }, payments: { vi: 'thanh toán tập trung', en: 'central payments' },
  notifications: { vi: 'hệ thống thông báo', en: 'notifications' }, statistics: { vi: 'thống kê', en: 'statistics' },
}

const STATUS_NAMES: Record<DossierStatus | 'absent' | 'present', Text> = {
  'newly-registered': { vi: 'mới đăng ký', en: 'newly registered' }, 'received': { vi: 'đã tiếp nhận', en: 'received' }, 'not-received': { vi: 'không tiếp nhận', en: 'not received' },
  'in-process': { vi: 'đang xử lý', en: 'in process' }, 'supplement-asked': { vi: 'yêu cầu bổ sung', en: 'supplement asked' }, 'financial-obligation': { vi: 'yêu cầu nghĩa vụ tài chính', en: 'financial obligation asked' },
  'withdrawn': { vi: 'công dân rút', en: 'withdrawn' }, 'stopped': { vi: 'dừng xử lý', en: 'stopped' }, 'done': { vi: 'đã xử lý xong', en: 'done' }, 'result-returned': { vi: 'đã trả kết quả', en: 'result returned' },
  'absent': { vi: 'không có', en: 'absent' }, 'present': { vi: 'có', en: 'present' },
}

/** A system's own word, such as an address or an old number, stays as it is. */
export function statusName(status: string): Text { return STATUS_NAMES[status as DossierStatus] ?? { vi: status, en: status } }

export function flowName(id: string): Text { return FLOW_NAMES[id] ?? { vi: id, en: id } }

export function systemName(id: string, role: SystemRole): Text {
  if (role !== 'bank') return ROLE_NAMES[role] ?? { vi: id, en: id }
  const name = id.replace(/^bank-/, '').toUpperCase()
  return { vi: `ngân hàng ${name}`, en: `bank ${name}` }
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
