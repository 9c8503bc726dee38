import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { InputError } from '../../contracts/error.ts'
import { parseLoadCriterion } from '../../contracts/parse-load-criterion.ts'
import { Profile } from '../../contracts/profile.ts'
import { Split } from '../../contracts/split.ts'
import { areaOfStages, durationOf, intendedAtMs } from '../arrival.ts'
import { iterationsAmong, type Fate } from '../cast/fate.ts'
import { ACTS, flowOf, FLOWS, mainFlowOf } from '../flows/index.ts'
import { planScenarios, type PlannedLoad } from '../plan.ts'
import { DERIVED_NAMES } from './derive.ts'
import { derivedAssumptions, explainProfile } from './explain.ts'
import { publishedFigures } from './figures.ts'
import { FOLLOW_UPS } from './follow-ups.ts'
import { mixFrom, mixNames, readMix } from './mix.ts'
import { withMultiplier } from './multiplier.ts'
import { dossiersPerDay, peakDossiersPerSecond, peakHoursUnder } from './volume.ts'

const SEED = 20_260_410
const text = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')
const split = Split.parse(parse(text('../../contracts/reference/split-night-2026-04-10.yaml')))
const profileOf = (name: string) => Profile.parse(parse(text(`../profiles/${name}.yaml`)))
const planOf = (profile: Profile, { timeScale = profile.timeScale!, seed = SEED } = {}): PlannedLoad =>
  planScenarios({ profile, window: profile.window!, timeScale, split, unfinished: [], seed })
const WITH_VOLUME = readdirSync(new URL('../profiles/', import.meta.url)).map((file) => file.replace('.yaml', '')).filter((name) => profileOf(name).volume)

const peakHour = profileOf('peak-hour')
const peak = planOf(peakHour)
const named = (plan: PlannedLoad, name: string) => plan.scenarios.find((scenario) => scenario.name === name)!

describe('volume', () => {
  const figures = publishedFigures()
  const volume = { peakHourShare: 0.15, multiplier: 1, publicSecurityShare: 1, curve: [], mix: 'national' }

  test.each([
    ['national', 332_095, 13.84],
    ['central', 19_656, 0.82],
    ['observed', 16_997, 0.71],
  ] as const)('%s: %d dossiers a day, %d a second in the peak hour', (basis, perDay, perSecond) => {
    expect(Math.round(dossiersPerDay({ ...volume, basis }, figures))).toBe(perDay)
    expect(peakDossiersPerSecond({ ...volume, basis }, figures)).toBeCloseTo(perSecond, 2)
  })

  test('Public Security\'s share is a parameter of its own: without it the national basis is the central one', () => {
    expect(dossiersPerDay({ basis: 'national', publicSecurityShare: 0 }, figures)).toBe(dossiersPerDay({ basis: 'central', publicSecurityShare: 1 }, figures))
  })

  test('no figure that contradicts itself is used', () => {
    expect(figures.figures.find(({ id }) => id === 'sms-sent')!.value / figures.figures.find(({ id }) => id === 'sms-asked')!.value).toBeCloseTo(0.9552, 4)
    expect(figures.notUsed.map(({ published }) => published)).toContain('81.34 %')
  })

  test('the Monday\'s curve is one day, with the forecast peaks the highest', () => {
    const { volume: monday, window } = profileOf('monday')
    expect(peakHoursUnder(monday!.curve, window!.start)).toBeCloseTo(1 / 0.15, 1)
    const highest = monday!.curve.filter(({ times }) => times === Math.max(...monday!.curve.map((point) => point.times)))
    expect(highest.map(({ at }) => at)).toEqual(['09:00', '10:00', '14:00', '15:00'])
  })
})

