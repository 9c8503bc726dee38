/**
 * `network-cut`, `network-loss`, `network-delay`: nothing passes between two ends any more and neither is told; packets are lost; everything arrives late. Witness: what
 * clients saw: operations without a known end, or how long the slow ones took.
 */
import { z } from 'zod'
import { DISTURBANCES } from '../../contracts/disturbances.ts'
import { OPERATION_KINDS } from '../../contracts/kinds.ts'
import type { StackPlatform } from '../../contracts/platform.ts'
import { fault, type FaultContext, type Witnessed } from './fault.ts'
import { at, delayMs, end, part, seconds, share } from './params.ts'
import { platformOf, rememberMoment, touchedClients } from './touched-clients.ts'

const REQUIRED = 3
/** A packet that is lost is sent again after no less than this (Linux, TCP_RTO_MIN). */
const RESENT_MS = 200

const Cut = z.strictObject({ from: end('partners'), to: end('edge-new'), at: at(), seconds: seconds(4) })
export const networkCut = fault({
  id: 'network-cut', title: DISTURBANCES['network-cut'], schema: Cut as z.ZodType<z.infer<typeof Cut>>, touches: ['network'],
  phase: (params) => `at-share:${params.at}`,
  lastsMs: (params) => params.seconds * 1_000,
  // Whether both ends speak to each other at all: before anybody has begun anything.
  async prepare(context, params) {
    await platformOf(context).cut(params.from, params.to)
    await platformOf(context).mend(params.from, params.to)
  },
  async inject(context, params) {
    rememberMoment(context)
    await platformOf(context).cut(params.from, params.to)
  },
  heal: (context, params) => platformOf(context).mend(params.from, params.to),
  witness: (context) => touchedClients(context),
})

/** A part with which speaking has become slow: begun, tried beforehand and ended alike, whatever makes it so. */
type Slowed = { part: string; at: number; seconds: number }
function slowing<Params extends Slowed>({ id, schema, quantile, leastMs, slow, least }: {
  id: 'network-loss' | 'network-delay'; schema: z.ZodType<Params>
  /** Operations above it count as touched where they took at least so long. */
  quantile: number; leastMs: (params: Params) => number
  slow: (platform: StackPlatform, params: Params) => Promise<void>
  /** What is tried before anybody has begun anything: the same with the least effect. */
  least: (params: Params) => Params
}) {
  return fault({
    id, title: DISTURBANCES[id], schema, touches: [id],
    phase: (params) => `at-share:${params.at}`,
    lastsMs: (params) => params.seconds * 1_000,
    async prepare(context, params) {
      await slow(platformOf(context), least(params))
      await platformOf(context).calm(params.part)
    },
    async inject(context, params) {
      rememberMoment(context)
      await slow(platformOf(context), params)
    },
    async heal(context, params) {
      rememberSlowest(context, quantile)
      await platformOf(context).calm(params.part)
    },
    witness: async (context, params) => slowWitness(context, quantile, leastMs(params)),
  })
}

const Loss = z.strictObject({ part: part('edge-new'), share: share(0.3), at: at(), seconds: seconds(5) })
export const networkLoss = slowing({
  id: 'network-loss', schema: Loss as z.ZodType<z.infer<typeof Loss>>, quantile: 0.9, leastMs: () => RESENT_MS,
  slow: (platform, params) => platform.lose(params.part, params.share), least: (params) => params,
})

const Delay = z.strictObject({ part: part('edge-new'), delayMs: delayMs(400), at: at(), seconds: seconds(5) })
export const networkDelay = slowing({
  id: 'network-delay', schema: Delay as z.ZodType<z.infer<typeof Delay>>, quantile: 0.5, leastMs: (params) => params.delayMs,
  slow: (platform, params) => platform.delay(params.part, params.delayMs), least: (params) => ({ ...params, delayMs: 1 }),
})

/** Latencies while it lasts: afterwards all are quick again. */
function rememberSlowest({ live, memory }: FaultContext, quantile: number): void {
  if (!('slow' in memory)) memory['slow'] = live?.latencyMs({ kinds: OPERATION_KINDS, since: Number(memory['since'] ?? 0) }, quantile)
}

/** All above the quantile took at least what it did. */
function slowWitness(context: FaultContext, quantile: number, leastMs: number): Witnessed {
  rememberSlowest(context, quantile)
  const slow = context.memory['slow'] as { value: number; samples: number } | null | undefined
  const touched = slow && slow.value >= leastMs ? Math.round(slow.samples * (1 - quantile)) : 0
  return { touched, required: REQUIRED, note: `of ${slow?.samples ?? 0} operations meanwhile those above the quantile ${quantile} took ${slow?.value ?? '?'} ms or more; it would be ${leastMs} ms` }
}
