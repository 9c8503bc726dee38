/** What every simulator takes by the control interface (contracts/api/admin.ts); the rest is its own. Undefined for an action that it does not know. */
import { InputError } from '../contracts/error.ts'
import type { Control } from '../contracts/api/admin.ts'
import type { ClockPlan } from '../contracts/scenario-clock.ts'
import type { Simulator } from './simulator.ts'
import type { World } from './world.ts'

export function controlSimulator(simulator: Simulator, world: World, control: Control): unknown {
  switch (control.action) {
    case 'clock': refuseUnusable(control); world.setClock(control); return { startedAtMs: control.startedAtMs }
    case 'clock.advance': return moved(world, control.ms)
    case 'clock.set': return moved(world, control.scenarioMs - world.scenarioNow())
    case 'behave': simulator.endpoint.behave(control.behaviours); return { behaviours: control.behaviours.length }
    default: return simulator.control?.(control)
  }
}

/** What partners write with four digits of the year can be written until then. */
const LATEST_MS = Date.parse('9999-01-01T00:00:00Z')

/** A clock never goes back, and where a rehearsal is run nobody moves it. */
function moved(world: World, ms: number): unknown {
  if (!world.advance || ms < 0) return undefined
  refuseTooLate(Math.max(world.scenarioNow(), world.wallNow()) + ms)
  world.advance(ms)
  return { scenarioNowMs: world.scenarioNow() }
}

/** Faster than any run: a year of the scenario in three seconds. */
const MOST_TIME_SCALE = 10_000_000

function refuseUnusable({ startedAtMs, scenarioStartMs, timeScale }: ClockPlan): void {
  refuseTooLate(Math.max(startedAtMs, scenarioStartMs))
  if (Math.min(startedAtMs, scenarioStartMs, timeScale) >= 0 && timeScale <= MOST_TIME_SCALE) return
  throw new InputError([{ code: 'NUMBER_INVALID', what: 'no clock can go so', where: 'body', mend: `times are in ms since 1970, timeScale is between 0 and ${MOST_TIME_SCALE}` }])
}

function refuseTooLate(atMs: number): void {
  if (atMs <= LATEST_MS) return
  throw new InputError([{ code: 'NUMBER_INVALID', what: 'the clock would stand beyond the year 9999', where: 'body', mend: 'times are in ms, a day is 86400000 of them' }])
}