describe('peak hour', () => {
  test('14 dossiers a wall second while the curve is 1, by all ways together', () => {
    const inHold = (name: string) => {
      const { stages } = named(peak, name)
      return stages!.at(-1)!.fromPerSecond
    }
    expect(inHold('citizens') + inHold('applicants') + inHold('sync')).toBeCloseTo(13.84, 0)
  })

  test('rates are per wall second: half the time scale is twice as long at the same rate', () => {
    const slow = planOf(peakHour, { timeScale: 15 })
    expect(named(slow, 'sync').stages![1]!.fromPerSecond).toBeCloseTo(named(peak, 'sync').stages![1]!.fromPerSecond, 1)
    expect(named(slow, 'sync').durationMs).toBe(named(peak, 'sync').durationMs * 2)
  })

  test('a multiplier multiplies what hangs on dossiers, not what was raised', () => {
    const twice = planOf(withMultiplier(peakHour, 2))
    expect(named(twice, 'sync').count / named(peak, 'sync').count).toBeCloseTo(2, 1)
    expect(named(twice, 'feedback').count).toBe(named(peak, 'feedback').count)
  })

  test('the country\'s proportions: payments, kinds of payment, SMS, Public Security', () => {
    const dossiers = named(peak, 'citizens').count + named(peak, 'applicants').count + named(peak, 'sync').count
    const [citizens, payers, looks] = ['citizens', 'payers', 'citizens-look'].map((name) => named(peak, name))
    const feePayments = citizens!.count * citizens!.shares['pay']!
    expect((feePayments + payers!.count) / dossiers).toBeCloseTo(2_397 / 16_997, 2)
    expect(payers!.count * payers!.shares['fine']! / feePayments).toBeCloseTo(567 / 491, 1)
    const messages = citizens!.count * citizens!.shares['sms']! + payers!.count * payers!.shares['sms']! + looks!.count * looks!.shares['sms']!
    expect(messages / dossiers).toBeCloseTo(4_108 / 16_997, 2)
    const { partners, count } = named(peak, 'sync')
    expect(partners!.find(({ id }) => id === 'public-security')!.count / count).toBeGreaterThan(0.7)
    expect(partners!.map(({ id }) => id)).not.toContain('culture-sports-tourism')
  })

  test('all 13 flows with enough samples, every act of them more than a few', () => {
    expect(FLOWS).toHaveLength(13)
    const expected = (id: string) => peak.scenarios.reduce((sum, { journey, count, shares }) => sum + (journey.includes(id) ? count * (shares[id] ?? 1) : 0), 0)
    for (const flow of FLOWS) {
      const iterations = ACTS.filter((act) => mainFlowOf(act) === flow.id).reduce((sum, { id }) => sum + expected(id), 0)
      expect(iterations, flow.id).toBeGreaterThanOrEqual(peakHour.limits.minSamples * 1.5)
    }
    for (const { id } of ACTS) expect(expected(id), id).toBeGreaterThanOrEqual(10)
  })
})

