/**
 * The night's clock: wall time, the scenario clock that runs `timeScale` times as fast, and waiting on either.
 * The engine knows time only through this, so that its tests turn the hands themselves.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { scenarioNowMs, type ClockPlan } from '../contracts/scenario-clock.ts'

export type NightClock = {
  readonly plan: ClockPlan
  /** Wall clock, epoch ms. */
  nowMs(): number
  /** Rejects with the signal's reason when it aborts. */
  sleep(wallMs: number, signal?: AbortSignal): Promise<void>
}

export function systemClock(plan: ClockPlan): NightClock {
  return {
    plan,
    nowMs: () => Date.now(),
    sleep: async (wallMs, signal) => {
      signal?.throwIfAborted()
      try {
        await delay(Math.max(0, wallMs), undefined, { signal })
      } catch (error) {
        signal?.throwIfAborted()
        throw error
      }
    },
  }
}

export function scenarioMs(clock: NightClock): number { return scenarioNowMs(clock.plan, clock.nowMs()) }

/** Wall epoch ms of a moment given as scenario ms after the window's start. */
export function wallOfOffset(clock: NightClock, offsetMs: number): number { return clock.plan.startedAtMs + offsetMs / clock.plan.timeScale }

/** Below this a timeout would judge the machine's scheduling at high time scales, not the step. */
export const MIN_TIMEOUT_WALL_MS = 3_000

/** The floor for what only waits: it may not eat the time of the next entry (`nextAt`, wall epoch ms). */
export function waitingFloorMs(clock: NightClock, nextAt: number | undefined): number {
  return nextAt === undefined ? MIN_TIMEOUT_WALL_MS : Math.min(MIN_TIMEOUT_WALL_MS, Math.max(0, nextAt - clock.nowMs()))
}

export function timeoutWallMs(clock: NightClock, scenarioDurationMs: number, floorMs: number = MIN_TIMEOUT_WALL_MS): number {
  return Math.max(scenarioDurationMs / clock.plan.timeScale, floorMs)
}
