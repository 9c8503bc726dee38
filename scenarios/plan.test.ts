import { readFileSync, readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { InputError } from '../contracts/error.ts'
import { PlannedPartner, PlannedScenario } from '../contracts/plan.ts'
import { Profile, type ProfileInput } from '../contracts/profile.ts'
import { PARTNERS } from '../contracts/reference/partners.ts'
import { Split } from '../contracts/split.ts'
import { planScenarios, type PlanInput } from './plan.ts'

const file = (path: string) => parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as unknown
const split = Split.parse(file('../contracts/reference/split-night-2026-04-10.yaml'))
const night = Profile.parse(file('profiles/night.yaml'))
const window = { date: '2026-04-10', start: '21:00', end: '04:00', timeScale: 140 }
const base: PlanInput = { profile: night, window, timeScale: 140, split, unfinished: [] }
const pushed = (scenarios: readonly PlannedScenario[]) => scenarios.flatMap((scenario) => scenario.partners ?? [])
const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0)

function withScenarios(scenarios: ProfileInput['scenarios']): PlanInput {
  return { ...base, profile: { ...night, scenarios: Profile.shape.scenarios.parse(scenarios) } }
}

describe('the documented night', () => {
  const plan = planScenarios(base)

  test('pushes 28,469 dossiers, each partner exactly what the split says, in its wave', () => {
    expect(sum(pushed(plan.scenarios).map(({ count }) => count))).toBe(28_469)
    for (const { id, wave, count } of split.partners) {
      expect(plan.scenarios.find((scenario) => scenario.name === `sync-w${wave}`)!.partners).toContainEqual({ id, unitCode: PARTNERS.find((partner) => partner.id === id)!.unitCode, count })
    }
    expect(sum(plan.partners.map(({ expected }) => expected))).toBe(28_469)
    expect(plan.partners.every(({ outstanding }) => outstanding === 0)).toBe(true)
  })

  test('lasts three minutes, times on the wall clock, all inside it', () => {
    expect(plan.durationMs).toBe(180_000)
    const citizens = plan.scenarios.find(({ name }) => name === 'citizens-new')!
    expect(citizens).toMatchObject({ startMs: Math.round(118 * 60_000 / 140), durationMs: Math.round(242 * 60_000 / 140), count: 600 })
    for (const scenario of plan.scenarios) expect(scenario.startMs + scenario.durationMs).toBeLessThanOrEqual(plan.durationMs)
  })

  test('no scenario for unfinished units when there are none', () => {
    expect(plan.scenarios.map(({ name }) => name)).not.toContain('sync-unfinished')
  })

  test('at no moment more than 500 pushes a wall second; virtual users bounded', () => {
    const pushes = plan.scenarios.filter(({ actor }) => actor === 'partner')
    for (const { startMs } of pushes) {
      const rate = sum(pushes.filter((one) => one.startMs <= startMs && startMs < one.startMs + one.durationMs).map((one) => one.count / one.durationMs * 1_000))
      expect(rate).toBeLessThan(500)
    }
    for (const { preAllocatedVUs, maxVUs } of plan.scenarios) {
      expect(preAllocatedVUs).toBeGreaterThanOrEqual(16)
      expect(maxVUs).toBeGreaterThanOrEqual(preAllocatedVUs)
      expect(maxVUs).toBeLessThanOrEqual(400)
    }
  })

  test('status pushes come after the dossiers that they report on', () => {
    for (const scenario of plan.scenarios.filter(({ dossiersOf }) => dossiersOf !== undefined)) {
      const earlier = plan.scenarios.find(({ name }) => name === scenario.dossiersOf)!
      expect(scenario.startMs).toBeGreaterThanOrEqual(earlier.startMs + earlier.durationMs)
    }
  })

  test('steps carry the kinds of their flows, in the journey\'s order', () => {
    const { steps } = plan.scenarios.find(({ name }) => name === 'citizens-new')!
    expect(steps.map(({ step }) => step)).toEqual(['login', 'find', 'submit', 'pay-create', 'pay-scan', 'pay-read', 'sms', 'logout'])
    expect(steps[4]).toEqual({ flow: 'pay', step: 'pay-scan', kind: 'payment.scan' })
  })
})

test.each(readdirSync(new URL('profiles/', import.meta.url)))('profile %s can be planned and says what is assumed', (name) => {
  const profile = Profile.parse(file(`profiles/${name}`))
  const plan = planScenarios({ ...base, profile, window: profile.window ?? window, timeScale: profile.timeScale ?? 140, seed: 7 })
  for (const scenario of plan.scenarios) expect(PlannedScenario.parse(scenario)).toEqual(scenario)
  for (const partner of plan.partners) expect(PlannedPartner.parse(partner)).toEqual(partner)
  if (!profile.volume) expect(plan.partners.every(({ expected }) => expected >= 1)).toBe(true)
  expect(sum(plan.partners.map(({ expected }) => expected))).toBe(sum(pushed(plan.scenarios).map(({ count }) => count)))
  expect(profile.assumptions.length).toBeGreaterThan(0)
})

describe('unfinished units', () => {
  const unfinished = [{ partner: 'ca-mau', outstanding: 40, source: '001' }, { partner: 'evn', outstanding: 7, source: '001' }]

  test('are expected to bring what they hold back, and push it apart, at the end', () => {
    const { scenarios, partners } = planScenarios({ ...base, unfinished })
    expect(scenarios.at(-1)).toMatchObject({ name: 'sync-unfinished', count: 47, partners: [{ id: 'evn', count: 7 }, { id: 'ca-mau', count: 40 }] })
    expect(partners.find(({ id }) => id === 'ca-mau')).toMatchObject({ expected: 320, outstanding: 40 })
    expect(sum(partners.map(({ expected }) => expected))).toBe(28_469 + 47)
    expect(sum(scenarios.filter(({ name }) => /w\d$/.test(name) && name.startsWith('sync')).map(({ count }) => count))).toBe(28_469)
  })
})

