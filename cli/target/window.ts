/** The hours in which a target may be loaded, Vietnam time of the wall clock. A run must fit in whole. */
import { formatDuration } from '../../contracts/duration.ts'
import { isoHanoi } from '../../contracts/scenario-clock.ts'
import type { May } from '../../contracts/target/may.ts'

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const
const DAY_MS = 86_400_000
const HANOI_MS = 7 * 3_600_000
const minutes = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3))

/** Wall epoch ms at which the window that is open at a moment closes; null where none is open. */
export function openUntil(window: NonNullable<May['window']>, atMs: number): number | null {
  const from = minutes(window.from) * 60_000
  const lasts = ((minutes(window.to) - minutes(window.from) + 1_440) % 1_440 || 1_440) * 60_000
  const midnight = Math.floor((atMs + HANOI_MS) / DAY_MS) * DAY_MS - HANOI_MS
  // One that began the evening before may still be open.
  for (const day of [midnight - DAY_MS, midnight]) {
    const opens = day + from
    const name = DAYS[new Date(day + HANOI_MS).getUTCDay()]!
    if (atMs >= opens && atMs < opens + lasts && (!window.days || window.days.includes(name))) return opens + lasts
  }
  return null
}

export function windowProblem(window: May['window'], nowMs: number, lastsMs: number): { what: string; mend: string } | null {
  if (!window) return null
  const told = `${window.from} to ${window.to}${window.days ? ` (${window.days.join(', ')})` : ''}, Vietnam time`
  const until = openUntil(window, nowMs)
  if (until === null) return { what: `it is ${isoHanoi(nowMs).slice(11, 16)} in Vietnam; the target may be loaded from ${told}`, mend: 'start within these hours, or change may.window if that is agreed' }
  if (nowMs + lastsMs > until) return { what: `the run lasts ${formatDuration(lastsMs)} and would go on after ${isoHanoi(until).slice(11, 16)}; the target may be loaded from ${told}`, mend: 'start earlier, or play a shorter profile' }
  return null
}
