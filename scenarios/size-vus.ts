/**
 * Virtual users for an arrival rate: rate × time an iteration takes (Little's law), with head-room. Allocated before the start what a healthy
 * system needs several times over, at most what keeps memory bounded; what a slow system needs beyond that shows as dropped iterations.
 */
import type { ProfileScenario } from '../contracts/profile.ts'

/** Assumed length of an iteration of a healthy system, wall ms. A journey with payment waits for the bank's callback. */
const PUSH_MS = 40
const FLOW_MS = 60
const PAY_MS = 700
const HEADROOM = 3
const MIN_VUS = 8
/** About 3 MB each. */
const MAX_VUS = 400

export function sizeVUs(scenario: Pick<ProfileScenario, 'actor' | 'journey'>, ratePerSecond: number): { preAllocatedVUs: number; maxVUs: number } {
  const iterationMs = scenario.actor === 'partner' ? PUSH_MS : scenario.journey.reduce((sum, flow) => sum + (flow === 'pay' ? PAY_MS : FLOW_MS), 0)
  const busy = ratePerSecond * iterationMs / 1_000
  const preAllocatedVUs = Math.min(MAX_VUS, Math.max(MIN_VUS, Math.ceil(busy * HEADROOM)))
  return { preAllocatedVUs, maxVUs: Math.min(MAX_VUS, preAllocatedVUs * 4) }
}
