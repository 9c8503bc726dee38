/**
 * Makes the baseline of a profile from a run of it that passed: `node results/judge/make-baseline.ts results/runs/<run-id>`. In: plan.json, verdict.json
 * and outcome.json of the run folder. Out: `results/baselines/<profile>.json`, printed by its path. A run that did not pass is no baseline.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { canonicalJson } from '../../contracts/canonical-json.ts'
import { Plan } from '../../contracts/plan.ts'
import { runFolder } from '../../contracts/run-folder.ts'
import { RunOutcome, Verdict } from '../../contracts/verdict.ts'
import { BASELINES, baselineOf } from './baseline.ts'

export async function makeBaseline(runDirectory: string, directory: string = BASELINES): Promise<string> {
  const folder = runFolder(runDirectory)
  const read = async (path: string): Promise<unknown> => JSON.parse(await readFile(path, 'utf8'))
  const { outcome } = RunOutcome.parse(await read(folder.outcome))
  if (outcome !== 'pass') throw new Error(`the run is no baseline: its outcome is ${outcome}`)
  const { profile } = Plan.parse(await read(folder.plan))
  const baseline = baselineOf(Verdict.parse(await read(folder.verdict)), profile.name)
  if (Object.keys(baseline.values).length === 0) throw new Error(`profile ${profile.name} has no criteria whose values a baseline could keep`)
  const path = join(directory, `${profile.name}.json`)
  await mkdir(directory, { recursive: true })
  await writeFile(path, `${canonicalJson(baseline)}\n`)
  return path
}

if (process.argv[1] === import.meta.filename) {
  if (process.argv[2] === undefined) throw new Error('say of which run: node results/judge/make-baseline.ts results/runs/<run-id>')
  process.stdout.write(`${await makeBaseline(process.argv[2])}\n`)
}
