/** Durations as people write them (`90s`, `20m`, `1h`, `500ms`) and clock times of a night (`21:00`), in milliseconds. */
import { z } from 'zod'

const UNIT_MS: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

export function parseDurationMs(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text.trim())
  return match ? Number(match[1]) * UNIT_MS[match[2]!]! : undefined
}

export function formatDuration(ms: number): string {
  for (const [unit, size] of [['h', 3_600_000], ['m', 60_000], ['s', 1_000]] as const) {
    if (ms >= size) return `${Number((ms / size).toFixed(1))}${unit}`
  }
  return `${Math.round(ms)}ms`
}

/** Nothing rounded away: `90s`, `1500ms`. */
export function formatExactly(ms: number): string {
  const unit = (['h', 'm', 's'] as const).find((candidate) => ms >= UNIT_MS[candidate]! && Number.isInteger(ms / UNIT_MS[candidate]!))
  return unit ? `${ms / UNIT_MS[unit]!}${unit}` : `${ms}ms`
}

export const Duration = z.string().refine((text) => parseDurationMs(text) !== undefined, 'a duration such as 500ms, 90s, 20m or 1h')
export const ClockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day such as 21:00')

/** Milliseconds of scenario time from the window's start to a clock time, past midnight where it is earlier than the start. */
export function clockOffsetMs(start: string, time: string): number {
  const minutes = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3))
  return ((minutes(time) - minutes(start) + 1_440) % 1_440) * 60_000
}
