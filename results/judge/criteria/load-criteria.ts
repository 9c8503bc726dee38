/**
 * The profile's criteria of the load (`contracts/load-criterion.ts`), each over its phase or run as one sample or in every gliding window. A sample that
 * is empty or too small, a criterion that names nothing, a baseline that is not there: inconclusive, never a pass. A latency that breaks its limit
 * while the generator or a simulator was itself too busy says nothing either, nor do errors about dossiers that a late generator did not bring; where the profile does not judge head-room latencies are reported only.
 */
import { holds } from '../../../contracts/condition.ts'
import { stepsUnder, thresholdUnit, type LoadCriterion } from '../../../contracts/load-criterion.ts'
import { isHeld, leastSamples, sumOf, windowGrid, type LoadCounts, type WindowGrid } from '../../../contracts/load-windows.ts'
import { baselineKey, parseLoadCriterion } from '../../../contracts/parse-load-criterion.ts'
import { readBaseline } from '../baseline.ts'
import { busyMeanwhile } from '../busy.ts'
import type { Case } from '../case.ts'
import { countsByBucket, countsOf, exactValue, notBrought, sampleOf, type Sample } from '../load-measures.ts'
import { isHistoryWhole } from '../offered.ts'
import { type CriterionResult, type CriterionRule, result } from './criterion.ts'

/** `reached`: acknowledged operations of the sample. */
type Finding = { status: 'held' | 'broken' | 'few'; observed: string; reached: number }

export const loadCriteria: CriterionRule = {
  id: 'load',
  async check(kase) {
    const results: CriterionResult[] = []
    for (const text of kase.plan.profile.criteria) {
      const parsed = parseLoadCriterion(text)
      results.push('error' in parsed ? result(`load.${text}`, 'inconclusive', text, `cannot be read: column ${parsed.error.column}: ${parsed.error.what}`) : await judged(kase, `load.${text}`, parsed.criterion))
    }
    return results
  },
}

/** `id`: as the plan lists it, in the profile's own spelling. */
async function judged(kase: Case, id: string, criterion: LoadCriterion): Promise<CriterionResult> {
  const { text } = criterion
  const open = (observed: string) => result(id, 'inconclusive', text, observed)
  const limit = await absolute(kase, criterion)
  if (limit === null) return open(`no baseline: results/baselines/${kase.plan.profile.name}.json has no ${baselineKey(criterion)}; make one of a run that passed: node results/judge/make-baseline.ts RUN`)
  const sample = sampleOf(kase, limit)
  if (!sample) return open('the plan plays nothing that it names')
  if (!isHistoryWhole(kase)) return open('the history is not whole')
  const grid = windowGrid(limit)
  const finding = grid ? await inWindows(kase, sample, grid) : await asOne(kase, sample)
  const stops = stopsOf(kase, text)
  if (finding.status === 'held' && stops.length === 0) return result(id, 'pass', text, relativeTo(criterion, limit, finding.observed))
  const observed = relativeTo(criterion, limit, stops.length === 0 ? finding.observed : `${finding.observed}; it ended the load`)
  const evidence = stops.length === 0 ? [] : [{ file: 'journal.ndjson', lines: stops }]
  if (finding.status === 'few' && stops.length === 0) return open(observed)
  if (thresholdUnit(limit.fn) === 'ms') {
    if (limit.fn === 'lateness') return result(id, 'inconclusive', text, `${observed}; the generator itself was late`, evidence)
    // Who says stop wants it judged.
    if (!kase.plan.profile.limits.judgeHeadroom && stops.length === 0) return result(id, 'pass', text, `${observed}; reported, not judged by this profile`, evidence)
    const busy = await busyMeanwhile(kase)
    if (busy.length > 0) return result(id, 'inconclusive', text, `${observed}; saturated meanwhile: ${busy.join(', ')}`, evidence)
  }
  const waiting = limit.fn === 'errorRate' ? await broughtLate(kase, sample) : 0
  if (waiting > 0) return result(id, 'inconclusive', text, `${observed}; ${waiting} refusals speak of dossiers that the load generator brought late or never`, evidence)
  const missing = grid === null && (limit.fn === 'count' || limit.fn === 'rate') ? await neverStarted(kase, limit) : 0
  if (missing > 0 && holds(limit, finding.reached + missing)) return result(id, 'inconclusive', text, `${observed}; the load generator never began ${missing} planned iterations`, evidence)
  return result(id, 'fail', text, observed, evidence)
}

/** Refusals for the generator's own sake, where it was late or never began what it should, and without them the limit is kept; else 0. */
async function broughtLate(kase: Case, sample: Sample): Promise<number> {
  const { criterion } = sample
  const refusals = await notBrought(kase, sample)
  if (refusals === 0) return 0
  const late = (await busyMeanwhile(kase)).length > 0 || await neverStarted(kase, { ...criterion, flow: 'all' }) > 0
  if (!late) return 0
  const counts = await countsOf(kase, sample)
  return holds(criterion, (counts.samples - counts.acknowledged - refusals) / Math.max(1, counts.samples)) ? refusals : 0
}

