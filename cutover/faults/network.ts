/**
 * `network-cut`, `network-loss`, `network-delay`: nothing passes between two ends any more and neither is told; packets are lost; everything arrives late. Witness: what
 * clients saw: operations without a known end, or how long the slow ones took.
 */
import { z } from 'zod'
import { DISTURBANCES } from '../../contracts/disturbances.ts'
import { OPERATION_KINDS } from '../../contracts/kinds.ts'
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

const Loss = z.strictObject({ part: part('edge-new'), share: share(0.3), at: at(), seconds: seconds(5) })
export const networkLoss = fault({
  id: 'network-loss', title: DISTURBANCES['network-loss'], schema: Loss as z.ZodType<z.infer<typeof Loss>>, touches: ['network-loss'],
  phase: (params) => `at-share:${params.at}`,
  lastsMs: (params) => params.seconds * 1_000,
  async prepare(context, params) {
    await platformOf(context).lose(params.part, params.share)
    await platformOf(context).calm(params.part)
  },
  async inject(context, params) {
    rememberMoment(context)
    await platformOf(context).lose(params.part, params.share)
  },
  async heal(context, params) {
    rememberSlowest(context, 0.9)
    await platformOf(context).calm(params.part)
  },
  witness: async (context) => slowWitness(context, 0.9, RESENT_MS),
})

const Delay = z.strictObject({ part: part('edge-new'), delayMs: delayMs(400), at: at(), seconds: seconds(5) })
export const networkDelay = fault({
  id: 'network-delay', title: DISTURBANCES['network-delay'], schema: Delay as z.ZodType<z.infer<typeof Delay>>, touches: ['network-delay'],
  phase: (params) => `at-share:${params.at}`,
  lastsMs: (params) => params.seconds * 1_000,
  async prepare(context, params) {
    await platformOf(context).delay(params.part, 1)
    await platformOf(context).calm(params.part)
  },
  async inject(context, params) {
    rememberMoment(context)
    await platformOf(context).delay(params.part, params.delayMs)
  },
  async heal(context, params) {
    rememberSlowest(context, 0.5)
    await platformOf(context).calm(params.part)
  },
  witness: async (context, params) => slowWitness(context, 0.5, params.delayMs),
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
