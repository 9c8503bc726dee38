import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { areaOf, areaOfStages, busiestPerSecond, durationOf, intendedAtMs, rampingScenario, scaledTo, type Stage } from './arrival.ts'
import { k6Path, WHY_SKIPPED } from './playground/k6.ts'

const stage = (durationMs: number, fromPerSecond: number, toPerSecond: number): Stage => ({ durationMs, fromPerSecond, toPerSecond })
const rate = fc.double({ min: 0, max: 300, noNaN: true })
const stages = fc.array(fc.record({ durationMs: fc.integer({ min: 1, max: 60_000 }), fromPerSecond: rate, toPerSecond: rate }), { minLength: 1, maxLength: 12 })
  .filter((all) => areaOfStages(all) > 1)

/** Iterations due up to a moment, by the trapezoids of the stages alone. */
function due(all: readonly Stage[], untilMs: number): number {
  let startMs = 0
  let sum = 0
  for (const { durationMs, fromPerSecond, toPerSecond } of all) {
    const spent = Math.min(durationMs, Math.max(0, untilMs - startMs))
    const rateThen = fromPerSecond + (toPerSecond - fromPerSecond) * spent / durationMs
    sum += areaOf({ durationMs: spent, fromPerSecond, toPerSecond: rateThen })
    startMs += durationMs
  }
  return sum
}

describe('intended starts', () => {
  test('a constant rate begins at once and is even', () => {
    expect([0, 1, 9].map((iteration) => intendedAtMs({ durationMs: 1_000, count: 10 }, iteration))).toEqual([0, 100, 900])
  })

  test.each([
    ['hold', [stage(1_000, 10, 10)], [100, 200, 1_000]],
    ['ramp up from nothing', [stage(2_000, 0, 10)], [Math.sqrt(0.4) * 1_000, Math.sqrt(0.8) * 1_000, 2_000]],
    ['ramp down to nothing', [stage(2_000, 10, 0)], [2_000 - Math.sqrt(9 / 10) * 2_000, 2_000 - Math.sqrt(8 / 10) * 2_000, 2_000]],
    ['jump', [stage(1_000, 1, 1), stage(900, 10, 10)], [1_000, 1_100, 1_900]],
  ] as [string, Stage[], number[]][])('%s: the i-th when the integral of the rate reaches i + 1', (_, shape, [first, second, last]) => {
    const all = { durationMs: durationOf(shape), count: 10, stages: shape }
    expect(intendedAtMs(all, 0)).toBeCloseTo(first!, 6)
    expect(intendedAtMs(all, 1)).toBeCloseTo(second!, 6)
    expect(intendedAtMs(all, 9)).toBeCloseTo(last!, 6)
  })

  test('arrivals up to any moment are the integral of the rate, give or take one', () => {
    fc.assert(fc.property(stages, fc.double({ min: 0, max: 1, noNaN: true }), (shape, share) => {
      const count = Math.floor(areaOfStages(shape))
      const untilMs = share * durationOf(shape)
      let arrived = 0
      while (arrived < count && intendedAtMs({ durationMs: durationOf(shape), count, stages: shape }, arrived) <= untilMs) arrived += 1
      expect(Math.abs(arrived - due(shape, untilMs))).toBeLessThanOrEqual(1 + 1e-6)
    }), { numRuns: 200 })
  })

  test('never backwards, never outside', () => {
    fc.assert(fc.property(stages, (shape) => {
      const count = Math.min(2_000, Math.floor(areaOfStages(shape)))
      let before = 0
      for (let iteration = 0; iteration < count; iteration += 1) {
        const at = intendedAtMs({ durationMs: 0, count, stages: shape }, iteration)
        expect(at).toBeGreaterThanOrEqual(before - 1e-6)
        expect(at).toBeLessThanOrEqual(durationOf(shape) + 1e-6)
        before = at
      }
    }), { numRuns: 50 })
  })

  test('scaled to a count: the same shape, exactly so many', () => {
    fc.assert(fc.property(stages, fc.integer({ min: 1, max: 100_000 }), (shape, count) => {
      const scaled = scaledTo(shape, count)
      expect(areaOfStages(scaled)).toBeCloseTo(count, 4)
      expect(durationOf(scaled)).toBe(durationOf(shape))
      for (const [at, { fromPerSecond }] of shape.entries()) expect(scaled[at]!.fromPerSecond * areaOfStages(shape)).toBeCloseTo(fromPerSecond * count, 3)
    }))
  })
})

