/**
 * How a simulator behaves from now on beside doing its work: late, refusing, throttled, out of service, breaking connections, and with what it sends
 * by itself (callbacks, receipts, pushes) late, doubled, out of order or lost. Set by the control `behave`, by a file (`tongduyet mocks --behaviours`),
 * or by a magic identifier (`contracts/partner-api/magic.ts`). Of several that name the same route the first that fits is taken.
 */
import { z } from 'zod'

const Ms = z.number().min(0).max(86_400_000)
const QuantilePoint = z.strictObject({ at: z.number().min(0).max(1), ms: Ms })

function isAscending(points: readonly z.infer<typeof QuantilePoint>[]): boolean {
  return points.every((point, i) => i === 0 || (point.at > points[i - 1]!.at && point.ms >= points[i - 1]!.ms))
}

/** Of a gamma distribution, within which its quantiles can be told. */
function isShape(shape: number): boolean { return shape >= 0.01 && shape <= 1_000_000 }

/** A distribution of waits in ms. What would be below zero is zero, what would be longer than a day is a day. */
export const Latency = z.union([
  z.strictObject({ distribution: z.literal('constant'), ms: Ms }),
  z.strictObject({ distribution: z.literal('uniform'), minMs: Ms, maxMs: Ms }).refine(({ minMs, maxMs }) => minMs <= maxMs, { error: 'minMs not above maxMs', path: ['minMs'] }),
  z.strictObject({ distribution: z.literal('exponential'), meanMs: Ms }),
  z.strictObject({ distribution: z.literal('normal'), meanMs: Ms, sdMs: Ms }),
  z.strictObject({ distribution: z.literal('log-normal'), p50Ms: Ms.positive(), p95Ms: Ms }).refine(({ p50Ms, p95Ms }) => p50Ms <= p95Ms, { error: 'p50Ms not above p95Ms', path: ['p50Ms'] }),
  /** By the mean and the standard deviation of the waits themselves, not of their logarithms. */
  z.strictObject({ distribution: z.literal('log-normal'), meanMs: Ms.positive(), sdMs: Ms }),
  /** Sums of memoryless waits, as of a call that goes through `shape` hands (Erlang where that is whole); or by mean and standard deviation. */
  z.strictObject({ distribution: z.literal('gamma'), shape: z.number().min(0.01).max(1_000_000), scaleMs: Ms.positive() }),
  z.strictObject({ distribution: z.literal('gamma'), meanMs: Ms.positive(), sdMs: Ms.positive() }).refine(({ meanMs, sdMs }) => isShape((meanMs / sdMs) ** 2), { error: 'sdMs between a thousandth of meanMs and ten times it', path: ['sdMs'] }),
  /** The survivors at t are exp(-((t / scaleMs) ** shape)): exponential where shape is 1, a longer tail below it, a shorter one above. */
  z.strictObject({ distribution: z.literal('weibull'), shape: z.number().min(0.1).max(1_000), scaleMs: Ms.positive() }),
  /** Few very late ones: the survivors at t are (minMs / t) ** alpha; none is later than maxMs. */
  z.strictObject({ distribution: z.literal('pareto'), minMs: Ms.positive(), alpha: z.number().positive(), maxMs: Ms.default(60_000) }),
  /** As measured somewhere: straight lines between the points, from 0 ms at 0 where no point stands there; above the last point its own ms. */
  z.strictObject({ distribution: z.literal('quantiles'), points: z.array(QuantilePoint).min(1).max(100).refine(isAscending, { error: 'points in ascending order' }) }),
])
export type Latency = z.infer<typeof Latency>

/** A bucket of tokens: each request takes one, `perSecond` come back; whoever finds none is answered 429 THROTTLED with Retry-After. */
export const Throttle = z.strictObject({
  perSecond: z.number().positive(),
  /** How many the bucket holds; as many as come back in a second, at least 1. */
  burst: z.int().min(1).optional(),
  /** One bucket for the route, or one for each who asks. */
  by: z.enum(['route', 'caller']).default('route'),
})
export type Throttle = z.infer<typeof Throttle>

/** Begins `afterMs` after it was set and ends by itself; `answer` is 503 OUT_OF_SERVICE, `refuse` takes no connection. */
export const Outage = z.strictObject({
  forMs: z.number().positive(), afterMs: z.number().min(0).default(0),
  clock: z.enum(['wall', 'scenario']).default('wall'), how: z.enum(['answer', 'refuse']).default('answer'),
})
export type Outage = z.infer<typeof Outage>

/** The share is drawn over seed, route, subject and how often the subject has asked. */
export const Behaviour = z.strictObject({
  /** A route, an outgoing call, or `*` for every route. */
  route: z.string(),
  share: z.number().min(0).max(1).default(1),
  seed: z.int().default(1),
  delayMs: z.number().min(0).optional(),
  /** Drawn instead of a fixed delayMs. */
  latency: Latency.optional(),
  /** Answer with this status instead. */
  status: z.int().min(100).max(599).optional(),
  /** The code in that answer; SIMULATED_FAILURE where none is given. */
  code: z.string().optional(),
  /** Break the socket: before any answer, or after the work was done. */
  reset: z.enum(['before', 'after']).optional(),
  throttle: Throttle.optional(),
  outage: Outage.optional(),
  /** Outgoing calls: how many times it is sent in all; 2 is a duplicate. */
  copies: z.int().min(1).max(10).optional(),
  /** Outgoing calls: never sent. */
  lose: z.boolean().optional(),
  /** Outgoing calls: held back until the next of the same name has gone. */
  afterNext: z.boolean().optional(),
  /** Outgoing calls: what it says, where the partner can say several things (the state of a message). */
  outcome: z.string().optional(),
})
export type Behaviour = z.infer<typeof Behaviour>
