/**
 * Criteria with `stop` while the load runs. In: the plan, when the run began, and every history line as it appears. Out: which criteria are breached,
 * each once, to be asked for every second: whoever asks ends the load. The verdict reads the whole history again (same windows, `load-windows.ts`).
 * A window is looked at SETTLE_MS after its end, and again while late answers come in, for LATE_MS. Memory: one histogram for each bucket of a window
 * and of LATE_MS, whatever the rate. Without a window the sample is everything so far; what only the end can tell (a count to be reached, a rate) is
 * told when its time is over.
 */
import { intervalOf, stepsUnder, type LoadCriterion } from '../contracts/load-criterion.ts'
import { countsWithin, isHeld, leastSamples, sumOf, windowGrid, type WindowGrid } from '../contracts/load-windows.ts'
import { parseOp } from '../contracts/op.ts'
import type { OperationLine } from '../contracts/operation.ts'
import { baselineKey, parseLoadCriterion } from '../contracts/parse-load-criterion.ts'
import type { Plan } from '../contracts/plan.ts'
import { createTally, type Tally } from './load-tally.ts'

/** `observed`: ms, ratio, count or per second, quantiles to 3 %. `from`, `to`: the sample's wall epoch ms. */
export type LoadBreach = { criterion: string; observed: number; samples: number; from: number; to: number }

export type LiveCriteria = {
  /** Criteria that are looked at. */
  watched: readonly string[]
  take(line: OperationLine): void
  check(nowMs: number): LoadBreach[]
}

const SETTLE_MS = 1_000
/** The longest client time-out (10 s) and what a journey waits besides. */
const LATE_MS = 30_000
/** What is still under way when a phase is over has come to an end by then, one way or the other. */
const LAST_ANSWER_MS = 12_000

type Watched = {
  criterion: LoadCriterion
  least: number
  /** `scenario.step` */
  steps: ReadonlySet<string>
  from: number
  to: number
  grid: WindowGrid | null
  /** By bucket; all in bucket 0 where the sample is one. */
  tallies: Map<number, Tally>
  breached: boolean
}

/** `baselines`: values by `baselineKey`; a criterion relative to one that is not there is not watched. */
export function createLiveCriteria(plan: Pick<Plan, 'scenarios' | 'profile' | 'runbook' | 'timeScale' | 'durationMs'>, startedAtMs: number, baselines: Readonly<Record<string, number>> = {}): LiveCriteria {
  const all = plan.profile.criteria.flatMap((text): Watched[] => {
    const parsed = parseLoadCriterion(text)
    if ('error' in parsed || !parsed.criterion.stop) return []
    const criterion = absolute(parsed.criterion, baselines)
    const interval = criterion && intervalOf(plan, criterion)
    if (!criterion || !interval) return []
    const steps = new Set(stepsUnder(plan, criterion).flatMap(({ scenario, steps: names }) => names.map((step) => `${scenario.name}.${step}`)))
    const to = countsWithin(criterion) ? Math.min(interval.toMs, interval.fromMs + criterion.window!.ms) : interval.toMs
    const least = leastSamples(criterion, plan.profile.limits.minSamples)
    return [{ criterion, least, steps, from: startedAtMs + interval.fromMs, to: startedAtMs + to, grid: windowGrid(criterion), tallies: new Map(), breached: false }]
  })
  return {
    watched: all.map(({ criterion }) => criterion.text),
    take(line) {
      const op = parseOp(line.op)
      if (!op) return
      for (const one of all) if (one.steps.has(`${op.scenario}.${op.step}`) && isInside(one, line.intendedAt)) tallyOf(one, line.intendedAt).take(line)
    },
    check(nowMs) {
      return all.filter((one) => !one.breached).flatMap((one) => {
        const breach = one.grid ? breachOfWindows(one, one.grid, nowMs) : breachOfAll(one, nowMs)
        one.breached = breach !== null
        return breach ?? []
      })
    },
  }
}

function absolute(criterion: LoadCriterion, baselines: Readonly<Record<string, number>>): LoadCriterion | null {
  if (!criterion.relative) return criterion
  const base = baselines[baselineKey(criterion)]
  return base === undefined ? null : { ...criterion, threshold: criterion.threshold * base }
}

/** Where neither phase nor time bounds the sample, every operation belongs to it, however late its scenario began. */
function isInside({ criterion, grid, from, to }: Watched, intendedAt: number): boolean {
  return (grid === null && criterion.phase === undefined && !countsWithin(criterion)) || (intendedAt >= from && intendedAt < to)
}

function tallyOf({ tallies, grid, from, criterion }: Watched, intendedAt: number): Tally {
  const bucket = grid ? Math.floor((intendedAt - from) / grid.bucketMs) : 0
  let tally = tallies.get(bucket)
  if (!tally) tallies.set(bucket, tally = createTally(criterion))
  return tally
}

function breachOfAll(one: Watched, nowMs: number): LoadBreach | null {
  const { criterion: { fn, operator }, tallies, from, to } = one
  const onlyTheEndTells = fn === 'rate' || (fn === 'count' && operator !== '<' && operator !== '<=')
  const over = nowMs - LAST_ANSWER_MS >= to
  const tally = tallies.get(0)
  return !tally || (onlyTheEndTells && !over) ? null : judged(one, tally, from, over ? to : nowMs)
}

function breachOfWindows(one: Watched, { bucketMs, length, first }: WindowGrid, nowMs: number): LoadBreach | null {
  const { tallies, criterion, from } = one
  const settled = Math.min(nowMs - SETTLE_MS, one.to)
  const oldest = Math.max(first, Math.floor((nowMs - LATE_MS - from) / bucketMs) - length)
  for (const bucket of tallies.keys()) if (bucket < oldest) tallies.delete(bucket)
  for (let start = oldest; from + (start + length) * bucketMs <= settled; start += 1) {
    const parts = Array.from({ length }, (_, n) => tallies.get(start + n)).filter((tally) => tally !== undefined)
    const samples = parts.reduce((sum, { counts }) => sum + counts.samples, 0)
    if (samples < one.least || isHeld(criterion, sumOf(parts.map(({ counts }) => counts)), length * bucketMs)) continue
    const window = createTally(criterion)
    for (const part of parts) window.merge(part)
    return judged(one, window, from + start * bucketMs, from + (start + length) * bucketMs)
  }
  return null
}

/** Too small a sample says nothing, here or at the end. */
function judged({ criterion, least }: Watched, tally: Tally, from: number, to: number): LoadBreach | null {
  const { samples } = tally.counts
  return samples < least || tally.isHeld(to - from) ? null : { criterion: criterion.text, observed: tally.value(to - from), samples, from, to }
}
