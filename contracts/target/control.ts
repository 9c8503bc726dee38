/**
 * How a step of the runbook acts on a system that has no administration interface of ours: a command, an HTTP call, or a person who does it and confirms.
 * In arguments, addresses and bodies `{name}`, `{address}`, `{ttl}`, `{system}`, `{partner}` are put in where the act has them.
 */
import { z } from 'zod'
import { Text } from '../text.ts'

/** What steps ask for. `zone.set` points a DNS record somewhere or changes its TTL. */
export const CONTROL_ACTS = ['mode.open', 'mode.closed', 'mode.frozen', 'publish', 'unpublish', 'connect', 'disconnect', 'connections.close', 'connections.keep', 'zone.set'] as const
export type ControlAct = (typeof CONTROL_ACTS)[number]

export const ControlWay = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('admin') }),
  /** Never through a shell. Exit code 0 is done; its output is not kept. */
  z.strictObject({ by: z.literal('command'), run: z.tuple([z.string().min(1)], z.string()), timeoutMs: z.int().min(100).default(60_000) }),
  /** Done is any 2xx. With the system's `auth`. */
  z.strictObject({
    by: z.literal('http'), method: z.enum(['POST', 'PUT', 'PATCH', 'DELETE']).default('POST'), url: z.url({ protocol: /^https?$/ }), headers: z.record(z.string(), z.string()).default({}),
    body: z.string().optional(), timeoutMs: z.int().min(100).default(30_000),
  }),
  /** A person does it: asked at the terminal, and by a file in the run folder (`confirm/<n>.ask`, answered by `confirm/<n>.done`). */
  z.strictObject({ by: z.literal('confirm'), ask: Text.optional(), timeoutMs: z.int().min(1_000).default(30 * 60_000) }),
])
export type ControlWay = z.infer<typeof ControlWay>

export const ControlWays = z.partialRecord(z.enum(CONTROL_ACTS), ControlWay)
export type ControlWays = z.infer<typeof ControlWays>
