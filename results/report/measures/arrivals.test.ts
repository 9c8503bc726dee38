/** Planned arrivals are the integral of the rate, whatever the curve; what began is counted once an iteration, by its actor. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PlannedScenario } from '../../../contracts/plan.ts'
import { arrivals, arrivedBy } from './arrivals.ts'
import { RecordTables } from './record-table.ts'

test.each([
  ['even', undefined, [0, 5, 10, 10]],
  ['a ramp', [{ durationMs: 10_000, fromPerSecond: 0, toPerSecond: 2 }], [0, 2.5, 10, 10]],
  ['a jump', [{ durationMs: 5_000, fromPerSecond: 0.4, toPerSecond: 0.4 }, { durationMs: 5_000, fromPerSecond: 1.6, toPerSecond: 1.6 }], [0, 2, 10, 10]],
])('%s', (_, stages, expected) => {
  const scenario = { startMs: 1_000, durationMs: 10_000, count: 10, ...(stages && { stages }) }
  expect([0, 6_000, 11_000, 99_000].map((at) => Number(arrivedBy(scenario, at).toFixed(6)))).toEqual(expected)
})

test('property: never fewer later, never more than planned', () => {
  const stage = fc.record({ durationMs: fc.integer({ min: 0, max: 5_000 }), fromPerSecond: fc.double({ min: 0, max: 50, noNaN: true }), toPerSecond: fc.double({ min: 0, max: 50, noNaN: true }) })
  fc.assert(fc.property(fc.array(stage, { minLength: 1, maxLength: 5 }), fc.array(fc.integer({ min: 0, max: 30_000 })), (stages, times) => {
    const durationMs = stages.reduce((sum, one) => sum + one.durationMs, 0)
    const count = Math.round(stages.reduce((sum, one) => sum + (one.fromPerSecond + one.toPerSecond) / 2 * one.durationMs / 1_000, 0))
    const reached = times.toSorted((a, b) => a - b).map((at) => arrivedBy({ startMs: 100, durationMs, count, stages }, at))
    for (const [index, value] of reached.entries()) {
      expect(value).toBeLessThanOrEqual(count)
      expect(value).toBeGreaterThanOrEqual(reached[index - 1] ?? 0)
    }
  }))
})

test('an iteration of several steps began once, when its first step did', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'arrivals-'))
  const line = (op: string, at: number) => JSON.stringify({ op, kind: 'login', flow: 'login', step: 'login', region: 'north', intendedAt: at, invokedAt: at, completedAt: at + 10, outcome: 'ok', system: 'portal' })
  writeFileSync(join(directory, 'w1.ndjson'), `${[line('people.0.login.0', 1_000), line('people.0.submit.0', 9_000), line('people.1.login.0', 9_500), line('desks.0.push.0', 9_700)].join('\n')}\n`)
  const scenario = (name: string, actor: string, count: number) => ({ name, actor, count, startMs: 0, durationMs: 12_000 }) as PlannedScenario
  await using tables = await RecordTables.open()
  await tables.loadOperations([join(directory, 'w1.ndjson')])
  const { begun, planned, begunTotal, plannedTotal } = await arrivals(tables, { scenarios: [scenario('people', 'citizen', 2), scenario('desks', 'partner', 1)], durationMs: 12_000 }, { startedAtMs: 0, timeScale: 10, scenarioStartMs: 0 })
  const places = (counts: number[]) => counts.flatMap((count, bucket) => (count > 0 ? [[bucket, count]] : []))
  expect([places(begun.citizen), places(begun.partner), places(begun.staff)]).toEqual([[[10, 1], [95, 1]], [[97, 1]], []])
  expect([begunTotal, plannedTotal, Number(planned.reduce((sum, one) => sum + one, 0).toFixed(6))]).toEqual([3, 3, 3])
  rmSync(directory, { recursive: true })
})
