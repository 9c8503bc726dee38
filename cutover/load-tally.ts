/**
 * Counts of some operations for one criterion of a load, in fixed memory; tallies of parts merge into the tally of the whole. Comparison is exact;
 * a quantile's value, for people to read, comes from a histogram and is told to 3 %.
 */
import { holds } from '../contracts/condition.ts'
import { quantileOf, type LoadCriterion } from '../contracts/load-criterion.ts'
import { isHeld, rankOf, sumOf, valueOf, type LoadCounts } from '../contracts/load-windows.ts'
import type { OperationLine } from '../contracts/operation.ts'

/** Exact up to here, then STEPS parts for each doubling. */
const EXACT_MS = 64
const STEPS = 32
const DOUBLINGS = 16
const BINS = EXACT_MS + STEPS * DOUBLINGS

export type Tally = {
  readonly counts: LoadCounts
  take(line: Pick<OperationLine, 'intendedAt' | 'invokedAt' | 'completedAt' | 'outcome'>): void
  merge(other: Tally): void
  readonly histogram: Uint32Array | undefined
  isHeld(windowMs: number): boolean
  value(windowMs: number): number
}

export function createTally(criterion: Pick<LoadCriterion, 'fn' | 'operator' | 'threshold'>): Tally {
  const counts: LoadCounts = { samples: 0, acknowledged: 0, sumMs: 0, maxMs: 0, meeting: 0 }
  const quantile = quantileOf(criterion.fn)
  const histogram = quantile === null ? undefined : new Uint32Array(BINS)
  return {
    counts, histogram,
    /** From the intended start, so that a generator that stood still hides nothing. */
    take({ intendedAt, invokedAt, completedAt, outcome }) {
      const ms = Math.max(0, (criterion.fn === 'lateness' ? invokedAt : completedAt) - intendedAt)
      counts.samples += 1
      if (outcome === 'ok') counts.acknowledged += 1
      counts.sumMs += ms
      counts.maxMs = Math.max(counts.maxMs, ms)
      if (holds(criterion, ms)) counts.meeting += 1
      if (histogram) histogram[binOf(ms)]! += 1
    },
    merge(other) {
      Object.assign(counts, sumOf([counts, other.counts]))
      other.histogram?.forEach((count, bin) => { if (count > 0) histogram![bin]! += count })
    },
    isHeld: (windowMs) => isHeld(criterion, counts, windowMs),
    value(windowMs) {
      if (!histogram) return valueOf(criterion.fn, counts, windowMs)
      let left = rankOf(quantile!, counts.samples)
      return Math.min(counts.maxMs, highestOf(histogram.findIndex((count) => (left -= count) <= 0)))
    },
  }
}

function binOf(ms: number): number {
  return ms < EXACT_MS ? Math.floor(ms) : Math.min(BINS - 1, EXACT_MS + Math.floor(Math.log2(ms / EXACT_MS) * STEPS))
}

function highestOf(bin: number): number { return bin < EXACT_MS ? bin : Math.floor(EXACT_MS * 2 ** ((bin - EXACT_MS + 1) / STEPS)) }
