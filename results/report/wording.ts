/**
 * Names in both languages for the ids of a verdict: criteria, figures, classes. An id that is not known here is printed as it is,
 * so that a new criterion appears at once and only its name waits.
 */
import { LEGACY_STATUS_NUMBERS } from '../../contracts/legacy-status.ts'
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
  runbook: { vi: 'Kịch bản chuyển đổi', en: 'The runbook' }, valid: { vi: 'Tính hợp lệ của lần chạy', en: 'Validity of the run' },
  class: { vi: 'Đối chiếu thao tác', en: 'Reconciliation of operations' },
  steady: { vi: 'Trạng thái ổn định', en: 'Steady state' }, partners: { vi: 'Đối tác', en: 'Partners' }, migration: { vi: 'Chuyển hồ sơ cũ', en: 'Migration' },
  figures: { vi: 'Số liệu khớp nhau', en: 'Figures that must agree' }, incident: { vi: 'Sự cố đã biết', en: 'Known incidents' }, load: { vi: 'Tiêu chí của tải', en: 'Criteria of the load' },
}

const FIGURE_NAMES: Record<string, Text> = {
  'operations': { vi: 'Thao tác', en: 'Operations' }, 'operations.ok': { vi: 'Thao tác được báo thành công', en: 'Operations acknowledged' }, 'operations.fail': { vi: 'Thao tác bị từ chối', en: 'Operations refused' },
  'operations.info': { vi: 'Thao tác không rõ kết quả', en: 'Operations of unknown outcome' }, 'operations.writes': { vi: 'Thao tác ghi', en: 'Writing operations' }, 'cut-off': { vi: 'Thao tác bị cắt giữa chừng', en: 'Operations cut off in flight' },
  'dossiers.synced': { vi: 'Hồ sơ đã đồng bộ', en: 'Dossiers synced' }, 'dossiers.submitted': { vi: 'Hồ sơ nộp trực tiếp', en: 'Dossiers submitted directly' },
  'migration.total': { vi: 'Hồ sơ cũ phải chuyển', en: 'Old dossiers to migrate' }, 'migration.migrated': { vi: 'Hồ sơ cũ đã chuyển', en: 'Old dossiers migrated' }, 'migration.verified': { vi: 'Hồ sơ cũ đã đối soát khớp', en: 'Old dossiers verified' },
  'migration.missing': { vi: 'Hồ sơ cũ không có trên cổng mới', en: 'Old dossiers missing' }, 'migration.mismatched': { vi: 'Hồ sơ cũ bị sai khác', en: 'Old dossiers that differ' }, 'migration.afterCopy': { vi: 'Hồ sơ cũ nhận sau khi chuyển', en: 'Old dossiers taken in after the copy' },
  'money.banks': { vi: 'Tiền ghi nợ tại ngân hàng', en: 'Money debited at the banks' }, 'money.payments': { vi: 'Tiền ghi nhận ở thanh toán tập trung', en: 'Money recorded by central payments' }, 'money.portal': { vi: 'Tiền ghi nhận trên cổng', en: 'Money recorded at the portal' },
  'money.banks.records': { vi: 'Giao dịch tại ngân hàng', en: 'Debits at the banks' }, 'money.payments.records': { vi: 'Giao dịch ở thanh toán tập trung', en: 'Payments of central payments' }, 'money.portal.records': { vi: 'Giao dịch trên cổng', en: 'Payments on the portal' },
  'sms.asked': { vi: 'SMS yêu cầu gửi', en: 'SMS asked' }, 'sms.delivered': { vi: 'SMS đã đến', en: 'SMS delivered' }, 'sms.accepted': { vi: 'SMS nhà mạng đã nhận', en: 'SMS accepted' }, 'sms.timeout': { vi: 'SMS hết thời gian chờ', en: 'SMS timed out' }, 'sms.failed': { vi: 'SMS lỗi', en: 'SMS failed' },
  'requests.edges': { vi: 'Yêu cầu qua lớp biên', en: 'Requests at the edges' },
}

const TRANSACTION_NAMES: Record<string, Text> = {
  'submit-received': { vi: 'Nộp → đơn vị giải quyết có hồ sơ', en: 'Submitted → the handling unit holds it' }, 'submit-sms': { vi: 'Nộp → SMS đến nơi', en: 'Submitted → SMS delivered' },
  'paid-receipt': { vi: 'Trả tiền ở ngân hàng → cổng ghi nhận và có biên lai', en: 'Paid at the bank → paid and receipt on the portal' }, 'processed-visible': { vi: 'Đơn vị xử lý → người dân thấy trên cổng', en: 'Processed at the partner → visible to the citizen' },
}
const TRANSACTION_FIGURES: Record<string, Text> = {
  count: { vi: 'đã xong', en: 'finished' }, unfinished: { vi: 'chưa xong', en: 'unfinished' }, p50Ms: { vi: 'p50', en: 'p50' }, p95Ms: { vi: 'p95', en: 'p95' }, p99Ms: { vi: 'p99', en: 'p99' }, maxMs: { vi: 'lâu nhất', en: 'longest' },
}

