/**
 * When a dossier is due: 17:00 in Hanoi on the fifth working day after the day of submission. Working days are Monday to Friday less
 * the public holidays of `reference/public-holidays.ts` (facts section 4). Times are epoch ms; since 1975 Hanoi is UTC+7 all year.
 */
import { PUBLIC_HOLIDAYS } from './reference/public-holidays.ts'

export const WORKING_DAYS = 5
const DAY_MS = 86_400_000
const HANOI_MS = 7 * 3_600_000
const CLOSING_MS = 17 * 3_600_000

export type DueDate = (submittedAtMs: number) => number

export function dueDateRule(holidays: ReadonlySet<string> = PUBLIC_HOLIDAYS, workingDays: number = WORKING_DAYS): DueDate {
  return (submittedAtMs) => {
    let day = Math.floor((submittedAtMs + HANOI_MS) / DAY_MS)
    for (let left = workingDays; left > 0;) {
      day += 1
      if (isWorkingDay(day, holidays)) left -= 1
    }
    return day * DAY_MS - HANOI_MS + CLOSING_MS
  }
}

/** `day`: days since 1970-01-01, which was a Thursday. */
function isWorkingDay(day: number, holidays: ReadonlySet<string>): boolean {
  const weekday = (((day + 4) % 7) + 7) % 7
  return weekday !== 0 && weekday !== 6 && !holidays.has(new Date(day * DAY_MS).toISOString().slice(0, 10))
}
