/**
 * The result of a conformance run as a file: what was asked of whom by which contract, what held, what could not be tried. *Index* = what could be checked of
 * all; *score* = what held of what was checked; what cannot be triggered, or did not end in time, lowers the index and never the score. Each part has its SHA-256 (of its canonical
 * JSON), the whole has one over those, and may be signed (Ed25519). `seal.ts` makes and checks them.
 */
import { z } from 'zod'
import { Text } from '../contracts/text.ts'
import { FLOWS } from './check.ts'
import type { Conformance } from './driver.ts'

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const Shown = z.strictObject({
  operation: z.string(), method: z.string(), url: z.string(), headers: z.record(z.string(), z.string()), body: z.string().nullable(),
  status: z.int().nullable(), answer: z.string().nullable(), error: z.string().nullable(), tookMs: z.int(),
})
export const OUTCOMES = ['held', 'broken', 'not-triggerable', 'timed-out', 'faulted'] as const
const Outcome = z.strictObject({
  id: z.string(), flow: z.enum(FLOWS), requirement: Text, outcome: z.enum(OUTCOMES), expected: Text.optional(), observed: Text.optional(), why: Text.optional(),
  exchange: Shown.optional(), smallest: Shown.optional(), requests: z.int(), tookMs: z.int(),
})

export const Summary = z.strictObject({
  requirements: z.int(), held: z.int(), broken: z.int(), notTriggerable: z.int(), timedOut: z.int(), faulted: z.int(),
  /** Per cent with one decimal, rounded down: 100 only where it is all. */
  index: z.number(), score: z.number().nullable(),
})
export type Summary = z.infer<typeof Summary>

export const ConformResult = z.strictObject({
  version: z.literal(1), kind: z.literal('conformance'), runId: z.string(),
  about: z.strictObject({
    partner: z.string(), role: z.string(), url: z.string(), contract: z.strictObject({ role: z.string(), version: z.string(), profile: z.string().nullable() }),
    tool: z.string(), beganAt: z.string(), endedAt: z.string(), requests: z.int(),
    /** SHA-256 of the fixture (without secrets' values), and whether only a part of the checks was wanted. */
    fixture: Sha256, part: z.array(z.string()).nullable(),
  }),
  summary: Summary,
  outcomes: z.array(Outcome),
  /** Left in the tested system; all carry the run's mark. */
  testData: z.array(z.strictObject({ kind: z.string(), id: z.string(), check: z.string() })),
  hashes: z.strictObject({ about: Sha256, summary: Sha256, outcomes: Sha256, testData: Sha256, whole: Sha256 }),
  signature: z.strictObject({ algorithm: z.literal('Ed25519'), keyId: z.string(), value: z.string() }).nullable(),
})
export type ConformResult = z.infer<typeof ConformResult>

export function summarise(outcomes: Conformance['outcomes']): Summary {
  const count = (outcome: string) => outcomes.filter((one) => one.outcome === outcome).length
  const [held, broken, notTriggerable, timedOut, faulted] = [count('held'), count('broken'), count('not-triggerable'), count('timed-out'), count('faulted')]
  const checked = held + broken
  return {
    requirements: outcomes.length, held, broken, notTriggerable, timedOut, faulted,
    index: outcomes.length === 0 ? 0 : percent(checked, outcomes.length), score: checked === 0 ? null : percent(held, checked),
  }
}

function percent(part: number, whole: number): number { return Math.floor(part * 1_000 / whole) / 10 }
