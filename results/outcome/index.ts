/**
 * The outcome of a run: the verdict (pass 1), the selfcheck (pass 2) and the sealed witnesses merged, worst wins. In: verdict.json, findings.ndjson,
 * selfcheck.json, sealed/faults.json and sealed/witness.ndjson of a run folder; what is missing or of another run counts as inconclusive. Out: outcome.json and the exit code.
 * A fault that was planted and touched nothing makes the run inconclusive at least: it proves nothing about the system that withstood it.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import { canonicalJson } from '../../contracts/canonical-json.ts'
import { EXIT } from '../../contracts/error.ts'
import { runFolder, type RunFolder } from '../../contracts/run-folder.ts'
import { RunOutcome, Selfcheck, Verdict, type VerdictWord, worst } from '../../contracts/verdict.ts'
import { plantedFaults, readText } from './planted-faults.ts'

/** Criteria about the run itself, not about the system (results/judge/criteria). */
const VALIDITY_PREFIX = 'valid.'

export function settle(runDirectory: string): z.infer<typeof RunOutcome> {
  const folder = runFolder(runDirectory)
  const validity: string[] = []
  const verdict = parsed(folder.verdict, Verdict, validity)
  const selfcheck = parsed(folder.selfcheck, Selfcheck, validity)
  belonging(folder, verdict, selfcheck, validity)
  const faults = plantedFaults(folder.faults, folder.witness, validity)
  for (const criterion of verdict?.criteria ?? []) {
    if (criterion.id.startsWith(VALIDITY_PREFIX) && criterion.status !== 'pass') validity.push(`${criterion.id.slice(VALIDITY_PREFIX.length)}: expected ${criterion.expected}; ${criterion.observed}`)
  }
  if (selfcheck && selfcheck.status !== 'pass') validity.push(`selfcheck: ${selfcheck.note}`)
  for (const fault of faults) if (!fault.effective) validity.push(`fault ${fault.id} was ${fault.planted ? 'planted and touched too little' : 'not planted'}${fault.note ? `: ${fault.note}` : ''}`)
  const words = [verdict?.verdict ?? 'inconclusive', ...(verdict?.criteria ?? []).map((criterion) => criterion.status), selfcheck?.status ?? 'inconclusive', ...(validity.length > 0 ? ['inconclusive' as const] : [])]
  const outcome = RunOutcome.parse({
    v: 1, runId: verdict?.runId ?? selfcheck?.runId ?? planOf(folder.plan).runId ?? 'unknown', outcome: worst(words), verdict: verdict?.verdict ?? 'inconclusive', selfcheck: selfcheck?.status ?? 'inconclusive', faults, validity,
  })
  writeFileSync(folder.outcome, `${canonicalJson(outcome)}\n`)
  return outcome
}

export function exitCodeOf(outcome: VerdictWord | { outcome: VerdictWord }): number {
  return EXIT[typeof outcome === 'string' ? outcome : outcome.outcome]
}

function parsed<T>(path: string, schema: z.ZodType<T>, validity: string[]): T | undefined {
  const name = path.split('/').at(-1)
  let json: unknown
  try { json = JSON.parse(readFileSync(path, 'utf8')) } catch (error) {
    validity.push(`${name} ${(error as NodeJS.ErrnoException).code === 'ENOENT' ? 'is missing' : 'cannot be read'}`)
    return undefined
  }
  const result = schema.safeParse(json)
  if (!result.success) validity.push(`${name} is not of this version`)
  return result.data
}

/** What belongs together in one run folder says so: run, plan and findings. */
function belonging(folder: RunFolder, verdict: z.infer<typeof Verdict> | undefined, selfcheck: z.infer<typeof Selfcheck> | undefined, validity: string[]): void {
  const plan = planOf(folder.plan)
  const runId = plan.runId ?? verdict?.runId
  for (const [name, file] of [['verdict.json', verdict], ['selfcheck.json', selfcheck]] as const) {
    if (file && runId !== undefined && file.runId !== runId) validity.push(`${name} is of run ${file.runId}, not of ${runId}`)
  }
  if (!verdict) return
  if (plan.planHash !== undefined && verdict.planHash !== plan.planHash) validity.push('verdict.json is of another plan')
  const findings = readText(folder.findings)
  if (findings === undefined) validity.push('findings.ndjson is missing')
  else if (idsOf(findings).join('\n') !== verdict.findings.join('\n')) validity.push('findings.ndjson does not hold the findings that verdict.json names')
}

function idsOf(text: string): string[] {
  return text.split('\n').filter((line) => line !== '').map((line) => {
    try { return String(JSON.parse(line).id) } catch { return '' }
  })
}

function planOf(path: string): { runId?: string | undefined; planHash?: string | undefined } {
  try { return z.object({ runId: z.string().optional(), planHash: z.string().optional() }).parse(JSON.parse(readText(path) ?? '{}')) } catch { return {} }
}
