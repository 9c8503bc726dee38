/**
 * Criteria of a load, as parsed: `p95(submit) < 800ms for 30s in peak min 50 stop` (grammar in `parse-load-criterion.ts`). Times are wall clock.
 *   function(flow or flow.step [@actor])  operator  threshold  [for D | within D]  [in PHASE]  [min N]  [stop]
 * Without a window the whole run is one sample. `for D`: holds in every gliding window of that length; `within D`: must have come to hold within D of
 * the phase's start and stay so. `stop`: a breach ends the load at once. Fewer samples than `min` (default: the profile's) are inconclusive.
 */
import type { Operator } from './condition.ts'

export const LOAD_FUNCTIONS = ['p50', 'p90', 'p95', 'p99', 'max', 'mean', 'errorRate', 'rate', 'count', 'lateness'] as const
export type LoadFunction = (typeof LOAD_FUNCTIONS)[number]

export type LoadCriterion = {
  text: string
  fn: LoadFunction
  /** Flow id, or `all`. */
  flow: string
  /** Step of the flow; absent = every step. */
  step?: string
  actor?: string
  operator: Operator
  /** ms, ratio, count, or per second, by the function; `relative`: a multiple of the baseline's value. */
  threshold: number
  relative: boolean
  window?: { kind: 'for' | 'within'; ms: number }
  phase?: string
  minSamples?: number
  stop: boolean
}

export type LoadCriterionError = { column: number; what: string; mend: string }
