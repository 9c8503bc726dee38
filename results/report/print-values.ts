/**
 * How figures and times are written in each language: 28.469 / 28,469. Intl is not used: its data differ between builds of Node,
 * and the same run must give the same page. Times are Hanoi time (UTC+7) of the clock that the caller names.
 */
import type { Language } from '../../contracts/text.ts'

const HANOI_MS = 7 * 3_600_000
const DAY_MS = 86_400_000

export function printNumber(value: number, language: Language, decimals = 0): string {
  if (!Number.isFinite(value)) return '–'
  const [whole, fraction] = Math.abs(value).toFixed(decimals).split('.') as [string, string?]
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, language === 'vi' ? '.' : ',')
  return `${value < 0 ? '−' : ''}${grouped}${fraction ? `${language === 'vi' ? ',' : '.'}${fraction}` : ''}`
}

/** A measured figure as it is: whole numbers without decimals, others with at most two. */
export function printFigure(value: number, language: Language): string {
  return printNumber(value, language, Number.isInteger(value) ? 0 : 2)
}

export function printShare(part: number, whole: number, language: Language): string {
  if (whole <= 0) return '–'
  // Rounded down, so that only a whole hundred prints as 100 %.
  return `${printNumber(Math.floor(part * 1000 / whole) / 10, language, 1)} %`
}

/** `23:15`, with the day where it is not that of `baseMs`: `02:28 (11/4)`. */
export function printClock(epochMs: number, baseMs: number): string {
  const at = new Date(epochMs + HANOI_MS)
  const sameDay = Math.floor((epochMs + HANOI_MS) / DAY_MS) === Math.floor((baseMs + HANOI_MS) / DAY_MS)
  const time = `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`
  return sameDay ? time : `${time} (${at.getUTCDate()}/${at.getUTCMonth() + 1})`
}

/** `23:15:42 10/4/2026`. */
export function printMoment(epochMs: number): string {
  const at = new Date(epochMs + HANOI_MS)
  return `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())} ${at.getUTCDate()}/${at.getUTCMonth() + 1}/${at.getUTCFullYear()}`
}

/** Days and hours of an ISO text with +07:00 as `printMoment` writes them; other texts stay as they are. */
export function printIso(text: string): string {
  const ms = /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(ms) ? text : printMoment(ms)
}

export function printDuration(ms: number, language: Language): string {
  if (ms < 1_000) return `${printNumber(ms, language)} ms`
  if (ms < 60_000) return `${printNumber(ms / 1_000, language, ms < 10_000 ? 1 : 0)} s`
  const minutes = Math.round(ms / 60_000)
  if (minutes < 60) return `${minutes} ${language === 'vi' ? 'phút' : 'min'}`
  const rest = minutes % 60 === 0 ? '' : ` ${two(minutes % 60)}`
  return language === 'vi' ? `${Math.floor(minutes / 60)} giờ${rest}` : `${Math.floor(minutes / 60)} h${rest}`
}

function two(value: number): string { return String(value).padStart(2, '0') }
