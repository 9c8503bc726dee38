/**
 * Procedures that citizens use in the flows. Names are everyday services; codes are synthetic (9.9nnnnn is outside the published range),
 * fees are examples. `handledBy` says who handles it in a province: the ministry's central system or the province's own (facts section 4, routing).
 */
import type { Text } from '../text.ts'

export type Procedure = { code: string; title: Text; level: 'ministry' | 'province' | 'commune'; handledBy: 'ministry' | 'province'; ministry: string; feeVnd: number; payment?: 'fee' | 'fine' | 'social-insurance'
  /** Taken on the ministry's own service, to which the portal redirects (004 I.2). */
  redirected?: boolean }

export const PROCEDURES: readonly Procedure[] = [
  { code: '9.900001', title: { vi: 'Cấp bản sao trích lục hộ tịch', en: 'Copy of a civil status extract' }, level: 'commune', handledBy: 'province', ministry: 'justice', feeVnd: 8000 },
  { code: '9.900002', title: { vi: 'Đăng ký khai sinh', en: 'Birth registration' }, level: 'commune', handledBy: 'province', ministry: 'justice', feeVnd: 0 },
  { code: '9.900003', title: { vi: 'Đăng ký kết hôn', en: 'Marriage registration' }, level: 'commune', handledBy: 'province', ministry: 'justice', feeVnd: 0 },
  { code: '9.900004', title: { vi: 'Cấp phiếu lý lịch tư pháp', en: 'Criminal record certificate' }, level: 'province', handledBy: 'province', ministry: 'justice', feeVnd: 200000 },
  { code: '9.900005', title: { vi: 'Đăng ký thường trú', en: 'Permanent residence registration' }, level: 'commune', handledBy: 'ministry', ministry: 'public-security', feeVnd: 20000 },
  { code: '9.900006', title: { vi: 'Đăng ký tạm trú', en: 'Temporary residence registration' }, level: 'commune', handledBy: 'ministry', ministry: 'public-security', feeVnd: 15000 },
  { code: '9.900007', title: { vi: 'Đổi giấy phép lái xe', en: 'Driving licence exchange' }, level: 'province', handledBy: 'province', ministry: 'construction', feeVnd: 135000 },
  { code: '9.900008', title: { vi: 'Cấp giấy phép xây dựng nhà ở', en: 'House building permit' }, level: 'province', handledBy: 'province', ministry: 'construction', feeVnd: 75000 },
  { code: '9.900009', title: { vi: 'Đăng ký biến động đất đai', en: 'Registration of a land change' }, level: 'province', handledBy: 'province', ministry: 'agriculture-environment', feeVnd: 100000 },
  { code: '9.900010', title: { vi: 'Đăng ký thành lập hộ kinh doanh', en: 'Household business registration' }, level: 'commune', handledBy: 'province', ministry: 'finance', feeVnd: 100000 },
  { code: '9.900011', title: { vi: 'Hỗ trợ chi phí mai táng', en: 'Funeral cost support' }, level: 'commune', handledBy: 'province', ministry: 'home-affairs', feeVnd: 0 },
  { code: '9.900012', title: { vi: 'Cấp giấy phép lao động cho người nước ngoài', en: 'Work permit for a foreigner' }, level: 'province', handledBy: 'province', ministry: 'home-affairs', feeVnd: 600000 },
  { code: '9.900013', title: { vi: 'Cấp điện mới từ lưới điện hạ áp', en: 'New low-voltage electricity supply' }, level: 'province', handledBy: 'ministry', ministry: 'evn', feeVnd: 0 },
  { code: '9.900014', title: { vi: 'Cấp chứng chỉ hành nghề y', en: 'Medical practice certificate' }, level: 'ministry', handledBy: 'ministry', ministry: 'health', feeVnd: 360000 },
  { code: '9.900015', title: { vi: 'Công nhận văn bằng', en: 'Recognition of a diploma' }, level: 'ministry', handledBy: 'ministry', ministry: 'education-training', feeVnd: 500000 },
  { code: '9.900016', title: { vi: 'Cấp giấy chứng nhận xuất xứ hàng hóa', en: 'Certificate of origin' }, level: 'ministry', handledBy: 'ministry', ministry: 'industry-trade', feeVnd: 60000 },
  { code: '9.900017', title: { vi: 'Nộp phạt vi phạm giao thông', en: 'Payment of a traffic fine' }, level: 'province', handledBy: 'ministry', ministry: 'public-security', feeVnd: 800000, payment: 'fine' },
  { code: '9.900018', title: { vi: 'Đóng bảo hiểm xã hội tự nguyện', en: 'Voluntary social insurance contribution' }, level: 'ministry', handledBy: 'ministry', ministry: 'finance', feeVnd: 330000, payment: 'social-insurance' },
  { code: '9.900019', title: { vi: 'Đăng ký doanh nghiệp', en: 'Enterprise registration' }, level: 'ministry', handledBy: 'ministry', ministry: 'finance', feeVnd: 50000, redirected: true },
  { code: '9.900020', title: { vi: 'Cấp hộ chiếu phổ thông', en: 'Ordinary passport' }, level: 'ministry', handledBy: 'ministry', ministry: 'public-security', feeVnd: 200000, redirected: true },
]

export function procedureOf(code: string): Procedure | undefined { return PROCEDURES.find((procedure) => procedure.code === code) }

/** The partner that handles a direct submission for a province (facts section 4, routing). */
export function handlingPartner(procedure: Procedure, provinceId: string): string {
  return procedure.handledBy === 'ministry' ? procedure.ministry : provinceId
}
