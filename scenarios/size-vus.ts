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
/** Who handles another's dossier looks for it so long (`flows/wait-for.ts`) where the other could not submit it: all of them, when a system is overloaded. */
const LOOKING_MS = 5_500
const MIN_VUS = 16
/** Below this rate a few are enough: they wait for dossiers at times, and one a second waits no longer than its turn. */
const RARE_PER_SECOND = 2
const MIN_RARE_VUS = 8
/** k6 shares them out by segments; each process needs some of every scenario. */
const MIN_PER_WORKER = 4
/** About 1 MB and 3 ms of start-up each; scenarios that follow each other hold theirs at the same time for GRACEFUL_STOP_MS. */
const MAX_PREALLOCATED = 120
const MAX_VUS = 300

/** For all `workers` together. */
export function sizeVUs(scenario: Pick<ProfileScenario, 'actor' | 'journey' | 'among'>, ratePerSecond: number, workers = 1): { preAllocatedVUs: number; maxVUs: number } {
  const iterationMs = scenario.actor === 'partner' ? PUSH_MS : scenario.journey.reduce((sum, flow) => sum + (flow === 'pay' ? PAY_MS : FLOW_MS), 0)
  const busy = ratePerSecond * (iterationMs * SLOW_FACTOR + (scenario.among === undefined ? STALL_MS : LOOKING_MS)) / 1_000
  const least = Math.max(ratePerSecond < RARE_PER_SECOND ? MIN_RARE_VUS : MIN_VUS, workers > 1 ? workers * MIN_PER_WORKER : 0)
  const preAllocatedVUs = Math.min(MAX_PREALLOCATED * workers, Math.max(least, Math.ceil(busy)))
  return { preAllocatedVUs, maxVUs: Math.min(MAX_VUS * workers, preAllocatedVUs * 2) }
}
