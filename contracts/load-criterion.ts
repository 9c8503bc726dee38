/**
 * Criteria of a load, as parsed: `p95(submit) < 800ms for 30s in peak min 50 stop` (grammar in `parse-load-criterion.ts`). Times are wall clock.
 *   function(flow or flow.step [@actor])  operator  threshold  [for D | within D]  [in PHASE]  [min N]  [stop]
 * Without a window the whole run is one sample. `for D`: holds in every gliding window of that length; `within D`: must have come to hold within D of
 * the phase's start and stay so. `stop`: a breach ends the load at once. Fewer samples than `min` (default: the profile's) are inconclusive.
 */
import type { Operator } from './condition.ts'
import { clockOffsetMs } from './duration.ts'
import type { Plan, PlannedScenario } from './plan.ts'

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

export type ThresholdUnit = 'ms' | 'ratio' | 'perSecond' | 'count'

export function thresholdUnit(fn: LoadFunction): ThresholdUnit {
  switch (fn) {
    case 'errorRate': return 'ratio'
    case 'rate': return 'perSecond'
    case 'count': return 'count'
    default: return 'ms'
  }
}

/** Share of the samples below the value; null where the function is no quantile. Lateness is judged by its p99. */
export function quantileOf(fn: LoadFunction): number | null {
  switch (fn) {
    case 'p50': return 0.5
    case 'p90': return 0.9
    case 'p95': return 0.95
    case 'p99': case 'lateness': return 0.99
    default: return null
  }
}

/** Scenarios with those of their steps that a criterion speaks of; empty where it names nothing that the plan plays. */
export function stepsUnder(plan: Pick<Plan, 'scenarios'>, { flow, step, actor }: Pick<LoadCriterion, 'flow' | 'step' | 'actor'>): { scenario: PlannedScenario; steps: string[] }[] {
  return plan.scenarios
    .filter((scenario) => actor === undefined || scenario.actor === actor)
    .map((scenario) => ({
      scenario, steps: scenario.steps.filter((planned) => (flow === 'all' || planned.flow === flow) && (step === undefined || planned.step === step)).map((planned) => planned.step),
    }))
    .filter(({ scenario, steps }) => steps.length > 0 && scenario.count > 0)
}

/**
 * Wall ms from the run's start between which operations are intended to begin that a criterion speaks of: its phase (else the whole run), as far as
 * the plan plays them there. Null where it plays none.
 */
export function intervalOf(plan: Pick<Plan, 'scenarios' | 'profile' | 'runbook' | 'timeScale' | 'durationMs'>, criterion: Pick<LoadCriterion, 'flow' | 'step' | 'actor' | 'phase'>): { fromMs: number; toMs: number } | null {
  const scenarios = stepsUnder(plan, criterion).map(({ scenario }) => scenario)
  let from = Math.min(...scenarios.map((scenario) => scenario.startMs))
  let to = Math.max(...scenarios.map((scenario) => scenario.startMs + scenario.durationMs))
  if (criterion.phase !== undefined) {
    const phase = plan.profile.phases.find(({ name }) => name === criterion.phase)
    if (!phase) return null
    const start = (plan.profile.window ?? plan.runbook.window).start
    const end = clockOffsetMs(start, phase.to) || plan.durationMs * plan.timeScale
    from = Math.max(from, clockOffsetMs(start, phase.from) / plan.timeScale)
    to = Math.min(to, end / plan.timeScale)
  }
  return from < to ? { fromMs: Math.round(from), toMs: Math.round(to) } : null
}
