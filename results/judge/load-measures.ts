/**
 * Measures of the load from table ops (`contracts/load-criterion.ts`): an operation belongs to the moment at which it was intended to begin, its latency
 * counts from then, so that a generator or a system that stood still hides nothing. In: the case and a parsed criterion. Out: counts of the whole
 * sample or of every bucket, and exact values.
 */
import type { z } from 'zod'
import { intervalOf, quantileOf, stepsUnder, thresholdUnit, type LoadCriterion } from '../../contracts/load-criterion.ts'
import { countsWithin, valueOf, type LoadCounts } from '../../contracts/load-windows.ts'
import { baselineKey, parseLoadCriterion } from '../../contracts/parse-load-criterion.ts'
import type { Figure } from '../../contracts/verdict.ts'
import { MEASURE_PREFIX } from './baseline.ts'
import type { Case } from './case.ts'
import { literal } from './database.ts'

/** `where`: SQL over ops. Wall epoch ms; `from`, `to` bound the sample only where `bounded`. */
export type Sample = { criterion: LoadCriterion; where: string; from: number; to: number; bounded: boolean }

/** Null where the plan plays nothing of what the criterion names. */
export function sampleOf({ plan, times }: Case, criterion: LoadCriterion): Sample | null {
  const interval = intervalOf(plan, criterion)
  if (!interval || times.beganAt === null) return null
  const pairs = stepsUnder(plan, criterion).flatMap(({ scenario, steps }) => steps.map((step) => `(${literal(scenario.name)}, ${literal(step)})`))
  const from = times.beganAt + interval.fromMs
  const to = times.beganAt + (countsWithin(criterion) ? Math.min(interval.toMs, interval.fromMs + criterion.window!.ms) : interval.toMs)
  return { criterion, where: `id >> 32 IN (SELECT sid FROM plan_steps WHERE (scenario, step) IN (${pairs.join(', ')}))`, from, to, bounded: criterion.phase !== undefined || criterion.window !== undefined }
}

const valueColumn = ({ fn }: LoadCriterion) => `greatest(0, ${fn === 'lateness' ? 'invoked' : 'completed'} - intended)`

function rowsOf({ criterion, where, bounded }: Sample, from: number, to: number): string {
  return `(SELECT intended, outcome, ${valueColumn(criterion)} AS value FROM ops WHERE ${where}${bounded ? ` AND intended >= ${from} AND intended < ${to}` : ''})`
}

const COUNTS = (criterion: LoadCriterion) => `count(*) AS samples, count(*) FILTER (outcome = 'ok') AS acknowledged, coalesce(sum(value), 0)::BIGINT AS "sumMs", coalesce(max(value), 0) AS "maxMs",
  count(*) FILTER (value ${criterion.operator.replace('==', '=').replace('!=', '<>')} ${criterion.threshold}) AS meeting`

export async function countsOf({ db }: Case, sample: Sample): Promise<LoadCounts> {
  return db.row<LoadCounts>(`SELECT ${COUNTS(sample.criterion)} FROM ${rowsOf(sample, sample.from, sample.to)}`)
}

/** Refusals that follow from a dossier which the load itself has not brought, or not yet: whoever handles it is told that it is not there. */
const NOT_BROUGHT = ['DOSSIER_UNKNOWN', 'NOT_HERE', 'NOT_YET', 'TRANSITION_FORBIDDEN']

export async function notBrought({ db }: Case, { where }: Sample): Promise<number> {
  return db.count(`SELECT count(*) FROM ops WHERE ${where} AND outcome = 'fail' AND (${NOT_BROUGHT.map((code) => `starts_with(error, ${literal(code)})`).join(' OR ')})`)
}

/** By bucket from the sample's start; buckets without a sample have none. */
export async function countsByBucket({ db }: Case, sample: Sample, bucketMs: number): Promise<Map<number, LoadCounts>> {
  const rows = await db.rows<LoadCounts & { bucket: number }>(`SELECT floor((intended - ${sample.from}) / ${bucketMs})::INTEGER AS bucket, ${COUNTS(sample.criterion)}
    FROM ${rowsOf(sample, sample.from, sample.to)} GROUP BY bucket ORDER BY bucket`)
  return new Map(rows.map(({ bucket, ...counts }) => [bucket, counts]))
}

/** The exact value between two moments of a sample that is bounded, or of all of it; null without samples. */
export async function exactValue(kase: Case, sample: Sample, counts: LoadCounts, from = sample.from, to = sample.to): Promise<number | null> {
  const quantile = quantileOf(sample.criterion.fn)
  if (counts.samples === 0) return null
  if (quantile === null) return valueOf(sample.criterion.fn, counts, to - from)
  return (await kase.db.row<{ value: number | null }>(`SELECT quantile_disc(value, ${quantile}) AS value FROM ${rowsOf(sample, from, to)}`)).value
}

/** Every measure that a criterion of the profile names, over its whole phase or run: what a baseline keeps. */
export async function measureFigures(kase: Case): Promise<z.infer<typeof Figure>[]> {
  const figures = new Map<string, z.infer<typeof Figure>>()
  for (const text of kase.plan.profile.criteria) {
    const parsed = parseLoadCriterion(text)
    if ('error' in parsed) continue
    const { window: _, ...whole } = parsed.criterion
    const id = `${MEASURE_PREFIX}${baselineKey(whole)}`
    const sample = figures.has(id) ? null : sampleOf(kase, whole)
    const value = sample && await exactValue(kase, sample, await countsOf(kase, sample))
    if (value !== null) figures.set(id, { id, value: Number(value.toFixed(6)), unit: UNITS[thresholdUnit(whole.fn)], source: 'history/*.ndjson' })
  }
  return [...figures.values()]
}

const UNITS = { ms: 'ms', ratio: 'ratio', perSecond: 'per second', count: 'operations' } as const
