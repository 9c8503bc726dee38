/**
 * The outcome of a run: the verdict (pass 1), the selfcheck (pass 2) and the sealed witnesses merged, worst wins. In: verdict.json, selfcheck.json,
 * sealed/faults.json and sealed/witness.ndjson of a run folder; what is missing counts as inconclusive. Out: outcome.json and the exit code.
 * A fault that was planted and touched nothing makes the run inconclusive at least: it proves nothing about the system that withstood it.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import { canonicalJson } from '../../contracts/canonical-json.ts'
import { EXIT } from '../../contracts/error.ts'
import { runFolder } from '../../contracts/run-folder.ts'
import { RunOutcome, Selfcheck, Verdict, type VerdictWord, WitnessLine, worst } from '../../contracts/verdict.ts'

/** Criteria about the run itself, not about the system (results/judge/criteria). */
const VALIDITY_PREFIX = 'valid.'

const PlantedFaults = z.array(z.looseObject({ id: z.string() }))
type FaultResult = z.infer<typeof RunOutcome>['faults'][number]

export function settle(runDirectory: string): z.infer<typeof RunOutcome> {
  const folder = runFolder(runDirectory)
  const validity: string[] = []
  const verdict = parsed(folder.verdict, Verdict, validity)
  const selfcheck = parsed(folder.selfcheck, Selfcheck, validity)
  const faults = plantedFaults(folder.faults, folder.witness, validity)
  for (const criterion of verdict?.criteria ?? []) {
    if (criterion.id.startsWith(VALIDITY_PREFIX) && criterion.status !== 'pass') validity.push(`${criterion.id.slice(VALIDITY_PREFIX.length)}: expected ${criterion.expected}; ${criterion.observed}`)
  }
  if (selfcheck && selfcheck.status !== 'pass') validity.push(`selfcheck: ${selfcheck.note}`)
  for (const fault of faults) if (!fault.effective) validity.push(`fault ${fault.id} was ${fault.planted ? 'planted and touched too little' : 'not planted'}${fault.note ? `: ${fault.note}` : ''}`)
  const words = [verdict?.verdict ?? 'inconclusive', selfcheck?.status ?? 'inconclusive', ...(validity.length > 0 ? ['inconclusive' as const] : [])]
  const outcome = RunOutcome.parse({
    v: 1, runId: verdict?.runId ?? selfcheck?.runId ?? runIdOf(folder.plan), outcome: worst(words), verdict: verdict?.verdict ?? 'inconclusive', selfcheck: selfcheck?.status ?? 'inconclusive', faults, validity,
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

function plantedFaults(faultsPath: string, witnessPath: string, validity: string[]): FaultResult[] {
  const text = readText(faultsPath)
  if (text === undefined) return []
  let planted: z.infer<typeof PlantedFaults>
  try { planted = PlantedFaults.parse(JSON.parse(text)) } catch { validity.push('sealed/faults.json cannot be read'); return [] }
  const lines = (readText(witnessPath) ?? '').split('\n').filter((line) => line !== '').flatMap((line) => {
    try {
      const result = WitnessLine.safeParse(JSON.parse(line))
      return result.success ? [result.data] : []
    } catch { return [] }
  })
  return planted.map(({ id }): FaultResult => {
    const own = lines.filter((line) => line.fault === id)
    const witness = own.findLast((line) => line.event === 'witnessed')
    const note = own.findLast((line) => line.event === 'error')?.note ?? witness?.note
    const effective = witness !== undefined && (witness.touched ?? 0) >= Math.max(1, witness.required ?? 1)
    return { id, planted: own.some((line) => line.event === 'injected'), effective, ...(note ? { note } : {}) }
  })
}

function readText(path: string): string | undefined {
  try { return readFileSync(path, 'utf8') } catch { return undefined }
}

function runIdOf(planPath: string): string {
  const plan = z.object({ runId: z.string() }).safeParse(JSON.parse(readText(planPath) ?? '{}'))
  return plan.success ? plan.data.runId : 'unknown'
}
