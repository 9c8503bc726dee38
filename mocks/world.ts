/**
 * What the simulators share and do not make themselves: the two clocks, the seed and the keys. The scenario clock stands at the window's start
 * until the control `clock` says that the run has begun; it is the process's, so telling one simulator tells all.
 */
import { HarnessError } from '../contracts/error.ts'
import { scenarioNowMs, type ClockPlan } from '../contracts/scenario-clock.ts'

export type World = {
  wallNow: () => number
  scenarioNow: () => number
  setClock: (plan: ClockPlan) => void
  seed: number
  /** The HMAC key of the one who signs: under its system id (`partner-justice`) or its bare id (`justice`). */
  keyOf: (systemId: string) => string
}

export function createWorld(options: { seed: number; scenarioStartMs: number; keys: Readonly<Record<string, string>>; wallNow?: () => number }): World {
  const wallNow = options.wallNow ?? Date.now
  let plan: ClockPlan | undefined
  return {
    wallNow,
    scenarioNow: () => plan ? Math.max(plan.scenarioStartMs, scenarioNowMs(plan, wallNow())) : options.scenarioStartMs,
    setClock: (next) => { plan = next },
    seed: options.seed,
    keyOf(systemId) {
      const key = options.keys[systemId] ?? options.keys[systemId.replace(/^partner-/, '')]
      if (key === undefined) throw new HarnessError({ code: 'SIGNING_KEY_MISSING', what: `no signing key for "${systemId}"`, mend: 'give it one in "keys" of the simulators\' configuration' })
      return key
    },
  }
}
