/**
 * Virtual users for an arrival rate: rate × time an iteration takes (Little's law). k6 drops an iteration when no virtual user is free, even where
 * it may still allocate more, and a dropped iteration makes the run invalid; so enough are there before the start to sit out a slow spell
 * (iterations twice as long, and the machine standing still for STALL_MS). Bounded by what memory allows.
 */
import type { ProfileScenario } from '../contracts/profile.ts'

/** Assumed length of an iteration of a healthy system, wall ms. A journey with payment waits for the bank's callback. */
const PUSH_MS = 40
const FLOW_MS = 60
const PAY_MS = 700
const SLOW_FACTOR = 2
const STALL_MS = 1_500
const MIN_VUS = 16
/** About 1 MB and 3 ms of start-up each; scenarios that follow each other hold theirs at the same time for GRACEFUL_STOP_MS. */
const MAX_PREALLOCATED = 120
const MAX_VUS = 300

export function sizeVUs(scenario: Pick<ProfileScenario, 'actor' | 'journey'>, ratePerSecond: number): { preAllocatedVUs: number; maxVUs: number } {
  const iterationMs = scenario.actor === 'partner' ? PUSH_MS : scenario.journey.reduce((sum, flow) => sum + (flow === 'pay' ? PAY_MS : FLOW_MS), 0)
  const busy = ratePerSecond * (iterationMs * SLOW_FACTOR + STALL_MS) / 1_000
  const preAllocatedVUs = Math.min(MAX_PREALLOCATED, Math.max(MIN_VUS, Math.ceil(busy)))
  return { preAllocatedVUs, maxVUs: Math.min(MAX_VUS, preAllocatedVUs * 2) }
}