export function transactionName(name: string): Text { return TRANSACTION_NAMES[name] ?? { vi: name, en: name } }

const FLOW_NAMES: Record<string, Text> = {
  'login': { vi: 'Đăng nhập', en: 'Login' }, 'logout': { vi: 'Đăng xuất', en: 'Logout' }, 'find-service': { vi: 'Tìm dịch vụ', en: 'Find a service' },
  'submit': { vi: 'Nộp hồ sơ', en: 'Submit a dossier' }, 'read-dossier': { vi: 'Tra cứu hồ sơ', en: 'Look up a dossier' }, 'pay': { vi: 'Thanh toán', en: 'Pay' },
  'receive': { vi: 'Tiếp nhận', en: 'Receive' }, 'supplement': { vi: 'Yêu cầu bổ sung', en: 'Ask for a supplement' }, 'process': { vi: 'Xử lý', en: 'Process' }, 'return-result': { vi: 'Trả kết quả', en: 'Return the result' },
  'feedback': { vi: 'Phản ánh, kiến nghị', en: 'Feedback and petitions' }, 'statistics': { vi: 'Thống kê, báo cáo', en: 'Statistics and report' },
  'sms': { vi: 'SMS', en: 'SMS' }, 'dossier-sync': { vi: 'Đồng bộ hồ sơ', en: 'Dossier sync' }, 'status-sync': { vi: 'Đồng bộ trạng thái', en: 'Status sync' },
}

const ROLE_NAMES: Partial<Record<SystemRole, Text>> = {
  vneid: { vi: 'VNeID', en: 'VNeID' }, sms: { vi: 'cổng SMS', en: 'SMS gateway' }, portal: { vi: 'cổng mới', en: 'new portal' }, legacy: { vi: 'cổng cũ', en: 'old portal' },
  coordination: { vi: 'hệ thống điều phối', en: 'coordination system' }, catalogue: { vi: 'CSDLQG về TTHC', en: 'catalogue' }, payments: { vi: 'thanh toán tập trung', en: 'central payments' },
  notifications: { vi: 'hệ thống thông báo', en: 'notifications' }, statistics: { vi: 'thống kê', en: 'statistics' }, feedback: { vi: 'phản ánh, kiến nghị', en: 'feedback' },
}

const STATUS_NAMES: Record<DossierStatus | 'absent' | 'present', Text> = {
  'newly-registered': { vi: 'mới đăng ký', en: 'newly registered' }, 'received': { vi: 'đã tiếp nhận', en: 'received' }, 'not-received': { vi: 'không tiếp nhận', en: 'not received' },
  'in-process': { vi: 'đang xử lý', en: 'in process' }, 'supplement-asked': { vi: 'yêu cầu bổ sung', en: 'supplement asked' }, 'financial-obligation': { vi: 'yêu cầu nghĩa vụ tài chính', en: 'financial obligation asked' },
  'withdrawn': { vi: 'công dân rút', en: 'withdrawn' }, 'stopped': { vi: 'dừng xử lý', en: 'stopped' }, 'done': { vi: 'đã xử lý xong', en: 'done' }, 'result-returned': { vi: 'đã trả kết quả', en: 'result returned' },
  'absent': { vi: 'không có', en: 'absent' }, 'present': { vi: 'có', en: 'present' },
}

/** The old portal's numbers carry the name; another own word of a system, such as an address, stays as it is. */
export function statusName(system: string, status: string): Text {
  const old = system === 'legacy' ? Object.entries(LEGACY_STATUS_NUMBERS).find(([, number]) => String(number) === status)?.[0] : undefined
  const name = STATUS_NAMES[(old ?? status) as DossierStatus]
  if (!name) return { vi: status, en: status }
  return old ? { vi: `${status} (${name.vi})`, en: `${status} (${name.en})` } : name
}

export function flowName(id: string): Text { return FLOW_NAMES[id] ?? { vi: id, en: id } }

export function systemName(id: string, role: SystemRole): Text {
  if (role !== 'bank') return ROLE_NAMES[role] ?? { vi: id, en: id }
  const name = id.replace(/^bank-/, '').toUpperCase()
  return { vi: `ngân hàng ${name}`, en: `bank ${name}` }
}

export function groupName(group: string): Text { return GROUP_NAMES[group] ?? { vi: group, en: group } }
export function figureName(id: string): Text {
  const className = id.startsWith('class.') ? CLASS_NAMES[id.slice('class.'.length) as OperationClass] : undefined
  const [, transaction, what] = /^e2e\.([a-z-]+)\.(\w+)$/.exec(id) ?? []
  if (transaction !== undefined && TRANSACTION_NAMES[transaction] && TRANSACTION_FIGURES[what!]) {
    const [name, figure] = [TRANSACTION_NAMES[transaction], TRANSACTION_FIGURES[what!]!]
    return { vi: `${name.vi}: ${figure.vi}`, en: `${name.en}: ${figure.en}` }
  }
  return FIGURE_NAMES[id] ?? className ?? { vi: id, en: id }
}

