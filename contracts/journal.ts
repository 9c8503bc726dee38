/**
 * `journal.ndjson`: what the engine did and when (design section 4, FIXED). Nothing about faults. Times are wall epoch ms;
 * `scenarioAt` is the same moment on the scenario clock.
 */
import { z } from 'zod'
import { Text } from './text.ts'

export const ConditionResult = z.strictObject({
  condition: z.string(), observed: z.number().nullable(), held: z.boolean().nullable(),
})
export type ConditionResult = z.infer<typeof ConditionResult>

const common = { v: z.literal(1), seq: z.int(), at: z.number(), scenarioAt: z.number() }

export const JournalEntry = z.discriminatedUnion('kind', [
  z.strictObject({ ...common, kind: z.literal('run'), event: z.enum(['begin', 'load-begin', 'load-end', 'drained', 'end', 'interrupted', 'aborted']), note: z.string().optional() }),
  z.strictObject({ ...common, kind: z.literal('step'), id: z.string(), event: z.enum(['begin', 'done', 'not-done', 'error']),
    title: Text, owner: z.string(), action: z.string(), conditions: z.array(ConditionResult).optional(), note: z.string().optional(),
    /** What the action reports of itself: counts, addresses. */
    facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).optional() }),
  z.strictObject({ ...common, kind: z.literal('gate'), id: z.string(), event: z.enum(['asked', 'go', 'no-go']), title: Text, approver: z.string(),
    /** `simulated`: no person was asked; headed "Mô phỏng" in the report. */
    approval: z.enum(['simulated', 'person']), conditions: z.array(ConditionResult).optional() }),
  z.strictObject({ ...common, kind: z.literal('undo'), id: z.string(), event: z.enum(['begin', 'done', 'error']), note: z.string().optional() }),
  z.strictObject({ ...common, kind: z.literal('watch'), id: z.string(), event: z.enum(['breach', 'recovered']), condition: z.string(), observed: z.number().nullable() }),
  z.strictObject({ ...common, kind: z.literal('read'), system: z.string(), event: z.enum(['begin', 'done', 'error']), mode: z.enum(['baseline', 'running', 'final']), rows: z.int().optional(), note: z.string().optional() }),
  z.strictObject({ ...common, kind: z.literal('sample'), name: z.string(), value: z.number(), label: z.string().optional() }),
])
export type JournalEntry = z.infer<typeof JournalEntry>

/** What a writer hands in; the journal adds v, seq, at and scenarioAt. */
type WithoutStamp<T> = T extends unknown ? Omit<T, 'v' | 'seq' | 'at' | 'scenarioAt'> : never
export type JournalEvent = WithoutStamp<JournalEntry>
