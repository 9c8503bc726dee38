import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { holds } from './condition.ts'
import { intervalOf, LOAD_FUNCTIONS, quantileOf, stepsUnder } from './load-criterion.ts'
import { isHeld, leastSamples, rankOf, sumOf, windowGrid, type LoadCounts } from './load-windows.ts'
import type { Plan } from './plan.ts'

const QUANTILES = LOAD_FUNCTIONS.filter((fn) => quantileOf(fn) !== null)
type Limit = { fn: (typeof LOAD_FUNCTIONS)[number]; operator: '<' | '<=' | '>' | '>='; threshold: number }
const counted = (values: readonly number[], limit: Limit): LoadCounts => ({
  samples: values.length, acknowledged: values.length, sumMs: values.reduce((sum, value) => sum + value, 0), maxMs: Math.max(0, ...values), meeting: values.filter((value) => holds(limit, value)).length,
})
const values = fc.array(fc.nat(30), { minLength: 1, maxLength: 60 })
const limits = fc.record({ fn: fc.constantFrom(...QUANTILES), operator: fc.constantFrom('<' as const, '<=' as const, '>' as const, '>=' as const), threshold: fc.nat(30) })

describe('a quantile that is compared without its samples', () => {
  it('is the nearest rank of the samples', () => {
    fc.assert(fc.property(values, limits, (sample, limit) => {
      const exact = sample.toSorted((a, b) => a - b)[rankOf(quantileOf(limit.fn)!, sample.length) - 1]!
      expect(isHeld(limit, counted(sample, limit), 1_000)).toBe(holds(limit, exact))
    }), { numRuns: 2_000 })
  })

  it('of merged parts is that of the whole', () => {
    fc.assert(fc.property(fc.array(values, { maxLength: 6 }), limits, (parts, limit) => {
      expect(sumOf(parts.map((part) => counted(part, limit)))).toEqual(counted(parts.flat(), limit))
    }))
  })

  it('has a rank in whole hundredths', () => {
    expect([rankOf(0.95, 140), rankOf(0.95, 100), rankOf(0.99, 1), rankOf(0.5, 3), rankOf(0.9, 11)]).toEqual([133, 95, 1, 2, 10])
    for (let samples = 1; samples <= 5_000; samples += 1) expect(rankOf(0.95, samples)).toBe(samples - Math.floor(5 * samples / 100))
  })
})

it('windows are stepped by a fifth or finer, never by more than a second', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 3_600_000 }), fc.constantFrom('for' as const, 'within' as const), (ms, kind) => {
    const grid = windowGrid({ fn: 'p95', window: { kind, ms } })!
    const length = kind === 'for' ? ms : ms / 5
    expect(grid.bucketMs * grid.length).toBeCloseTo(length, 6)
    expect(grid.bucketMs).toBeLessThanOrEqual(Math.min(1_000, length / 5) + 1e-9)
    expect(grid.first * grid.bucketMs).toBeCloseTo(kind === 'for' ? 0 : ms, 6)
  }))
  expect(windowGrid({ fn: 'count', window: { kind: 'within', ms: 5_000 } })).toBeNull()
  expect(windowGrid({ fn: 'p95' })).toBeNull()
  expect([leastSamples({ fn: 'p95' }, 20), leastSamples({ fn: 'count' }, 20), leastSamples({ fn: 'rate', minSamples: 7 }, 20)]).toEqual([20, 1, 7])
})

describe('what a criterion speaks of', () => {
  const scenario = (name: string, actor: string, startMs: number, steps: string[], count = 10) => ({ name, actor, startMs, durationMs: 60_000, count, steps: steps.map((step) => ({ flow: step.split('.')[0], step: step.split('.')[1], kind: 'login' })) })
  const plan = (window?: { start: string; end: string }) => ({
    scenarios: [scenario('a', 'citizen', 0, ['login.login', 'submit.submit']), scenario('b', 'staff', 90_000, ['login.staff-login']), scenario('c', 'citizen', 0, ['submit.apply'], 0)],
    timeScale: 60, durationMs: 180_000, runbook: { window: { start: '09:00', end: '12:00' } },
    profile: { ...(window && { window }), phases: [{ name: 'first', from: '09:00', to: '10:00' }, { name: 'middle', from: '10:00', to: '10:30' }, { name: 'last', from: '11:00', to: '12:00' }, { name: 'night', from: '23:00', to: '00:00' }] },
  }) as unknown as Plan

  it('is every step of its flow and actor that is played', () => {
    const names = (of: Parameters<typeof stepsUnder>[1]) => stepsUnder(plan(), of).map(({ scenario: { name }, steps }) => [name, ...steps])
    expect(names({ flow: 'all' })).toEqual([['a', 'login', 'submit'], ['b', 'staff-login']])
    expect(names({ flow: 'login', actor: 'staff' })).toEqual([['b', 'staff-login']])
    expect(names({ flow: 'submit', step: 'apply' })).toEqual([])
    expect(names({ flow: 'pay' })).toEqual([])
  })

  it('lies in its phase, as far as it is played there', () => {
    expect(intervalOf(plan(), { flow: 'login' })).toEqual({ fromMs: 0, toMs: 150_000 })
    expect(intervalOf(plan(), { flow: 'submit', phase: 'first' })).toEqual({ fromMs: 0, toMs: 60_000 })
    expect(intervalOf(plan(), { flow: 'submit', phase: 'middle' })).toBeNull()
    expect(intervalOf(plan(), { flow: 'login', actor: 'staff', phase: 'last' })).toEqual({ fromMs: 120_000, toMs: 150_000 })
    expect(intervalOf(plan(), { flow: 'login', phase: 'nowhere' })).toBeNull()
    expect(intervalOf(plan({ start: '00:00', end: '00:00' }), { flow: 'login', phase: 'night' })).toBeNull()
  })
})
