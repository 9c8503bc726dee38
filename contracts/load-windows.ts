/**
 * How samples of a load criterion are counted and compared, the same while the load runs and for the verdict. Samples belong to the moment at which
 * they were intended to begin. A gliding window is a number of buckets in a row and begins with each of them, so it is stepped by its fifth or finer,
 * never by more than a second. Quantiles are compared without the samples: the nearest rank meets a limit if enough samples meet it.
 */
import { holds } from './condition.ts'
import { quantileOf, type LoadCriterion } from './load-criterion.ts'

/** `meeting`: samples whose own time meets the limit. Times in ms. */
export type LoadCounts = { samples: number; acknowledged: number; sumMs: number; maxMs: number; meeting: number }

export type WindowGrid = {
  bucketMs: number
  /** Buckets in a window. */
  length: number
  /** Bucket with which the first window begins. */
  first: number
}

const PARTS = 5
const LONGEST_BUCKET_MS = 1_000

/**
 * Null where the sample is one: the whole interval, or for `count … within D` its first D. `within D` otherwise: from D on every window of a fifth of D holds.
 */
export function windowGrid(criterion: Pick<LoadCriterion, 'fn' | 'window'>): WindowGrid | null {
  const { window } = criterion
  if (!window || countsWithin(criterion)) return null
  const lengthMs = window.kind === 'for' ? window.ms : window.ms / PARTS
  const length = Math.max(PARTS, Math.ceil(lengthMs / LONGEST_BUCKET_MS))
  return { bucketMs: lengthMs / length, length, first: window.kind === 'for' ? 0 : length * PARTS }
}

/** `count(…) >= N within D`: reached by then, counted from the interval's start. */
export function countsWithin({ fn, window }: Pick<LoadCriterion, 'fn' | 'window'>): boolean { return fn === 'count' && window?.kind === 'within' }

/** Fewer samples say nothing: of times and error rates the criterion's own number or the profile's, of counts and rates one operation. */
export function leastSamples({ fn, minSamples }: Pick<LoadCriterion, 'fn' | 'minSamples'>, ofProfile: number): number {
  return minSamples ?? (fn === 'count' || fn === 'rate' ? 1 : ofProfile)
}

export function sumOf(parts: readonly LoadCounts[]): LoadCounts {
  const sum: LoadCounts = { samples: 0, acknowledged: 0, sumMs: 0, maxMs: 0, meeting: 0 }
  for (const part of parts) {
    sum.samples += part.samples
    sum.acknowledged += part.acknowledged
    sum.sumMs += part.sumMs
    sum.maxMs = Math.max(sum.maxMs, part.maxMs)
    sum.meeting += part.meeting
  }
  return sum
}

/** The value, for all functions but quantiles. */
export function valueOf(fn: LoadCriterion['fn'], counts: LoadCounts, windowMs: number): number {
  switch (fn) {
    case 'count': return counts.acknowledged
    case 'rate': return counts.acknowledged / (windowMs / 1_000)
    case 'errorRate': return (counts.samples - counts.acknowledged) / counts.samples
    case 'mean': return counts.sumMs / counts.samples
    case 'max': return counts.maxMs
    default: throw new Error(`${fn} is a quantile`)
  }
}

/** Nearest rank of a quantile in whole hundredths: 0.95 × 140 is not 133 in binary. */
export function rankOf(quantile: number, samples: number): number { return Math.max(1, Math.ceil(Math.round(quantile * 100) * samples / 100)) }

export function isHeld(criterion: Pick<LoadCriterion, 'fn' | 'operator' | 'threshold'>, counts: LoadCounts, windowMs: number): boolean {
  const quantile = quantileOf(criterion.fn)
  if (quantile === null) return holds(criterion, valueOf(criterion.fn, counts, windowMs))
  const rank = rankOf(quantile, counts.samples)
  return criterion.operator === '<' || criterion.operator === '<=' ? counts.meeting >= rank : counts.samples - counts.meeting < rank
}
