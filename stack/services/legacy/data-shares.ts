/**
 * What the old portal's data looks like. No document gives any of these shares: each is an ASSUMPTION, chosen so that every trap that such data has
 * occurs often enough to be seen even in a small run. Shares are of all dossiers unless said.
 */
import type { Text } from '../../../contracts/text.ts'

export const ASSUMPTION: Text = {
  vi: 'Giả định: cơ cấu dữ liệu của cổng cũ (năm nộp, trạng thái, lỗi bảng mã, thanh toán dở dang)',
  en: 'Assumption: the make-up of the old portal\'s data (years, statuses, encoding errors, unfinished payments)',
}

export const FIRST_SUBMISSION_MS = Date.UTC(2019, 0, 2, 1)
/** Below 1: later years hold more. */
export const GROWTH_EXPONENT = 0.55
/** Dossiers younger than this are mostly in progress. */
export const RECENT_MS = 45 * 86_400_000
/** Persons per dossier. */
export const PERSONS_PER_DOSSIER = 0.6
/** Applicants are invented people from this index on, apart from those of the load, who would otherwise meet their own open dossiers. */
export const PERSONS_FROM = 90_000_000

/** How a name is written; the rest is NFC. */
export const NAME_TRAPS = { nfd: 0.06, tcvn3: 0.04, trailingSpace: 0.04, doubleSpace: 0.03, nonBreakingSpace: 0.02 } as const
/** Half of them with the tone on the other letter. */
export const GIVEN_NAMES = ['Hòa', 'Hoà', 'Thúy', 'Thuý', 'Khỏe', 'Khoẻ', 'Lan', 'Dũng', 'Phượng', 'Quỳnh', 'Hiếu', 'Trâm', 'Đạt', 'Vỹ', 'Sơn', 'Ngân'] as const
export const NOTE_SHARE = 0.15
export const NOTES = ['Nộp qua bộ phận một cửa', 'Đề nghị trả kết quả tại nhà', 'Đã bổ sung giấy tờ', 'Hồ sơ gửi kèm bản gốc để đối chiếu'] as const
/** Dossiers of procedures that a unit keeps for itself; they reach the units that no everyday procedure leads to. */
export const LOCAL_PROCEDURE_SHARE = 0.08
export const WITHOUT_DEADLINE_SHARE = 0.02

/** Weights of the ten statuses (numbers of the old portal), for recent dossiers and for older ones. */
export const RECENT_STATUSES: Readonly<Record<number, number>> = { 1: 18, 2: 12, 3: 3, 4: 30, 5: 8, 6: 10, 7: 3, 8: 2, 9: 8, 10: 6 }
export const OLDER_STATUSES: Readonly<Record<number, number>> = { 1: 0.3, 2: 0.3, 3: 3, 4: 1.5, 5: 0.6, 6: 0.8, 7: 4, 8: 2.5, 9: 9, 10: 78 }

/** Of dossiers with a fee, by their status: a payment begun and never finished, a paid one, an attempt that failed or expired before. */
export const BEGUN_SHARE_WHERE_DUE = 0.6
export const BEGUN_SHARE_IN_PROGRESS = 0.08
export const PAID_SHARE_FINISHED = 0.85
export const FAILED_ATTEMPT_SHARE = 0.05

/** The nightly batch after the freeze: rows that it settles or moves on, of all dossiers, and how long it takes on the scenario clock. */
export const NIGHTLY_SHARE = 0.005
export const NIGHTLY_SCENARIO_MS = 30 * 60_000
