/**
 * k6 options for a load plan. Open model: each scenario starts `count` iterations over its duration, evenly or along its stages. No thresholds (the judge judges),
 * no tags and few statistics (k6 keeps every value of a trend, and a series per tag set).
 */
import type { Options, Scenario } from 'k6/options'
import { rampingScenario } from './arrival.ts'
import type { WorkerPart } from '../contracts/plan.ts'
import type { LoadPlan, LoadScenario } from './load-plan.ts'
import { scenariosOf, shareOfRequests } from './worker-part.ts'

/** Longer than this nobody waits for an answer (wall clock; outermost of the chain of time-outs). */
export const REQUEST_TIMEOUT_MS = 10_000
/** Longer than the longest time-out, so that no iteration is cut off in the middle of an operation. */
export const GRACEFUL_STOP_MS = 15_000
/**
 * k6 stops starting iterations at the end of `duration`. What it dropped or had not come to by then would be missing for good: a dossier never
 * pushed looks like one that was lost. A dropped iteration takes no number, so going on a little plays the missing ones late (which the history
 * shows, and the counter of dropped ones too); iterations beyond the plan return at once (`main.ts`).
 */
const TAIL_SHARE = 0.15
const MIN_TAIL_MS = 2_000
/** Together with GRACEFUL_STOP_MS not so long that three waves hold their virtual users at a time. */
const MAX_TAIL_MS = 3_000
/** Partners, banks, VNeID and gateways together: idle connections that a virtual user keeps. */
const KEPT_CONNECTIONS = 64

export function k6Options(load: LoadPlan, part?: WorkerPart): Options {
  return {
    scenarios: Object.fromEntries(scenariosOf(load, part).map((scenario) => [scenario.name, {
      ...arrivals(scenario), exec: 'play', startTime: `${scenario.startMs}ms`, gracefulStop: `${GRACEFUL_STOP_MS}ms`,
      preAllocatedVUs: scenario.preAllocatedVUs, maxVUs: scenario.maxVUs,
    } satisfies Scenario])),
    setupTimeout: '30m',
    hosts: { ...load.hosts, ...(typeof part === 'object' && load.entries[part.citizensOf]) },
    // k6 would keep an address for five minutes whatever its TTL says; resolvers are there to keep it.
    dns: { ttl: '0', select: 'first', policy: 'preferIPv4' },
    blacklistIPs: load.forbidden,
    ...(load.requestsPerSecond !== undefined && { rps: Math.max(1, Math.floor(load.requestsPerSecond * shareOfRequests(load, part))) }),
    batch: KEPT_CONNECTIONS,
    batchPerHost: 8,
    maxRedirects: 0,
    // None: an address of its own in each request would be a time series of its own in k6.
    systemTags: [],
    summaryTrendStats: ['max'],
    discardResponseBodies: false,
    userAgent: 'tongduyet-rehearsal',
  }
}

function arrivals({ durationMs, count, stages }: LoadScenario) {
  return stages
    ? rampingScenario(stages, tailMs(durationMs))
    : { executor: 'constant-arrival-rate' as const, duration: `${durationMs + tailMs(durationMs)}ms`, rate: count, timeUnit: `${durationMs}ms` }
}

function tailMs(durationMs: number): number {
  return Math.round(Math.min(MAX_TAIL_MS, Math.max(MIN_TAIL_MS, durationMs * TAIL_SHARE)))
}
