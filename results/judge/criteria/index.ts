/** All criteria, in the order of the verdict. */
import type { Finding } from '../../../contracts/verdict.ts'
import type { Case } from '../case.ts'
import { available } from './available.ts'
import { classes } from './classes.ts'
import { type CriterionResult, type CriterionRule, result } from './criterion.ts'
import { edges } from './edges.ts'
import { figures } from './figures.ts'
import { generator } from './generator.ts'
import { handTests } from './hand-tests.ts'
import { headRoom } from './head-room.ts'
import { incidents } from './incidents.ts'
import { loadCriteria } from './load-criteria.ts'
import { loadValidity } from './load-validity.ts'
import { migration } from './migration.ts'
import { partners } from './partners.ts'
import { recordFiles } from './record-files.ts'
import { runbook } from './runbook.ts'
import { sealedHistory } from './sealed-history.ts'
import { statistics } from './statistics.ts'
import { steadyState } from './steady-state.ts'

export const CRITERION_RULES: readonly CriterionRule[] = [classes, handTests, incidents, available, partners, migration, figures, statistics, runbook, steadyState, loadCriteria, recordFiles, sealedHistory, loadValidity, edges, headRoom, generator]

export async function checkCriteria(kase: Case, findings: readonly Finding[], rules: readonly CriterionRule[] = CRITERION_RULES): Promise<CriterionResult[]> {
  const results: CriterionResult[] = []
  for (const rule of rules) {
    try { results.push(...await rule.check(kase, findings)) }
    catch (error) { results.push(result(rule.id, 'inconclusive', 'the check itself works', `it failed: ${String((error as Error)?.message ?? error).split('\n')[0]}`)) }
  }
  return results
}
