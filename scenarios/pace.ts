/** How hard k6 has to work for a plan, or a part of one: iterations a second over the whole run, requests a second at its busiest moment. */
import type { PlannedScenario } from '../contracts/plan.ts'
import { busiestRequestsPerSecond } from './request-rate.ts'

export type Pace = { iterationsPerSecond: number; requestsPerSecond: number }

export function paceOf(scenarios: readonly PlannedScenario[]): Pace {
  const iterations = scenarios.reduce((sum, { count }) => sum + count, 0)
  return { iterationsPerSecond: iterations / Math.max(1, spanMs(scenarios)) * 1_000, requestsPerSecond: busiestRequestsPerSecond(scenarios) }
}

/** Of each of so many that share it evenly. */
export function sharedBy(pace: Pace, workers: number): Pace {
  return { iterationsPerSecond: pace.iterationsPerSecond / workers, requestsPerSecond: pace.requestsPerSecond / workers }
}

/** From the first scenario's start to the last one's end. */
export function spanMs(scenarios: readonly Pick<PlannedScenario, 'startMs' | 'durationMs'>[]): number {
  return Math.max(...scenarios.map(({ startMs, durationMs }) => startMs + durationMs)) - Math.min(...scenarios.map(({ startMs }) => startMs))
}