test('the busiest moment: a hold counts by its rate, a short burst by its iterations', () => {
  const one = (shape: Stage[]) => busiestPerSecond({ durationMs: durationOf(shape), count: Math.round(areaOfStages(shape)), stages: shape })
  expect(busiestPerSecond({ durationMs: 2_000, count: 30 })).toBe(15)
  expect(one([stage(5_000, 2, 2), stage(5_000, 40, 40), stage(5_000, 2, 2)])).toBeCloseTo(40, 0)
  expect(one([stage(5_000, 1, 1), stage(50, 40, 40), stage(5_000, 1, 1)])).toBeLessThanOrEqual(2.5)
})

/** What k6 was told, read back into stages. */
function readBack({ startRate, timeUnit, stages: told }: ReturnType<typeof rampingScenario>): Stage[] {
  const perSecond = (whole: number) => whole / parseInt(String(timeUnit), 10)
  let from = perSecond(startRate!)
  return told.flatMap(({ duration, target }) => {
    const one = stage(parseInt(String(duration), 10), from, perSecond(target))
    from = perSecond(target)
    return one.durationMs > 0 ? [one] : []
  })
}

test('what k6 is told reads back as the same stages, to a millionth of an iteration a second, and a tail', () => {
  fc.assert(fc.property(stages, (shape) => {
    const read = readBack(rampingScenario(shape, 2_000))
    expect(read).toHaveLength(shape.length + 1)
    expect(read.at(-1)!.durationMs).toBe(2_000)
    shape.forEach((told, at) => {
      expect(read[at]!.durationMs).toBe(told.durationMs)
      expect(Math.abs(read[at]!.fromPerSecond - told.fromPerSecond)).toBeLessThanOrEqual(1e-6)
      expect(Math.abs(read[at]!.toPerSecond - told.toPerSecond)).toBeLessThanOrEqual(1e-6)
    })
  }))
})

describe.skipIf(!k6Path)(`real k6${k6Path ? '' : ` (skipped: ${WHY_SKIPPED})`}`, () => {
  test('places iterations where the plan intends them: ramp, hold, jump up, ramp to nothing, hold', async () => {
    const shape = [stage(1_500, 20, 60), stage(1_000, 10, 10), stage(700, 100, 0), stage(500, 20, 20)]
    const count = Math.round(areaOfStages(shape))
    const directory = await mkdtemp(join(tmpdir(), 'arrival-'))
    try {
      const scenario = { ...rampingScenario(shape, 2_000), preAllocatedVUs: 30, maxVUs: 60, gracefulStop: '5s' }
      const script = join(directory, 'script.js')
      await writeFile(script, `import exec from 'k6/execution'
export const options = { scenarios: { arrivals: ${JSON.stringify(scenario)} } }
export default function () { console.log(exec.scenario.iterationInTest + ' ' + (Date.now() - exec.scenario.startTime)) }
`)
      const k6 = spawn(k6Path!, ['run', '--quiet', '--summary-mode=disabled', '--log-format=raw', '--address', 'localhost:0', script], {
        env: { ...process.env, K6_NO_USAGE_REPORT: 'true', K6_AUTO_EXTENSION_RESOLUTION: 'false' }, stdio: ['ignore', 'ignore', 'pipe'],
      })
      const [output] = await Promise.all([text(k6.stderr), once(k6, 'close')])
      const started = new Map([...output.matchAll(/^(\d+) (\d+)$/gm)].map((match) => [Number(match[1]), Number(match[2])]))
      for (let iteration = 0; iteration < count; iteration += 1) expect(started.has(iteration), `iteration ${iteration} was played`).toBe(true)

      const late = Array.from({ length: count }, (_, iteration) => started.get(iteration)! - intendedAtMs({ durationMs: 0, count, stages: shape }, iteration))
      // The clock is read in whole milliseconds; k6 readies its virtual users first, which takes it a few.
      const least = Math.min(...late)
      expect(least).toBeGreaterThanOrEqual(-1)
      // A busy machine starts some late, but none early, and in each stage some on time.
      let first = 0
      for (const area of shape.map(areaOf).map(Math.round)) {
        expect(Math.min(...late.slice(first, first + area)) - least, `stage from iteration ${first}`).toBeLessThanOrEqual(4)
        first += area
      }
    } finally { await rm(directory, { recursive: true }) }
  })
})
