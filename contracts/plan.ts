/**
 * `plan.json`: everything that was decided before the start, hashed before anything starts (design section 4, FIXED). Says nothing about
 * faults or canaries. k6 reads it too: the load is generated from the plan alone, so the judge can tell which operations were possible.
 */
import { z } from 'zod'
import { OPERATION_KINDS } from './kinds.ts'
import { BOUND_NAMES, Profile } from './profile.ts'
import { Runbook } from './runbook.ts'
import { Target } from './target.ts'
import { Text } from './text.ts'

export const PlannedStep = z.strictObject({ flow: z.string(), step: z.string(), kind: z.enum(OPERATION_KINDS) })

export const PlannedScenario = z.strictObject({
  name: z.string(),
  journey: z.array(z.string()),
  /** Every step that an iteration may take, in order. */
  steps: z.array(PlannedStep),
  actor: z.string(),
  phase: z.string(),
  /** Wall ms from the run's start. */
  startMs: z.number(),
  durationMs: z.number(),
  /** Iterations 0 … count-1 are possible; no others. */
  count: z.int(),
  preAllocatedVUs: z.int(),
  maxVUs: z.int(),
  shares: z.record(z.string(), z.number()),
  /** Pushes: how many iterations each partner has, in the order of the assignment (`scenarios/assign.ts`). */
  partners: z.array(z.strictObject({ id: z.string(), unitCode: z.string(), count: z.int() })).optional(),
  dossiersOf: z.string().optional(),
  /** Of `dossiersOf` only the dossiers with this fate: iteration i handles the i-th of them. */
  among: z.string().optional(),
  /** Where the rate is not constant: one after the other, in iterations a wall second. Their integral is `count`. */
  stages: z.array(z.strictObject({ durationMs: z.number(), fromPerSecond: z.number(), toPerSecond: z.number() })).optional(),
})
export type PlannedScenario = z.infer<typeof PlannedScenario>

export const PlannedPartner = z.strictObject({
  id: z.string(), unitCode: z.string(), title: Text, mode: z.enum(['real', 'simulated', 'absent']), wave: z.int(),
  /** Dossiers expected on the portal when the night is over. */
  expected: z.int(),
  /** Of these, how many the partner holds back by the runbook (001: unfinished units); the rest of the system does not know. */
  outstanding: z.int(),
})
export type PlannedPartner = z.infer<typeof PlannedPartner>

/** What one k6 process plays of every scenario: the citizens of its region, or everybody who is no citizen. */
export const WorkerPart = z.union([z.strictObject({ citizensOf: z.string() }), z.literal('others')])
export type WorkerPart = z.infer<typeof WorkerPart>

export const Criterion = z.strictObject({ id: z.string(), expected: Text })

/** One figure on the way from the documents to a rate: of a document, of none (assumed), or computed from the lines above. */
export const DerivationLine = z.strictObject({
  what: Text, value: z.number(), unit: Text, how: Text,
  basis: z.union([z.strictObject({ source: z.string() }), z.strictObject({ assumption: Text }), z.strictObject({ computed: z.literal(true) })]),
})

export const Plan = z.strictObject({
  v: z.literal(1),
  runId: z.string(),
  createdAt: z.number(),
  seed: z.int(),
  timeScale: z.number(),
  /** The window's start on the scenario clock, epoch ms. */
  scenarioStartMs: z.number(),
  /** Length of the window on the wall clock. */
  durationMs: z.number(),
  runbook: Runbook,
  profile: Profile,
  target: Target,
  scenarios: z.array(PlannedScenario),
  partners: z.array(PlannedPartner),
  /** Wall ms each, floor applied. */
  boundsWallMs: z.record(z.enum(BOUND_NAMES), z.number()),
  criteria: z.array(Criterion),
  assumptions: z.array(Text),
  /** How the rates came about, where they were derived from published figures. */
  derivation: z.array(DerivationLine).optional(),
  /** Tests by hand that join the run: `history/hand-tests.ndjson`, by the hash of its lines. */
  handTests: z.strictObject({ rows: z.int(), sha256: z.string() }).optional(),
  /** k6 processes: worker names = history file names. */
  workers: z.array(z.string()),
  /** By worker, where each stands in another place of the network; without it they share every scenario by execution segments. */
  workerParts: z.record(z.string(), WorkerPart).optional(),
  versions: z.record(z.string(), z.string()),
  planHash: z.string(),
})
export type Plan = z.infer<typeof Plan>