describe.each(WITH_VOLUME)('profile %s', (name) => {
  const profile = profileOf(name)
  const plan = planOf(profile)

  test('everything lies inside the window, and carries exactly its iterations', () => {
    for (const { startMs, durationMs, count, stages, name: scenario } of plan.scenarios) {
      expect(startMs, scenario).toBeGreaterThanOrEqual(3_000)
      expect(startMs + durationMs, scenario).toBeLessThanOrEqual(plan.durationMs)
      expect(areaOfStages(stages!), scenario).toBeCloseTo(count, 3)
      expect(durationOf(stages!), scenario).toBe(durationMs)
    }
  })

  test('nobody is meant to act on a dossier before whoever comes before them', () => {
    const citizens = named(plan, 'citizens')
    const moment = new Map<string, Map<number, number>>()
    const dossiers = (scenario: PlannedLoad['scenarios'][number]) => scenario.among === undefined
      ? Array.from({ length: scenario.count }, (_, at) => Math.floor(at * (scenario.dossiersOf === undefined ? 1 : citizens.count / scenario.count)))
      : iterationsAmong(SEED, citizens, scenario.among as Fate)
    for (const scenario of plan.scenarios.filter(({ name: one, dossiersOf }) => one === 'citizens' || dossiersOf === 'citizens')) {
      moment.set(scenario.name, new Map(dossiers(scenario).map((dossier, iteration) => [dossier, scenario.startMs + intendedAtMs(scenario, iteration)])))
    }
    let compared = 0
    for (const { name: one, after } of FOLLOW_UPS) {
      for (const [dossier, at] of moment.get(one) ?? []) {
        for (const before of after) {
          const earlier = moment.get(before)?.get(dossier)
          if (earlier === undefined) continue
          expect(at - earlier, `${one} after ${before}`).toBeGreaterThanOrEqual(4_000 - 1)
          compared += 1
        }
      }
    }
    expect(compared).toBeGreaterThan(citizens.count)
  })

  test('status pushes follow the push of their dossier', () => {
    const [sync, status, done] = ['sync', 'status', 'status-done'].map((one) => named(plan, one))
    const at = (scenario: typeof sync, iteration: number) => scenario!.startMs + intendedAtMs(scenario!, iteration)
    for (let iteration = 0; iteration < status!.count; iteration += 1) {
      const dossier = Math.floor(iteration * sync!.count / status!.count)
      expect(at(status, iteration) - at(sync, dossier)).toBeGreaterThanOrEqual(4_000 - 1)
      expect(at(done, iteration) - at(status, iteration)).toBeGreaterThanOrEqual(4_000 - 1)
    }
  })

  test('the explanation has a source, an assumption or a calculation for every figure, in both languages', () => {
    for (const language of ['vi', 'en'] as const) {
      const { columns, rows } = explainProfile(plan, language)
      expect(rows.length).toBeGreaterThan(plan.scenarios.length + 20)
      for (const row of rows) {
        expect(row).toHaveLength(columns.length)
        expect(row.join(' ')).not.toMatch(/NaN|undefined|Infinity/)
        expect(row.every((cell) => cell !== '')).toBe(true)
      }
    }
    expect(explainProfile(plan, 'en').rows.map((row) => row[4]).filter((from) => /^00\d/.test(from!)).length).toBeGreaterThanOrEqual(6)
    expect(derivedAssumptions(plan.derivation).map(({ en }) => en)).toContain('12 % of dossiers are submitted directly on the portal (94 % of the volume is that of Public Security\'s own system)')
  })

  test('its own counts can be reached, whatever the seed', () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const { scenarios } = planOf(profile, { seed })
      for (const criterion of profile.criteria.map((one) => parseLoadCriterion(one)).flatMap((parsed) => ('criterion' in parsed && parsed.criterion.fn === 'count' ? [parsed.criterion] : []))) {
        const planned = scenarios.reduce((sum, { journey, count, shares }) => sum + count * journey
          .map((id) => flowOf(id)).filter((act) => mainFlowOf(act) === criterion.flow).reduce((steps, act) => steps + act.steps.length * (shares[act.id] ?? 1), 0), 0)
        expect(planned, `${criterion.text}, seed ${seed}`).toBeGreaterThanOrEqual(criterion.threshold)
        expect(planned, `${criterion.text}, seed ${seed}`).toBeGreaterThanOrEqual(criterion.minSamples ?? profile.limits.minSamples)
      }
    }
  })

  test('names are those that profiles may not take', () => {
    for (const scenario of plan.scenarios) expect(DERIVED_NAMES).toContain(scenario.name)
  })
})

test('the same seed gives the same plan, another seed other dossiers for the same people', () => {
  expect(planOf(peakHour)).toEqual(peak)
  const other = planOf(peakHour, { seed: 8 })
  expect(named(other, 'citizens')).toEqual(named(peak, 'citizens'))
  expect(other).not.toEqual(peak)
})