test('an absent partner pushes nothing, and is missed', () => {
  const partners = PARTNERS.map((partner) => ({ ...partner, mode: partner.id === 'justice' ? 'absent' as const : 'simulated' as const }))
  const plan = planScenarios({ ...base, partners })
  expect(pushed(plan.scenarios).map(({ id }) => id)).not.toContain('justice')
  expect(plan.partners.find(({ id }) => id === 'justice')).toMatchObject({ mode: 'absent', expected: 3_729 })
})

test('status pushes are capped at two a dossier', () => {
  const { scenarios } = planScenarios({
    ...withScenarios([
      { name: 'sync-w1', journey: ['dossier-sync'], actor: 'partner', phase: 'sync', from: '21:00', to: '22:00', wave: 1 },
      { name: 'status', journey: ['status-sync'], actor: 'partner', phase: 'sync', from: '22:00', to: '23:00', count: 999, dossiersOf: 'sync-w1' },
    ]),
    split: { ...split, total: 5, partners: [{ id: 'evn', wave: 1, count: 5 }] },
  })
  expect(scenarios[1]!.count).toBe(10)
})

describe('scenarios of one\'s own', () => {
  const citizens = { name: 'citizens', journey: ['login', 'submit'], actor: 'citizen' as const, phase: 'p', from: '21:00', to: '22:00', count: 200, shares: { refused: 0.2 } }
  const planned = (scenarios: NonNullable<ProfileInput['scenarios']>, seed = 7) => planScenarios({ ...withScenarios(scenarios), seed }).scenarios

  test('a curve gives the shape, the count its area', () => {
    const [one] = planned([{ ...citizens, curve: [{ at: '21:00', times: 0 }, { at: '21:30', times: 3 }, { at: '21:30', times: 1 }, { at: '22:00', times: 1 }] }])
    expect(one).toMatchObject({ count: 200, durationMs: 25_714 })
    expect(one!.stages).toHaveLength(2)
    expect(one!.stages!.reduce((area, { durationMs, fromPerSecond, toPerSecond }) => area + durationMs * (fromPerSecond + toPerSecond) / 2_000, 0)).toBeCloseTo(200, 6)
    expect(one!.stages![0]!.toPerSecond / one!.stages![1]!.fromPerSecond).toBeCloseTo(3, 6)
  })

  test('among takes its count from the fates that the seed gives', () => {
    const refuse = { name: 'refuse', journey: ['staff-login', 'refuse'], actor: 'staff' as const, phase: 'p', from: '22:00', to: '23:00', dossiersOf: 'citizens', among: 'refused' }
    const counts = [7, 8, 9].map((seed) => planned([citizens, refuse], seed)[1]!.count)
    for (const count of counts) expect(Math.abs(count - 40)).toBeLessThan(20)
    expect(new Set(counts).size).toBeGreaterThan(1)
    expect(planned([citizens, refuse])[1]).toMatchObject({ dossiersOf: 'citizens', among: 'refused' })
    expect(() => planScenarios(withScenarios([citizens, refuse]))).toThrow('without a seed')
  })

  test('several workers: each has virtual users of every scenario, none more than it needs', () => {
    const alone = planScenarios(base).scenarios
    for (const [at, scenario] of planScenarios({ ...base, workers: 8 }).scenarios.entries()) {
      expect(scenario.preAllocatedVUs).toBeGreaterThanOrEqual(32)
      expect(scenario.preAllocatedVUs).toBeLessThanOrEqual(Math.max(32, alone[at]!.preAllocatedVUs * 8))
      expect({ ...scenario, preAllocatedVUs: 0, maxVUs: 0 }).toEqual({ ...alone[at], preAllocatedVUs: 0, maxVUs: 0 })
    }
  })
})

test('every mistake is named at once', () => {
  const attempt = () => planScenarios(withScenarios([
    { name: 'one', journey: ['login', 'fly'], actor: 'citizen', phase: 'p', from: '21:00', to: '22:00', count: 1 },
    { name: 'two', journey: ['dossier-sync'], actor: 'partner', phase: 'p', from: '21:00', to: '22:00', wave: 1, count: 5 },
    { name: 'three', journey: ['login', 'login'], actor: 'citizen', phase: 'p', from: '21:00', to: '22:00', count: 1 },
    { name: 'four', journey: ['status-sync'], actor: 'partner', phase: 'p', from: '21:00', to: '22:00' },
    { name: 'five', journey: ['login'], actor: 'partner', phase: 'p', from: '21:00', to: '21:01', count: 1 },
  ]))
  expect(attempt).toThrow(InputError)
  try { attempt() } catch (error) {
    expect((error as InputError).problems[0]!.mend).toContain('use one of: login')
    expect((error as InputError).problems.map(({ what }) => what)).toEqual([
      'scenario "one" names flow "fly", which is not known',
      'scenario "two" gives a count for dossier-sync: the split gives it',
      'scenario "three" plays flow "login" twice: its operations would have the same names',
      'scenario "four" has no count',
      'scenario "four" needs dossiersOf for status-sync',
      'scenario "five" lets a partner play flow "login", which is a citizen\'s',
      'scenario "five" lasts 429 ms at time scale 140; k6 needs at least 1000 ms',
    ])
  }
})
