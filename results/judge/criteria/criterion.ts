/**
 * One rule of the verdict a file, peers with the same form: what was expected, what was observed, pass / inconclusive / fail, and the lines that
 * show it. Rules of validity have ids that begin `valid.`: without them the run says nothing, so they are never `fail`. A rule that throws is
 * inconclusive with its message, and a missing measurement is never a pass.
 */
import type { CriterionResult as CriterionSchema, Finding, VerdictWord } from '../../../contracts/verdict.ts'
import type { z } from 'zod'
import type { Case } from '../case.ts'
import type { Ref } from '../examples.ts'

export type CriterionResult = z.infer<typeof CriterionSchema>
export type CriterionRule = { id: string; check: (kase: Case, findings: readonly Finding[]) => Promise<CriterionResult[]> }

export const VALIDITY_PREFIX = 'valid.'

export function result(id: string, status: VerdictWord, expected: string, observed: string, evidence: readonly Ref[] = []): CriterionResult {
  return { id, expected, observed, status, evidence: [...evidence] }
}

/** A rule of validity: what does not hold makes the run inconclusive. */
export function validity(name: string, held: boolean, expected: string, observed: string, evidence: readonly Ref[] = []): CriterionResult {
  return result(`${VALIDITY_PREFIX}${name}`, held ? 'pass' : 'inconclusive', expected, observed, evidence)
}

/** `a, b, c and 4 more`. */
export function listed(names: readonly string[], most = 20): string {
  return names.length <= most ? names.join(', ') : `${names.slice(0, most).join(', ')} and ${names.length - most} more`
}
