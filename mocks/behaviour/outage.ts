/** An outage that ends by itself, on either clock (contracts/api/behaviour.ts). It begins to count when it is made. */
import type { Outage as OutageAsked } from '../../contracts/api/behaviour.ts'

export type Clocks = { wallNow: () => number; scenarioNow: () => number }
export type Outage = { isOn: () => boolean; isOver: () => boolean }

export function outageOf({ forMs, afterMs, clock }: OutageAsked, clocks: Clocks): Outage {
  const now = clock === 'scenario' ? clocks.scenarioNow : clocks.wallNow
  const from = now() + afterMs
  return {
    isOn: () => { const at = now(); return at >= from && at < from + forMs },
    isOver: () => now() >= from + forMs,
  }
}
