/**
 * k6 options for a load plan. Open model: each scenario starts `count` iterations evenly over its duration. No thresholds (the judge judges) and
 * few tags and statistics (k6 keeps every value of a trend, and a series per tag set).
 */
import type { Options, Scenario } from 'k6/options'
import type { LoadPlan } from './load-plan.ts'

/** Longer than this nobody waits for an answer (wall clock; outermost of the chain of time-outs). */
export const REQUEST_TIMEOUT_MS = 10_000
/** Longer than the longest time-out, so that no iteration is cut off in the middle of an operation. */
export const GRACEFUL_STOP_MS = 15_000
/**
 * k6 stops starting iterations at the end of `duration`; if its last tick comes late the last iteration would be missing. So it goes on a little,
 * and iterations beyond the plan return at once (`main.ts`).
 */
const TAIL_MS = 200
/** Partners, banks, VNeID and gateways together: idle connections that a virtual user keeps. */
const KEPT_CONNECTIONS = 64

export function k6Options(load: LoadPlan): Options {
  return {
    scenarios: Object.fromEntries(load.scenarios.map((scenario) => [scenario.name, {
      executor: 'constant-arrival-rate', exec: 'play',
      startTime: `${scenario.startMs}ms`, duration: `${scenario.durationMs + TAIL_MS}ms`, gracefulStop: `${GRACEFUL_STOP_MS}ms`,
      rate: scenario.count, timeUnit: `${scenario.durationMs}ms`,
      preAllocatedVUs: scenario.preAllocatedVUs, maxVUs: scenario.maxVUs,
    } satisfies Scenario])),
    setupTimeout: '30m',
    hosts: load.hosts,
    blacklistIPs: load.forbidden,
    batch: KEPT_CONNECTIONS,
    batchPerHost: 8,
    maxRedirects: 0,
    systemTags: ['name'],
    summaryTrendStats: ['max'],
    discardResponseBodies: false,
    userAgent: 'tongduyet-rehearsal',
  }
}