describe('bad input', () => {
  const directory = mkdtempSync(join(tmpdir(), 'mix-'))
  afterAll(() => rmSync(directory, { recursive: true }))
  const damaged = (from: string | RegExp, to: string) => {
    const file = join(directory, 'mix.yaml')
    const whole = text('../mixes/national.yaml')
    expect(whole.replace(from, to)).not.toBe(whole)
    writeFileSync(file, whole.replace(from, to))
    return () => mixFrom(file, 'mix.yaml')
  }

  test('every mix that comes with the product can be read', () => {
    expect(mixNames()).toContain('national')
    expect(mixNames()).not.toContain('published-figures')
    for (const name of mixNames()) expect(readMix(name, 'here').name).toBe(name)
  })

  test.each<[string, string | RegExp, string, RegExp]>([
    ['a figure that is not published', 'figure: sms-asked', 'figure: sms-askd', /^FIGURE_UNKNOWN: figure "sms-askd" is not published · mix\.yaml:\d+:\d+ sms\.figure · did you mean "sms-asked"\?/],
    ['a kind of payment without a figure', 'fine: fines', 'fine: finez', /FIGURE_UNKNOWN: figure "finez" .*kindsOfPayment\.fine/],
    ['a share above one', /direct: \{ value: 0\.12/, 'direct: { value: 1.2', /^VALUE_INVALID: direct.*mix\.yaml:\d+:\d+ direct/],
    ['a rate below zero', /reports: \{ value: 0\.01/, 'reports: { value: -0.01', /^VALUE_INVALID: reports.*mix\.yaml:\d+:\d+ reports/],
    ['a value without its assumption', /logout: \{ value: 0\.5.*/, 'logout: { value: 0.5 }', /^VALUE_INVALID: logout/],
    ['ways that are more than all', /redirected: \{ value: 0\.03/, 'redirected: { value: 0.93', /direct and redirected are more than all dossiers/],
    ['broken YAML', 'fates:', 'fates: [', /^YAML_SYNTAX: .*mix\.yaml:\d+:\d+/],
  ])('%s', (_, from, to, message) => { expect(damaged(from, to)).toThrow(message) })

  test('a mix that is not there', () => { expect(() => readMix('nationl', 'profile.yaml:3:4 volume.mix')).toThrow(/^MIX_UNKNOWN: mix "nationl" is not known · profile\.yaml:3:4 volume\.mix · did you mean "national"\?/) })

  test('a curve so long that what was submitted last cannot be handled', () => {
    const late = { ...peakHour, volume: { ...peakHour.volume!, curve: [{ at: '09:00', times: 1 }, { at: '10:18', times: 1 }] } }
    expect(() => planOf(late)).toThrow(/TIMES_OUTSIDE_WINDOW: derived scenario "officers-return" ends \d+ s \(wall clock\) after the window 08:50 to 10:20/)
  })

  test('data that would run out, all of it named', () => {
    const tooMany: Profile = {
      ...peakHour, volume: undefined, splitScale: 100_000,
      scenarios: [{ name: 'sync-w1', journey: ['dossier-sync'], actor: 'partner', phase: 'sync', from: '09:00', to: '10:00', wave: 1, shares: {} }],
    }
    const error = (() => { try { return planOf(tooMany) } catch (thrown) { return thrown } })()
    expect(error).toBeInstanceOf(InputError)
    const { problems } = error as InputError
    expect(problems.every(({ code }) => code === 'DATA_RUNS_OUT')).toBe(true)
    expect(problems[0]!.what).toMatch(/^the load needs \d+ invented people, there are 80000000$/)
    expect(problems.slice(1).some(({ what }) => /^partner "[a-z-]+" would take \d+ dossiers in a day, there are 2999999 numbers$/.test(what))).toBe(true)
  })

  test.each([[0], [-1], [Number.NaN]])('multiplier %d', (multiplier) => { expect(() => withMultiplier(peakHour, multiplier)).toThrow('MULTIPLIER_INVALID') })
  test('a multiplier for counts', () => { expect(() => withMultiplier(profileOf('night'), 2)).toThrow(/MULTIPLIER_WITHOUT_VOLUME: profile "night"/) })
})
