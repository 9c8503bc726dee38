/** What the machine must give: the busiest moment of all scenarios together, whatever their curves; and the advice where it does not. */
import { describe, expect, it } from 'vitest'
import type { PlannedScenario } from '../../contracts/plan.ts'
import type { InputError } from '../../contracts/error.ts'
import type { OwnStack, TargetKind } from './resolve.ts'
import { checkCapacity, coresNeeded, ratePerSecond } from './capacity.ts'

const REFERENCE = 250
const scenario = (change: Partial<PlannedScenario>): PlannedScenario => ({
  name: 's', journey: ['dossier-sync'], steps: [], actor: 'partner', phase: 'load', startMs: 0, durationMs: 10_000, count: 1_000, preAllocatedVUs: 1, maxVUs: 1, shares: {}, ...change,
})

describe('the busiest moment', () => {
  it('of an even rate is the rate times what an act costs; twice as slow a machine needs twice as much', () => {
    expect(coresNeeded([scenario({})], REFERENCE)).toBeCloseTo(0.26, 5)
    expect(coresNeeded([scenario({})], REFERENCE / 2)).toBeCloseTo(0.52, 5)
  })
  it('counts what overlaps, and a flow by its share', () => {
    expect(coresNeeded([scenario({}), scenario({ startMs: 5_000 })], REFERENCE)).toBeCloseTo(0.52, 5)
    expect(coresNeeded([scenario({}), scenario({ startMs: 10_000 })], REFERENCE)).toBeCloseTo(0.26, 5)
    expect(coresNeeded([scenario({ journey: ['pay'], actor: 'citizen', shares: { pay: 0.5 } })], REFERENCE)).toBeCloseTo(0.6, 5)
  })
  it('counts the firewall once for each request that comes to an edge: none of staff', () => {
    expect(coresNeeded([scenario({})], REFERENCE, 3)).toBeCloseTo(0.56, 5)
    expect(coresNeeded([scenario({ journey: ['login', 'submit'], actor: 'citizen' })], REFERENCE, 3) - coresNeeded([scenario({ journey: ['login', 'submit'], actor: 'citizen' })], REFERENCE)).toBeCloseTo(1.23, 5)
    expect(coresNeeded([scenario({ journey: ['staff-login', 'receive'], actor: 'staff' })], REFERENCE, 3)).toBe(coresNeeded([scenario({ journey: ['staff-login', 'receive'], actor: 'staff' })], REFERENCE))
  })
  it('of curves is where they are highest together, not their mean', () => {
    const up = { stages: [{ durationMs: 10_000, fromPerSecond: 0, toPerSecond: 200 }] }
    const down = { stages: [{ durationMs: 10_000, fromPerSecond: 200, toPerSecond: 0 }] }
    expect(coresNeeded([scenario(up)], REFERENCE)).toBeCloseTo(0.52, 3)
    expect(coresNeeded([scenario(up), scenario(down)], REFERENCE)).toBeCloseTo(0.52, 3)
    expect(ratePerSecond({ startMs: 1_000, durationMs: 10_000, count: 1_000, ...up }, 6_000)).toBeCloseTo(100, 6)
  })
})

describe('a machine that is too slow', () => {
  const profile = (volume?: { multiplier: number }) => ({ ...(volume && { volume }) }) as Parameters<typeof checkCapacity>[0]['profile']
  const told = (volume?: { multiplier: number }, targetKind: TargetKind = 'embedded', foreign?: Parameters<typeof checkCapacity>[0]['foreign']) => {
    try { checkCapacity({ scenarios: [scenario({})], timeScale: 100, profile: profile(volume), targetKind, ...(foreign && { foreign }) }, { cores: 1, speed: REFERENCE / 6.5 }) } catch (error) { return (error as InputError).message }
    return ''
  }
  it('hears of a time scale, or of a multiplier where time does not lessen the rate', () => {
    expect(told()).toBe('MACHINE_TOO_SLOW: the plan needs 1.7 cores at its busiest moment, this machine gives 0.8 (1 cores, measured) · --time-scale · run with --time-scale 50 or --profile smoke')
    expect(told({ multiplier: 4 })).toMatch(/ · --multiplier · run with --multiplier 2.01$/)
  })
  it('hears of what the rules of a real firewall take, in containers; of the generator\'s share alone where the systems are elsewhere', () => {
    expect(told(undefined, 'containers')).toMatch(/needs 4\.9 cores .*--time-scale 17 /)
    expect(told(undefined, 'file')).toBe('')
  })
  it('hears of all of it where the target is a stack of its own that runs by itself', () => {
    const started = (stack: OwnStack) => ({ value: { prepared: { stack } } }) as NonNullable<Parameters<typeof checkCapacity>[0]['foreign']>
    expect(told(undefined, 'file', started('containers'))).toMatch(/needs 4\.9 cores /)
    expect(told(undefined, 'file', started('embedded'))).toMatch(/needs 1\.7 cores /)
  })
  it('is none where it fits', () => {
    expect(() => checkCapacity({ scenarios: [scenario({})], timeScale: 100, profile: profile(), targetKind: 'embedded' }, { cores: 1, speed: REFERENCE })).not.toThrow()
  })
})
