/**
 * The scenario clock as a part of the network keeps it: it stands at the window's start until the control `clock` tells the plan,
 * so that nothing ages in a cache while the stack is still being prepared.
 */
import type { ClockPlan } from '../../contracts/scenario-clock.ts'
import { scenarioNowMs } from '../../contracts/scenario-clock.ts'

export type ScenarioTime = { now: () => number; set: (plan: ClockPlan) => ClockPlan }

export function scenarioTime(scenarioStartMs: number, wallNow: () => number = Date.now): ScenarioTime {
  let plan: ClockPlan | undefined
  return {
    now: () => plan ? Math.max(plan.scenarioStartMs, scenarioNowMs(plan, wallNow())) : scenarioStartMs,
    set: ({ startedAtMs, timeScale, scenarioStartMs: from }) => plan = { startedAtMs, timeScale, scenarioStartMs: from },
  }
}
