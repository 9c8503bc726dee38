/**
 * Baselines of load criteria: `results/baselines/<profile>.json`, `{v, profile, runId, planHash, values: {"p95(submit) in peak": 412}}`, one value for
 * each measure that a criterion of the profile names, over its whole phase or run. Made from the verdict of a run that passed (`make-baseline.ts`),
 * kept in git, so that `p95(submit) < 1.2x baseline` means the same on every machine.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Verdict } from '../../contracts/verdict.ts'

export const BASELINES = join(import.meta.dirname, '..', 'baselines')
/** Figures of the verdict that are values of measures. */
export const MEASURE_PREFIX = 'load.measure.'

export const Baseline = z.strictObject({ v: z.literal(1), profile: z.string(), runId: z.string(), planHash: z.string(), values: z.record(z.string(), z.number()) })
export type Baseline = z.infer<typeof Baseline>

/** Null where there is none; throws where there is one that cannot be read. */
export async function readBaseline(profile: string, directory: string = BASELINES): Promise<Baseline | null> {
  const path = join(directory, `${profile}.json`)
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => { if (error.code === 'ENOENT') return null; throw error })
  if (text === null) return null
  const baseline = Baseline.parse(JSON.parse(text))
  if (baseline.profile !== profile) throw new Error(`${path} is of profile ${baseline.profile}`)
  return baseline
}

export function baselineOf(verdict: z.infer<typeof Verdict>, profile: string): Baseline {
  const measures = verdict.figures.filter(({ id }) => id.startsWith(MEASURE_PREFIX))
  return { v: 1, profile, runId: verdict.runId, planHash: verdict.planHash, values: Object.fromEntries(measures.map(({ id, value }) => [id.slice(MEASURE_PREFIX.length), value])) }
}
