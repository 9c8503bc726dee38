/**
 * HTTP requests a second that a plan sends at its busiest moment: what a target's highest rate is held against before the start. While it runs k6's own
 * limit holds, whatever this estimate says.
 */
import type { PlannedScenario } from '../contracts/plan.ts'
import { busiestPerSecond } from './arrival.ts'

/** Requests of one act, as counted at the reference stack; who waits for somebody else looks several times. An act without a figure sends one. */
const REQUESTS: Readonly<Record<string, number>> = {
  'login': 6, 'logout': 2, 'read-dossier': 2, 'apply': 3, 'pay': 4, 'receive': 3, 'refuse': 3, 'supplement': 3, 'process': 4, 'stop': 3, 'return-result': 3, 'pay-at-counter': 3, 'refund': 3, 'answer-feedback': 3,
}

export function busiestRequestsPerSecond(scenarios: readonly Omit<PlannedScenario, 'steps'>[]): number {
  const perScenario = scenarios.map((scenario) => ({
    from: scenario.startMs, to: scenario.startMs + scenario.durationMs,
    rate: busiestPerSecond(scenario) * scenario.journey.reduce((sum, act) => sum + (REQUESTS[act] ?? 1) * (scenario.shares[act] ?? 1), 0),
  }))
  return Math.max(0, ...perScenario.map(({ from }) => perScenario.reduce((sum, other) => sum + (other.from <= from && from < other.to ? other.rate : 0), 0)))
}
