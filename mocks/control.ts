/** What every simulator takes by the control interface (contracts/api/admin.ts); the rest is its own. Undefined for an action that it does not know. */
import type { Control } from '../contracts/api/admin.ts'
import type { Simulator } from './simulator.ts'
import type { World } from './world.ts'

export function controlSimulator(simulator: Simulator, world: World, control: Control): unknown {
  switch (control.action) {
    case 'clock': world.setClock(control); return { startedAtMs: control.startedAtMs }
    case 'clock.advance': return moved(world, control.ms)
    case 'clock.set': return moved(world, control.scenarioMs - world.scenarioNow())
    case 'behave': simulator.endpoint.behave(control.behaviours); return { behaviours: control.behaviours.length }
    default: return simulator.control?.(control)
  }
}

/** A clock never goes back, and where a rehearsal is run nobody moves it. */
function moved(world: World, ms: number): unknown {
  if (!world.advance || ms < 0) return undefined
  world.advance(ms)
  return { scenarioNowMs: world.scenarioNow() }
}
