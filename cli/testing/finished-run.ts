/** For tests of whole runs: the records of a finished run, and everything that says why it did not pass, for the message of a failed expectation. */
import { readFileSync } from 'node:fs'
import type { Finding, RunOutcome, Verdict } from '../../contracts/verdict.ts'
import type { TestWorld } from './world.ts'

export function readLines<T>(file: string): T[] {
  return readFileSync(file, 'utf8').trim().split('\n').filter(Boolean).map((line) => JSON.parse(line) as T)
}

export function explain({ verdict, findings, outcome, world }: { verdict: Verdict; findings: readonly Finding[]; outcome: RunOutcome; world: TestWorld }): string {
  return [world.err().slice(-2_000), ...verdict.criteria.filter((one) => one.status !== 'pass').map((one) => `${one.status} ${one.id}: ${one.observed.slice(0, 400)}`),
    ...findings.map((finding) => `${finding.incident ?? finding.class} ${finding.system} ×${finding.count}: ${finding.cause}`), ...outcome.validity].join('\n')
}

/** Tells of a run that is played again because the machine did not carry its load. */
export function tellRepeat(attempts: number, broken: Verdict['criteria']): void {
  console.log(`repeated (${attempts}): the machine did not carry the load: ${broken.map((criterion) => `${criterion.id}: ${criterion.observed}`).join('; ').slice(0, 300)}`)
}
