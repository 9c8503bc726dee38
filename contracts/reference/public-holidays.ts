/**
 * Public holidays of Viet Nam that fall on a Monday to Friday, compensatory days included. From general knowledge, not from the documents
 * (facts section 4): replace a year by the official announcement. Years that are missing count as having none.
 */
const YEARS: Readonly<Record<number, readonly string[]>> = {
  2025: ['2025-01-01', '2025-01-27', '2025-01-28', '2025-01-29', '2025-01-30', '2025-01-31', '2025-04-07', '2025-04-30', '2025-05-01', '2025-09-01', '2025-09-02'],
  2026: ['2026-01-01', '2026-02-16', '2026-02-17', '2026-02-18', '2026-02-19', '2026-02-20', '2026-04-27', '2026-04-30', '2026-05-01', '2026-09-01', '2026-09-02'],
}

export const PUBLIC_HOLIDAYS: ReadonlySet<string> = new Set(Object.values(YEARS).flat())
