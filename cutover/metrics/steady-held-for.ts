/** `steady.heldFor`: scenario ms for which the runbook's steady state has held without a break; null while nothing of it was measured. */
import { NO_ARGUMENT, type Metric } from './metric.ts'

export const steadyHeldFor: Metric = {
  id: 'steady.heldFor',
  unit: 'ms',
  arguments: NO_ARGUMENT,
  measure: async (night) => night.state.steadyHeldForMs(),
}