const CRITERION_NAMES: Record<string, Text> = {
  'runbook.completed': { vi: 'Kịch bản chạy đến hết', en: 'The night went to its end' }, 'partners.complete': { vi: 'Mọi đối tác đồng bộ đủ', en: 'Every partner complete' },
  'migration.complete': { vi: 'Hồ sơ cũ chuyển đủ và khớp', en: 'Old dossiers complete and equal' },
  'figures.money': { vi: 'Tiền khớp giữa ngân hàng, thanh toán và cổng', en: 'Money agrees at banks, payments and portal' }, 'figures.sms': { vi: 'Số SMS cộng khớp', en: 'SMS add up' },
  'figures.dossiers-synced': { vi: 'Số hồ sơ đồng bộ cổng báo cáo', en: 'Synced dossiers as the portal reports' }, 'figures.payments': { vi: 'Số giao dịch báo cáo', en: 'Payments as reported' }, 'figures.messages': { vi: 'Số tin nhắn báo cáo', en: 'Messages as reported' },
  'valid.plan-hash': { vi: 'Kế hoạch đúng mã băm', en: 'The plan fits its hash' }, 'valid.record-files-whole': { vi: 'Mọi tệp ghi nguyên vẹn', en: 'Every record file whole' }, 'valid.systems-read': { vi: 'Mọi hệ thống đọc đến hết', en: 'Every system read to its end' },
  'valid.baseline-read': { vi: 'Mọi hệ thống được đọc trước khi chạy', en: 'Every system read before the run' }, 'valid.operations-derivable': { vi: 'Mọi thao tác suy ra được từ kế hoạch', en: 'Every operation follows from the plan' },
  'valid.history-complete': { vi: 'Lịch sử đủ dòng như k6 đếm', en: 'As many history lines as k6 counted' }, 'valid.dropped-iterations': { vi: 'Không bỏ lượt nào', en: 'No dropped iteration' }, 'valid.generator-ended': { vi: 'Bộ tạo tải kết thúc đúng cách', en: 'The load generator ended in order' },
  'valid.cut-off': { vi: 'Số thao tác bị cắt giữa chừng hợp lý', en: 'Operations cut off in flight within reason' }, 'valid.edges': { vi: 'Nhật ký lớp biên khớp với thao tác', en: 'The edges\' logs fit the operations' },
  'valid.final-reads': { vi: 'Đọc trạng thái cuối sau thao tác cuối', en: 'Final reads after the last operation' }, 'valid.baseline-unused': { vi: 'Trạng thái ban đầu chưa có thao tác của lần chạy', en: 'The baseline holds nothing of this run' },
  'valid.head-room': { vi: 'Máy không bị quá tải', en: 'The machine had head-room' }, 'valid.planned-load': { vi: 'Tải đạt kế hoạch', en: 'The planned load was reached' }, 'valid.lateness': { vi: 'Tải phát đúng giờ', en: 'The load was on time' },
  'valid.samples': { vi: 'Đủ số mẫu', en: 'Enough samples' },
  'valid.vu-head-room': { vi: 'Còn người dùng ảo dự phòng', en: 'Virtual users to spare' }, 'valid.generator-head-room': { vi: 'Bộ tạo tải còn dư CPU', en: 'The generator had CPU to spare' }, 'valid.clock-jumps': { vi: 'Đồng hồ không nhảy', en: 'The clock never jumped' },
  'valid.served': { vi: 'Hệ thống đếm đủ yêu cầu như lịch sử', en: 'Systems count what the history tells' }, 'valid.history-sealed': { vi: 'Lịch sử đúng như k6 để lại', en: 'The history is as k6 left it' },
  'figures.refunds': { vi: 'Tiền hoàn khớp', en: 'Refunds agree' }, 'figures.statistics': { vi: 'Số liệu thống kê đúng', en: 'Figures of the statistics are right' }, 'valid.clocks': { vi: 'Đồng hồ hợp lý', en: 'The clocks are sane' },
}

/** Null where the id itself is all there is to say. */
export function criterionName(id: string, entries: readonly (RunbookStep | RunbookGate)[]): Text | null {
  if (CRITERION_NAMES[id]) return CRITERION_NAMES[id]
  const entry = /^runbook\.(?:step|gate)\.(.+)$/.exec(id)
  if (entry) return entries.find((candidate) => entryId(candidate) === entry[1])?.title ?? null
  const subject = id.slice(id.indexOf('.') + 1)
  if (subject in CLASS_NAMES) return CLASS_NAMES[subject as OperationClass]
  if (subject in INCIDENTS) return INCIDENTS[subject as IncidentId].title
  return null
}
