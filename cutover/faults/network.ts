/**
 * `network-cut`, `network-loss`, `network-delay`: nothing passes between two ends any more and neither is told; packets are lost; everything arrives late. Witness: what
 * clients saw: operations without a known end, or that took longer than is usual.
 */
import { z } from 'zod'
import { DISTURBANCES } from '../../contracts/disturbances.ts'
import type { StackPlatform } from '../../contracts/platform.ts'
import { fault } from './fault.ts'
import { at, delayMs, end, part, seconds, share } from './params.ts'
import { lateClients, platformOf, rememberEnd, rememberMoment, rememberUsual, touchedClients } from './touched-clients.ts'

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
  async heal(context, params) {
    await platformOf(context).mend(params.from, params.to)
    rememberEnd(context)
  },
  witness: touchedClients,
})

/** A part with which speaking has become slow: begun, tried beforehand and ended alike, whatever makes it so. */
type Slowed = { part: string; at: number; seconds: number }
function slowing<Params extends Slowed>({ id, schema, leastMs, slow, least }: {
  id: 'network-loss' | 'network-delay'; schema: z.ZodType<Params>
  /** So much later than is usual at least is whoever was touched. */
  leastMs: (params: Params) => number
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
      rememberUsual(context)
      rememberMoment(context)
      await slow(platformOf(context), params)
    },
    async heal(context, params) {
      await platformOf(context).calm(params.part)
      rememberEnd(context)
    },
    witness: (context, params) => lateClients(context, leastMs(params)),
  })
}

const Loss = z.strictObject({ part: part('edge-new'), share: share(0.3), at: at(), seconds: seconds(5) })
export const networkLoss = slowing({
  id: 'network-loss', schema: Loss as z.ZodType<z.infer<typeof Loss>>, leastMs: () => RESENT_MS,
  slow: (platform, params) => platform.lose(params.part, params.share), least: (params) => params,
})

const Delay = z.strictObject({ part: part('edge-new'), delayMs: delayMs(400), at: at(), seconds: seconds(5) })
export const networkDelay = slowing({
  id: 'network-delay', schema: Delay as z.ZodType<z.infer<typeof Delay>>, leastMs: (params) => params.delayMs,
  slow: (platform, params) => platform.delay(params.part, params.delayMs), least: (params) => ({ ...params, delayMs: 1 }),
})
