/**
 * The two clocks (design section 3). Wall clock: HTTP timeouts, latencies, k6 rates, token `exp`. Scenario clock = wall × timeScale,
 * from the run's start: the runbook's window and waits, ageing in embedded resolvers, QR and receipt lifetimes, deadlines, convergence bounds.
 */
export type ClockPlan = {
  /** Epoch ms at which the window began, by the wall clock. */
  startedAtMs: number
  /** Scenario seconds per wall second. */
  timeScale: number
  /** The window's start on the scenario clock, epoch ms (2026-04-10T21:00+07:00 for the documented night). */
  scenarioStartMs: number
}

/** A bound shorter than this on the wall clock would judge the machine's scheduling, not the system (printed with the bounds). */
export const MIN_BOUND_WALL_MS = 2_000

export function scenarioToWallMs(scenarioMs: number, timeScale: number): number { return scenarioMs / timeScale }
export function boundWallMs(scenarioMs: number, timeScale: number): number { return Math.max(scenarioMs / timeScale, MIN_BOUND_WALL_MS) }
export function scenarioNowMs(clock: ClockPlan, wallNowMs: number): number {
  return clock.scenarioStartMs + (wallNowMs - clock.startedAtMs) * clock.timeScale
}

/** `2026-04-10T23:05:00+07:00`: the form on paper. */
export function isoHanoi(epochMs: number): string {
  return `${new Date(epochMs + 7 * 3_600_000).toISOString().slice(0, 19)}+07:00`
}
