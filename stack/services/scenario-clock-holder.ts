/** The scenario clock of one service: stands at the window's start until `{action:'clock'}` says that the run has begun. */
import type { Control } from '../../contracts/api/admin.ts'
import type { ServiceConfig } from '../../contracts/process.ts'
import { scenarioNowMs, type ClockPlan } from '../../contracts/scenario-clock.ts'

export type ScenarioClockHolder = {
  /** Epoch ms on the scenario clock. */
  now: () => number
  timeScale: () => number
  /** Takes the `clock` action. */
  set: (control: Extract<Control, { action: 'clock' }>) => { now: number }
}

export function holdScenarioClock(config: Pick<ServiceConfig, 'timeScale' | 'scenarioStartMs'>, wallNow: () => number = Date.now): ScenarioClockHolder {
  let plan: ClockPlan | undefined
  const now = () => (plan ? scenarioNowMs(plan, Math.max(wallNow(), plan.startedAtMs)) : config.scenarioStartMs)
  return {
    now,
    timeScale: () => plan?.timeScale ?? config.timeScale,
    set({ startedAtMs, timeScale, scenarioStartMs }) {
      plan = { startedAtMs, timeScale, scenarioStartMs }
      return { now: now() }
    },
  }
}
