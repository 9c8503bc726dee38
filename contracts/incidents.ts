/**
 * The 44 incidents that really happened, or that the documents order to be checked (facts section 5). The ids are FIXED.
 * `ordered`: not reported as such, but to be checked. `source` names the document.
 */
import { z } from 'zod'
import type { Text } from './text.ts'

export type Incident = { title: Text; source: string; ordered: boolean }

export const INCIDENTS = {
  'vneid-login': { title: { vi: 'Một phần người dùng không đăng nhập được qua VNeID', en: 'Login through VNeID fails for a share of users' }, source: '001 3(1)', ordered: false },
  'vneid-logout': { title: { vi: 'Đăng xuất nhưng phiên vẫn còn ở một phía', en: 'Logout leaves the session alive on one side' }, source: '001 3(1)', ordered: false },
  'vneid-redirect': { title: { vi: 'Sau đăng nhập bị chuyển về hệ thống cũ', en: 'After login the user is sent to the old system' }, source: '001 3(1)', ordered: false },
  'vneid-foreigner': { title: { vi: 'Người nước ngoài và doanh nghiệp có đại diện pháp luật nước ngoài không đăng nhập được', en: 'Foreigners and companies with a foreign legal representative cannot log in' }, source: '000 2(7)', ordered: false },
  'dns-uneven': { title: { vi: 'Máy phân giải tên miền ở một số vùng giữ địa chỉ cũ sau khi chuyển, người dùng và hồ sơ rơi vào cổng cũ', en: 'Some regions\' resolvers keep the old address after the switch, so users and their dossiers land on the old portal' }, source: '001 3(1)', ordered: false },
  'waf-blocks-sync': { title: { vi: 'WAF chặn cuộc gọi đồng bộ của đối tác', en: 'The WAF blocks partners\' sync calls' }, source: '001 3(2)', ordered: false },
  'sync-connection': { title: { vi: 'Lỗi kết nối giữa đối tác và cổng', en: 'Connection errors between partner and portal' }, source: '001 3(2)', ordered: false },
  'sync-lost': { title: { vi: 'Hồ sơ đồng bộ đã được xác nhận nhưng không có trên cổng', en: 'A synced dossier is acknowledged to the partner but missing on the portal' }, source: '000 1(1)', ordered: false },
  'sync-partial': { title: { vi: 'Hồ sơ đến không đầy đủ', en: 'Dossier arrives incomplete' }, source: '000 1(1)', ordered: false },
  'sync-dedup': { title: { vi: 'Kiểm tra trùng áp dụng nhầm cho hồ sơ đồng bộ nên bị từ chối', en: 'Duplicates check wrongly applied to synced dossiers, which are refused' }, source: '000 2(2)', ordered: true },
  'status-late': { title: { vi: 'Trạng thái đến muộn, hồ sơ đúng hạn bị cảnh báo quá hạn', en: 'Status arrives late, so the dossier is warned as overdue though it is on time' }, source: '004, 003', ordered: false },
  'status-diverged': { title: { vi: 'Cổng, hệ thống điều phối và đối tác hiện trạng thái khác nhau', en: 'Portal, coordination system and partner show different statuses' }, source: '000 1(1)', ordered: false },
  'deadline-mismatch': { title: { vi: 'Các hệ thống tính hạn xử lý khác nhau', en: 'Systems compute the deadline differently' }, source: '004 note 11', ordered: false },
  'catalogue-missing': { title: { vi: 'Thủ tục chưa công khai cho một số tỉnh', en: 'A procedure is not published for some provinces' }, source: '001 3(3)', ordered: false },
  'catalogue-wrong': { title: { vi: 'Sai mức, sai tỉnh, sai đường dẫn, sai biểu mẫu hoặc thành phần', en: 'Wrong level, wrong province, wrong redirect link, wrong form or components' }, source: '000 3.1(1)', ordered: true },
  'catalogue-mapping': { title: { vi: 'Mã thủ tục cũ và mới không khớp', en: 'Old and new procedure codes do not match' }, source: '001 3(3)', ordered: false },
  'fee-wrong': { title: { vi: 'Chính sách phí khác nhau giữa danh mục và đối tác', en: 'Fee policy differs between catalogue and partner' }, source: '000 3.1(1), 002', ordered: false },
  'account-missing': { title: { vi: 'Cán bộ chưa có tài khoản trên hệ thống điều phối', en: 'Staff have no account on the coordination system' }, source: '000 2(5)', ordered: false },
  'permission-missing': { title: { vi: 'Cán bộ thiếu quyền hoặc sai phạm vi', en: 'Staff lack the permission or have the wrong scope' }, source: '000 2(5)', ordered: false },
  'bank-timeout': { title: { vi: 'Hết thời gian chờ khi chọn ngân hàng', en: 'Timeout while choosing the bank' }, source: '000 1(2)', ordered: false },
  'qr-missing': { title: { vi: 'Không hiện mã QR', en: 'The QR is not shown' }, source: '000 1(2)', ordered: false },
  'qr-expired': { title: { vi: 'Mã QR hết hạn trước khi quét', en: 'The QR expires before it is scanned' }, source: '000 1(2)', ordered: false },
  'payment-unreconciled': { title: { vi: 'Đã trả tại ngân hàng nhưng chưa đối soát trên cổng', en: 'Paid at the bank, not reconciled at the portal' }, source: '000 1(2), 004', ordered: false },
  'beneficiary-wrong': { title: { vi: 'Mã đơn vị chưa có hoặc sai tài khoản thụ hưởng', en: 'Unit code has no or the wrong beneficiary account' }, source: '000 3.1(4)', ordered: true },
  'receipt-late': { title: { vi: 'Biên lai điện tử đến muộn hoặc không đến', en: 'E-receipt comes late or never' }, source: '004', ordered: false },
  'sms-timeout': { title: { vi: 'Cổng SMS hết thời gian chờ', en: 'The SMS gateway times out' }, source: '000 1(4)', ordered: false },
  'legacy-missing': { title: { vi: 'Hồ sơ cũ không được chuyển sang cổng mới', en: 'An old dossier is not moved to the new portal' }, source: '000 1(3)', ordered: false },
  'legacy-invisible': { title: { vi: 'Hồ sơ cũ đã chuyển nhưng chủ hồ sơ không thấy', en: 'An old e-dossier is moved but its owner cannot see it after login' }, source: '000 1(3)', ordered: false },
  'dossier-not-shown': { title: { vi: 'Nộp thành công nhưng không hiện trong tài khoản', en: 'Submitted successfully, not shown on the person\'s account' }, source: '004 (Health)', ordered: false },
  'supplement-lost': { title: { vi: 'Yêu cầu bổ sung hoặc phần bổ sung không đến bên kia', en: 'The request for a supplement or its answer does not reach the other side' }, source: '001 II.3(1)', ordered: false },
  'result-not-returned': { title: { vi: 'Đã xử lý nhưng kết quả không đến người dân', en: 'Processed, but the result does not reach the citizen' }, source: '004', ordered: false },
  'pakn-misrouted': { title: { vi: 'Phản ánh kiến nghị đến sai đơn vị', en: 'Feedback goes to the wrong unit' }, source: '002', ordered: false },
  'stats-mismatch': { title: { vi: 'Số liệu báo cáo không khớp với bản ghi', en: 'The figures of a report do not add up with the records' }, source: '000', ordered: false },
  'level-wrong': { title: { vi: 'Hồ sơ ghi nhận sai cấp', en: 'A dossier is recorded at the wrong level (province or commune)' }, source: '004 (Education)', ordered: false },
  'overload': { title: { vi: 'Quá tải cục bộ khi lưu lượng tăng vọt', en: 'Local overload when traffic jumps' }, source: '004 (Justice, Health)', ordered: false },
  'specialised-link': { title: { vi: 'Lỗi liên thông hệ thống chuyên ngành sau tiếp nhận', en: 'Link to a specialised system (civil status, land, tax) fails after acceptance' }, source: '004', ordered: false },
  'vneid-organisation': { title: { vi: 'Tổ chức dùng loại tài khoản khác (VNConnect) không đăng nhập được', en: 'Organisations with another kind of account (VNConnect) cannot log in' }, source: '004 note 8', ordered: false },
  'service-not-found': { title: { vi: 'Dịch vụ đã công khai nhưng không tìm thấy hoặc không nộp được', en: 'A published service cannot be searched, or cannot be submitted' }, source: '000 3.2(3)', ordered: false },
  'catalogue-late': { title: { vi: 'Thay đổi danh mục đến hệ thống bộ muộn', en: 'Catalogue changes reach the ministry\'s system late' }, source: '004 (Agriculture)', ordered: false },
  'payment-unconfigured': { title: { vi: 'Thủ tục có nghĩa vụ tài chính chưa cấu hình thanh toán trực tuyến', en: 'A procedure with a financial obligation has no online payment configured' }, source: '004 (Health)', ordered: false },
  'payment-status-late': { title: { vi: 'Trạng thái thanh toán đến đối tác muộn', en: 'Payment status reaches the partner late' }, source: '004 (Health)', ordered: false },
  'refund-missing': { title: { vi: 'Khoản phí phải hoàn chưa được hoàn', en: 'A fee to be paid back is not' }, source: '004 II.2', ordered: false },
  'signature-failed': { title: { vi: 'Ký số kết quả thất bại', en: 'Digital signing of the result fails' }, source: '004 II.1', ordered: false },
  'deadline-reset': { title: { vi: 'Hạn xử lý bị đặt lại sai giữa chừng', en: 'The processing deadline is reset wrongly in the middle' }, source: '004 (Home Affairs)', ordered: false },
} as const satisfies Record<string, Incident>

export type IncidentId = keyof typeof INCIDENTS
export const INCIDENT_IDS = Object.keys(INCIDENTS) as [IncidentId, ...IncidentId[]]
export const IncidentId = z.enum(INCIDENT_IDS)
