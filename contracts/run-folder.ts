/** The names inside `results/runs/<run-id>/` (design section 4, FIXED). */
import { join } from 'node:path'

export type RunFolder = ReturnType<typeof runFolder>

export function runFolder(directory: string) {
  return {
    directory,
    plan: join(directory, 'plan.json'),
    history: join(directory, 'history'),
    historyOf: (worker: string) => join(directory, 'history', `${worker}.ndjson`),
    /** Declares tests by hand that joined after the run (`judge --hand-tests`); those of before stand in the plan. */
    handTests: join(directory, 'hand-tests.json'),
    journal: join(directory, 'journal.ndjson'),
    evidence: join(directory, 'evidence'),
    evidenceOf: (system: string, mode: 'baseline' | 'final' | 'running' = 'final') =>
      join(directory, 'evidence', `${system}${mode === 'baseline' ? '.baseline' : ''}.ndjson`),
    sealed: join(directory, 'sealed'),
    witness: join(directory, 'sealed', 'witness.ndjson'),
    faults: join(directory, 'sealed', 'faults.json'),
    verdict: join(directory, 'verdict.json'),
    findings: join(directory, 'findings.ndjson'),
    transactions: join(directory, 'transactions.json'),
    selfcheck: join(directory, 'selfcheck.json'),
    outcome: join(directory, 'outcome.json'),
    report: join(directory, 'report'),
    logs: join(directory, 'logs'),
  }
}
