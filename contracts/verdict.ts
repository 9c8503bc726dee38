/** `verdict.json`, `findings.ndjson`, `selfcheck.json`, `outcome.json` (design sections 4 and 5, FIXED). */
import { z } from 'zod'
import { IncidentId } from './incidents.ts'

export const VERDICTS = ['pass', 'inconclusive', 'fail'] as const
export const VerdictWord = z.enum(VERDICTS)
export type VerdictWord = z.infer<typeof VerdictWord>

/** Worst wins: commutative, associative, idempotent; nothing to merge is `inconclusive`, because nothing was measured. */
export function worst(words: readonly VerdictWord[]): VerdictWord {
  if (words.length === 0) return 'inconclusive'
  return VERDICTS[Math.max(...words.map((word) => VERDICTS.indexOf(word)))]!
}

export const OPERATION_CLASSES = [
  'confirmed', 'lost', 'misrouted', 'split', 'duplicate', 'ghost', 'recovered', 'unresolved', 'unexpected', 'inconsistent',
  'late', 'stale', 'regressed', 'illegal-transition', 'unverified',
] as const
export const OperationClass = z.enum(OPERATION_CLASSES)
export type OperationClass = z.infer<typeof OperationClass>

/** What each class does to the verdict; `none` and `note` leave it as it is. */
export const CLASS_EFFECT: Record<OperationClass, 'none' | 'note' | 'inconclusive' | 'fail'> = {
  'confirmed': 'none', 'lost': 'fail', 'misrouted': 'fail', 'split': 'fail', 'duplicate': 'fail', 'ghost': 'fail', 'recovered': 'note',
  'unresolved': 'note', 'unexpected': 'fail', 'inconsistent': 'fail', 'late': 'note', 'stale': 'fail', 'regressed': 'fail',
  'illegal-transition': 'fail', 'unverified': 'inconclusive',
}

/** Where it stands in the run folder: a file and its 1-based lines. */
export const EvidenceRef = z.strictObject({ file: z.string(), lines: z.array(z.int()) })

export const FindingExample = z.strictObject({
  dossierCode: z.string().nullable(), procedureCode: z.string().nullable(), time: z.string(), step: z.string(), errorText: z.string().nullable(),
  statuses: z.record(z.string(), z.string()), evidence: z.array(EvidenceRef),
})

export const Finding = z.strictObject({
  id: z.string(),
  incident: IncidentId.nullable(),
  /** An operation class, or `incident` where no class of an operation stands behind it. */
  class: z.string(),
  system: z.string(),
  /** The role that should handle it. */
  unit: z.string(),
  since: z.string(),
  count: z.int(),
  /** The first 20; `count` says how many there are. */
  examples: z.array(FindingExample),
  cause: z.string(),
  measure: z.string(),
  deadline: z.string(),
  rerunCondition: z.string(),
  /** What the evidence can and cannot show: how many operations were looked at, how small a share would have been seen. */
  power: z.string(),
})
export type Finding = z.infer<typeof Finding>

export const CriterionResult = z.strictObject({
  id: z.string(), expected: z.string(), observed: z.string(), status: VerdictWord, evidence: z.array(EvidenceRef),
})
export type CriterionResult = z.infer<typeof CriterionResult>

export const Figure = z.strictObject({
  id: z.string(), value: z.number(), unit: z.string(), source: z.string(),
})

export const Verdict = z.strictObject({
  v: z.literal(1),
  runId: z.string(),
  planHash: z.string(),
  verdict: VerdictWord,
  criteria: z.array(CriterionResult),
  findings: z.array(z.string()),
  partners: z.array(z.strictObject({
    id: z.string(), mode: z.enum(['real', 'simulated', 'absent']), expected: z.int(), synced: z.int(), finishedAt: z.string().nullable(),
  })),
  coverage: z.strictObject({ systemsRead: z.array(z.string()), operations: z.int(), verified: z.int() }),
  figures: z.array(Figure),
})
export type Verdict = z.infer<typeof Verdict>

export const Canary = z.strictObject({
  id: z.string(), mutation: z.enum(['drop', 'double', 'misroute', 'stale', 'alter']), system: z.string(), op: z.string(),
  expectedClass: OperationClass,
})
export type Canary = z.infer<typeof Canary>

export const Selfcheck = z.strictObject({
  v: z.literal(1), runId: z.string(), status: VerdictWord,
  canaries: z.array(z.strictObject({ ...Canary.shape, named: z.boolean(), namedAs: z.string().nullable() })),
  /** Operations that pass 2 named and no canary explains. */
  surplus: z.int(),
  note: z.string(),
})
export type Selfcheck = z.infer<typeof Selfcheck>

export const FaultOutcome = z.strictObject({ id: z.string(), planted: z.boolean(), effective: z.boolean(), note: z.string().optional() })

export const RunOutcome = z.strictObject({
  v: z.literal(1),
  runId: z.string(),
  outcome: VerdictWord,
  verdict: VerdictWord,
  selfcheck: VerdictWord,
  faults: z.array(FaultOutcome),
  /** Rules of validity that did not hold, in words; empty for a valid run. */
  validity: z.array(z.string()),
})
export type RunOutcome = z.infer<typeof RunOutcome>

/** One line of `sealed/witness.ndjson`: what proved from outside that a fault touched operations. */
export const WitnessLine = z.strictObject({
  v: z.literal(1), fault: z.string(), /** Which of `sealed/faults.json`, from 0: the same fault may be planted twice. */ index: z.int().min(0).optional(), at: z.number(), event: z.enum(['injected', 'witnessed', 'healed', 'error']),
  touched: z.int().optional(), required: z.int().optional(), note: z.string().optional(),
})
export type WitnessLine = z.infer<typeof WitnessLine>