async function absolute(kase: Case, criterion: LoadCriterion): Promise<LoadCriterion | null> {
  if (!criterion.relative) return criterion
  const value = (await readBaseline(kase.plan.profile.name, kase.baselines))?.values[baselineKey(criterion)]
  return value === undefined ? null : { ...criterion, threshold: value * criterion.threshold }
}

function relativeTo(criterion: LoadCriterion, limit: LoadCriterion, observed: string): string {
  return criterion.relative ? `${observed}; the limit is ${shown(criterion, limit.threshold)}` : observed
}

async function asOne(kase: Case, sample: Sample): Promise<Finding> {
  const { criterion } = sample
  const counts = await countsOf(kase, sample)
  const least = leastSamples(criterion, kase.plan.profile.limits.minSamples)
  const value = await exactValue(kase, sample, counts)
  if (value === null) return { status: 'few', observed: 'no sample', reached: 0 }
  const observed = `${shown(criterion, value)} over ${counts.samples} operations`
  if (counts.samples < least) return { status: 'few', observed: `${observed}; at least ${least} are needed`, reached: counts.acknowledged }
  return { status: isHeld(criterion, counts, sample.to - sample.from) ? 'held' : 'broken', observed, reached: counts.acknowledged }
}

async function inWindows(kase: Case, sample: Sample, { bucketMs, length, first }: WindowGrid): Promise<Finding> {
  const { criterion } = sample
  const buckets = await countsByBucket(kase, sample, bucketMs)
  const least = leastSamples(criterion, kase.plan.profile.limits.minSamples)
  const windowMs = length * bucketMs
  let [windows, few, broken] = [0, 0, 0]
  let worst: { start: number; counts: LoadCounts; held: boolean } | undefined
  for (let start = first; sample.from + (start + length) * bucketMs <= sample.to; start += 1) {
    const counts = sumOf(Array.from({ length }, (_, n) => buckets.get(start + n)).filter((one) => one !== undefined))
    windows += 1
    if (counts.samples < least) { few += 1; continue }
    const held = isHeld(criterion, counts, windowMs)
    if (!held) broken += 1
    if (!worst || isWorse(criterion, windowMs, { counts, held }, worst)) worst = { start, counts, held }
  }
  if (windows === 0) return { status: 'few', observed: 'no window fits into the time in which it is played', reached: 0 }
  if (!worst) return { status: 'few', observed: `none of ${windows} windows has ${least} samples`, reached: 0 }
  const from = sample.from + worst.start * bucketMs
  const value = await exactValue(kase, { ...sample, bounded: true }, worst.counts, from, from + windowMs)
  const observed = `${shown(criterion, value!)} at worst, over ${worst.counts.samples} operations from ${kase.times.scenarioIso(from).slice(11, 19)}; broken in ${broken} of ${windows} windows`
  if (broken > 0) return { status: 'broken', observed, reached: worst.counts.acknowledged }
  return few > 0 ? { status: 'few', observed: `${observed}; ${few} have fewer than ${least} samples`, reached: worst.counts.acknowledged } : { status: 'held', observed, reached: worst.counts.acknowledged }
}

/** A broken window before one that holds, then the one with the smallest share that meets the limit, then the extreme value. */
function isWorse(criterion: LoadCriterion, windowMs: number, one: { counts: LoadCounts; held: boolean }, other: { counts: LoadCounts; held: boolean }): boolean {
  if (one.held !== other.held) return !one.held
  const wantsLow = criterion.operator === '<' || criterion.operator === '<='
  const value = ({ counts }: { counts: LoadCounts }) => {
    switch (criterion.fn) {
      case 'count': case 'rate': return counts.acknowledged / windowMs
      case 'errorRate': return (counts.samples - counts.acknowledged) / counts.samples
      case 'mean': return counts.sumMs / counts.samples
      case 'max': return counts.maxMs
      default: return (counts.samples - counts.meeting) / counts.samples * (wantsLow ? 1 : -1) + counts.maxMs * 1e-12
    }
  }
  return wantsLow ? value(one) > value(other) : value(one) < value(other)
}

/** Journal lines that say it was breached while the load ran. */
function stopsOf({ records: { journal } }: Case, text: string): number[] {
  return journal.flatMap((entry, index) => (entry.kind === 'watch' && entry.event === 'breach' && entry.condition === text ? [index + 1] : []))
}

/** Iterations of the scenarios that it speaks of, planned and never begun. */
async function neverStarted({ db, plan }: Case, criterion: LoadCriterion): Promise<number> {
  const begun = new Map((await db.rows<{ scenario: string; n: number }>('SELECT scenario, count(*) AS n FROM iterations GROUP BY scenario')).map((row) => [row.scenario, row.n]))
  return stepsUnder(plan, criterion).reduce((sum, { scenario }) => sum + Math.max(0, scenario.count - (begun.get(scenario.name) ?? 0)), 0)
}

function shown({ fn }: LoadCriterion, value: number): string {
  switch (thresholdUnit(fn)) {
    case 'ms': return `${Math.round(value)} ms`
    case 'ratio': return `${(value * 100).toFixed(2)} %`
    case 'perSecond': return `${value.toFixed(1)} a second`
    case 'count': return String(value)
  }
}
