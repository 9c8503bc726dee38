/**
 * A load with a jump, written by hand: `find` by citizens at a steady rate, ten times as often for some seconds in the middle. In: what becomes of an
 * operation at a place of the run. Out: the builder. Each operation is an iteration of its own.
 */
import type { OperationLine } from '../../contracts/operation.ts'
import { RunBuilder } from './run-builder.ts'
import type { SamplePlanOptions } from './sample-plan.ts'

const CALM_PER_SECOND = 5
const JUMP = 10
const SECONDS = 40
export const JUMP_FROM = 20
export const JUMP_TO = 26

/** Iterations of `surgeRun`. */
export const SURGE_COUNT = CALM_PER_SECOND * (SECONDS + (JUMP - 1) * (JUMP_TO - JUMP_FROM))

export function surgeRun(of: (inJump: boolean, iteration: number) => Partial<OperationLine> & { latencyMs?: number; step?: string } = () => ({}), options: SamplePlanOptions = {}): RunBuilder {
  const run = new RunBuilder({ ...options, counts: { 'citizens-old': 0, 'lookups': 0, 'citizens-new': SURGE_COUNT, 'sync-w1': 0, 'status-w1': 0, ...options.counts } })
  const planned = run.plan.scenarios.find(({ name }) => name === 'citizens-new')!
  planned.maxVUs = 500
  planned.durationMs = SECONDS * 1_000
  const startedAt = Math.ceil((run.beganAt + planned.startMs) / 1_000) * 1_000
  let iteration = 0
  for (let second = 0; second < SECONDS; second += 1) {
    const inJump = second >= JUMP_FROM && second < JUMP_TO
    const rate = CALM_PER_SECOND * (inJump ? JUMP : 1)
    for (let n = 0; n < rate; n += 1) {
      const intendedAt = startedAt + Math.floor((second + n / rate) * 1_000)
      const { latencyMs = 20, step = 'find', ...changes } = of(inJump, iteration)
      run.line('citizens-new', iteration, step, { intendedAt, invokedAt: intendedAt + 1, completedAt: intendedAt + 1 + latencyMs, ...changes })
      iteration += 1
    }
  }
  return run
}
