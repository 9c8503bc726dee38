/**
 * The nine internal systems of the ministry of finance (facts section 1), partners of their own beside the fifty of the documented night: they run only
 * where a configuration names them (`partner-finance-procurement`). Unit codes are assumed, below the ministry's; how far they were done is 004's.
 */
import { PARTNERS, type Partner } from './partners.ts'

const FINANCE = PARTNERS.find(({ id }) => id === 'finance')!

export type FinanceSystem = Partner & { kind: 'ministry'; within: 'finance'; /** Share done, percent; null where no figure is given. */ donePercent: number | null; source: string }

const ROWS: readonly [name: string, vi: string, en: string, donePercent: number | null][] = [
  ['procurement', 'Hệ thống mạng đấu thầu quốc gia', 'Public procurement', 98],
  ['enterprise-registration', 'Hệ thống đăng ký doanh nghiệp', 'Enterprise registration', 53],
  ['customs', 'Hệ thống hải quan', 'Customs', null],
  ['tax', 'Hệ thống thuế', 'Tax', null],
  ['foreign-investment', 'Hệ thống đầu tư nước ngoài', 'Foreign investment', null],
  ['social-insurance', 'Hệ thống bảo hiểm xã hội', 'Social insurance', null],
  ['treasury', 'Hệ thống kho bạc', 'Treasury', null],
  ['securities', 'Hệ thống chứng khoán', 'Securities', null],
  ['own-portal', 'Cổng dịch vụ công của bộ', 'The ministry\'s own portal', null],
]

export const FINANCE_SYSTEMS: readonly FinanceSystem[] = ROWS.map(([name, vi, en, donePercent], at) => ({
  id: `finance-${name}`, kind: 'ministry', within: 'finance', unitCode: `${FINANCE.unitCode}.${String(at + 1).padStart(2, '0')}`, region: FINANCE.region,
  title: { vi: `${vi} (${FINANCE.title.vi})`, en: `${en} (${FINANCE.title.en})` }, donePercent, source: '004',
}))
