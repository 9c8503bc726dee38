/** A run of several load processes is judged over all their lines together: as if one process had written them. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseOp } from '../../contracts/op.ts'
import { cleanRun } from './clean-run.ts'
import { criterionOf, judged, notPassed } from './judged.ts'
import type { RunBuilder } from './run-builder.ts'

const PUSHES = 120
const CRITERIA = ['p50', 'p90', 'p95', 'p99', 'max', 'mean'].map((fn) => `${fn}(dossier-sync) < 1h`).concat('count(dossier-sync) >= 1', 'lateness(all) < 1h')

/** A clean run whose pushes took so long, written by the worker of each iteration. */
function runOf(latenciesMs: readonly number[], workers: readonly string[], workerOf: (iteration: number) => number): RunBuilder {
  const run = cleanRun({ oldDossiers: 3, counts: { 'citizens-old': 3, 'lookups': 2, 'citizens-new': 3, 'sync-w1': PUSHES, 'status-w1': 3 } })
  const lines = [...run.history.values()].flat()
  run.plan = { ...run.plan, workers: [...workers], profile: { ...run.plan.profile, criteria: CRITERIA } }
  run.history.clear()
  for (const worker of workers) run.history.set(worker, [])
  for (const line of lines) {
    const { scenario, iteration } = parseOp(line.op)!
    const worker = workers[workerOf(iteration) % workers.length]!
    const latencyMs = scenario === 'sync-w1' ? latenciesMs[iteration]! : undefined
    run.history.get(worker)!.push({ ...line, worker, ...(latencyMs !== undefined && { completedAt: line.intendedAt + latencyMs, invokedAt: line.intendedAt }) })
  }
  return run
}

test('percentiles of the merged histories are those of one process, whoever played what', async () => {
  await fc.assert(fc.asyncProperty(
    fc.array(fc.integer({ min: 1, max: 900 }), { minLength: PUSHES, maxLength: PUSHES }), fc.array(fc.nat(5), { minLength: PUSHES, maxLength: PUSHES }), fc.integer({ min: 2, max: 6 }),
    async (latenciesMs, players, workers) => {
      const names = Array.from({ length: workers }, (_, at) => `w${at + 1}`)
      const [alone, shared] = await Promise.all([judged(runOf(latenciesMs, ['w1'], () => 0)), judged(runOf(latenciesMs, names, (iteration) => players[iteration % PUSHES]!))])
      for (const text of CRITERIA) expect(criterionOf(shared, `load.${text}`), text).toEqual(criterionOf(alone, `load.${text}`))
      const sorted = latenciesMs.toSorted((a, b) => a - b)
      const p95 = Number(/(\d+(?:\.\d+)?) ?ms/.exec(criterionOf(shared, 'load.p95(dossier-sync) < 1h').observed)![1])
      expect(Math.abs(p95 - sorted[Math.ceil(0.95 * PUSHES) - 1]!)).toBeLessThanOrEqual(p95 * 0.01)
      expect(notPassed(shared)).toEqual(notPassed(alone))
    },
  ), { numRuns: 4 })
})

test('the mean of the workers\' percentiles would be another figure', async () => {
  // One worker has all the slow ones.
  const latenciesMs = Array.from({ length: PUSHES }, (_, iteration) => (iteration % 10 === 0 ? 800 : 10))
  const shared = await judged(runOf(latenciesMs, ['w1', 'w2'], (iteration) => (iteration % 10 === 0 ? 1 : 0)))
  expect(criterionOf(shared, 'load.p50(dossier-sync) < 1h').observed).toMatch(/^10 ?ms/)
  expect(criterionOf(shared, 'load.p95(dossier-sync) < 1h').observed).toMatch(/^800 ?ms/)
})
