/** Who handles whose dossier: officers, fates, origins; and what citizens choose. */
import { describe, expect, test } from 'vitest'
import { feedbackUnit, FEEDBACK_TOPICS } from '../../contracts/reference/feedback-units.ts'
import { PARTNERS, partnerOf } from '../../contracts/reference/partners.ts'
import { handlingPartner } from '../../contracts/reference/procedures.ts'
import { staffAccountBy } from '../../contracts/reference/staff.ts'
import { loadPlanOf, scenarioOf, type LoadPlan } from '../load-plan.ts'
import { countryPlan } from '../playground/country.ts'
import { TARGET } from '../playground/plan.ts'
import { citizenOf } from './citizen.ts'
import { deskPushOf } from './desk.ts'
import { FATES, fatesOf, iterationsAmong, type Fate } from './fate.ts'
import { officerOf, type OpOf } from './officer.ts'
import { amongOf, originOf, type Among } from './origin.ts'

const opOf: OpOf = (of, at, step) => `${of}.${at}.${step}`

/** The country with so many citizens that every draw comes up. */
function countryOf(seed = 7): { load: LoadPlan; among: Among } {
  const plan = countryPlan(TARGET, { seed })
  const [citizens, ...others] = plan.scenarios
  const many = { ...citizens!, count: 4_000 }
  const load = loadPlanOf({ ...plan, scenarios: [many, ...others.map((one) => (one.among === undefined ? one : { ...one, count: iterationsAmong(seed, many, one.among as Fate).length }))] })
  const tables = new Map<string, number[]>()
  return { load, among: (name) => { if (!tables.has(name)) tables.set(name, amongOf(load, scenarioOf(load, name))); return tables.get(name)! } }
}
const { load, among } = countryOf()
const citizens = scenarioOf(load, 'citizens')
const citizenAt = (iteration: number) => citizenOf(load, citizens, iteration, among)
const officers = (name: string) => Array.from({ length: scenarioOf(load, name).count }, (_, iteration) => ({ ...officerOf(load, scenarioOf(load, name), iteration, among, opOf), origin: originOf(load, scenarioOf(load, name), iteration, among) }))

describe('fates', () => {
  const all = Array.from({ length: citizens.count }, (_, iteration) => fatesOf(load.seed, citizens, iteration))

  test('every fate comes up; what excludes each other does', () => {
    for (const fate of FATES) expect(all.filter((fates) => fates.has(fate)).length).toBeGreaterThan(20)
    const ends: Fate[] = ['desk', 'refused', 'withdrawn', 'stopped', 'finished']
    for (const fates of all) {
      expect(ends.filter((end) => fates.has(end))).toHaveLength(1)
      expect(fates.has('returned')).toBe(fates.has('finished'))
      if (fates.has('withdrawn') || fates.has('stopped') || fates.has('supplement') || fates.has('finished') || fates.has('outside')) expect(fates).toContain('received')
    }
  })

  test('whoever pays online is not asked at the counter; only what they paid is paid back', () => {
    all.forEach((fates, iteration) => {
      const pays = citizenAt(iteration).acts.includes('pay')
      if (fates.has('counter')) {
        expect(pays).toBe(false)
        expect(['refused', 'withdrawn', 'stopped'].some((end) => fates.has(end as Fate))).toBe(false)
      }
      if (fates.has('refund')) expect(pays).toBe(true)
    })
  })

  test('each dossier with a fate is handled once, in order, by one iteration', () => {
    for (const { name, among: fate } of load.scenarios) {
      if (fate === undefined) continue
      const handled = Array.from({ length: scenarioOf(load, name).count }, (_, iteration) => originOf(load, scenarioOf(load, name), iteration, among).iteration)
      expect(handled).toEqual(all.flatMap((fates, iteration) => (fates.has(fate as Fate) ? [iteration] : [])))
    }
  })

  test('fewer officers than dossiers handle different ones; a fate that nobody has, or that is none, is a mistake', () => {
    const few = { ...scenarioOf(load, 'received'), count: 100 }
    expect(new Set(Array.from({ length: 100 }, (_, iteration) => originOf(load, few, iteration, among).iteration)).size).toBe(100)
    expect(() => originOf(load, few, 0, () => [])).toThrow('no dossier of "citizens" has the fate "received"')
    expect(() => amongOf(load, { ...few, among: 'recieved' })).toThrow('no fate "recieved"')
  })
})

describe('officers', () => {
  test('have an account, which they take by seed, and find the dossier by the citizen\'s op', () => {
    for (const { account, handles, origin } of officers('received')) {
      expect(staffAccountBy(account.account)).toEqual(account)
      expect(handles!.reference).toBe(`citizens.${origin.iteration}.submit`)
    }
    expect(new Set(officers('received').map(({ account }) => account.account)).size).toBeGreaterThan(1_500)
    const other = countryOf(8)
    expect(officerOf(other.load, scenarioOf(other.load, 'finished'), 0, other.among, opOf).account).not.toEqual(officers('finished')[0]!.account)
  })

  test('work at the level of the procedure: the ministry that handles it, else the citizen\'s province and its communes', () => {
    const levels = new Set<string>()
    for (const { account, region, origin, handles } of officers('finished')) {
      const { procedure, provinceId } = citizenAt(origin.iteration)
      const unit = partnerOf(procedure.level === 'ministry' ? handlingPartner(procedure, provinceId) : provinceId)
      expect({ unit: account.unitCode, level: account.level, region, partner: handles!.partner }).toEqual({ unit: unit.unitCode, level: procedure.level, region: unit.region, partner: handlingPartner(procedure, provinceId) })
      levels.add(account.level)
    }
    expect(levels).toEqual(new Set(['ministry', 'province', 'commune']))
  })

  test('of another province receive what has that fate, and nothing but receive', () => {
    const outside = officers('received').filter(({ handles }) => handles!.fates().has('outside'))
    expect(outside.length).toBeGreaterThan(300)
    for (const { account, origin } of outside) {
      expect(account.permissions).toContain('receive-anywhere')
      expect(account.unitCode).toMatch(/^H/)
      expect(account.unitCode).not.toBe(partnerOf(citizenAt(origin.iteration).provinceId).unitCode)
    }
    const later = officers('finished').filter(({ handles, origin }) => handles!.fates().has('outside') && citizenAt(origin.iteration).procedure.level !== 'ministry')
    expect(later.length).toBeGreaterThan(50)
    for (const { account, origin } of later) expect(account.unitCode).toBe(partnerOf(citizenAt(origin.iteration).provinceId).unitCode)
  })

  test('answer the feedback of their unit', () => {
    const scenario = { ...scenarioOf(load, 'replies'), count: 500 }
    const petitions = { ...scenarioOf(load, 'petitions'), count: 500 }
    const large = { ...load, scenarios: [petitions, scenario] }
    const topics = new Set<string>()
    for (let iteration = 0; iteration < 500; iteration += 1) {
      const { account, handles } = officerOf(large, scenario, iteration, among, opOf)
      const { topic, provinceId } = citizenOf(large, petitions, iteration, among)
      const unit = feedbackUnit(topic!, provinceId)
      topics.add(topic!)
      expect(handles!.reference).toBe(`petitions.${iteration}.feedback-send`)
      expect(account.permissions).toContain('answer-feedback')
      if (unit === 'G00') expect(account.level).toBe('ministry')
      else expect(account.unitCode).toBe(unit.slice(0, 3))
    }
    expect(topics).toEqual(new Set(FEEDBACK_TOPICS))
  })

  test('who only read reports are of any ministry or province', () => {
    const scenario = { ...scenarioOf(load, 'reports'), count: 2_000 }
    const readers = Array.from({ length: 2_000 }, (_, iteration) => officerOf(load, scenario, iteration, among, opOf))
    expect(new Set(readers.map(({ account }) => account.unitCode)).size).toBe(PARTNERS.length)
    expect(new Set(readers.map(({ account }) => account.level))).toEqual(new Set(['ministry', 'province']))
    expect(readers.every(({ handles }) => handles === undefined)).toBe(true)
  })

  test('without an account work where the partner has the citizen\'s dossier', () => {
    const scenario = scenarioOf(load, 'desk')
    for (let iteration = 0; iteration < scenario.count; iteration += 1) {
      const push = deskPushOf(load, scenario, iteration, { among, opOf, notes: [], assignments: () => { throw new Error('nothing is assigned') } })
      const origin = originOf(load, scenario, iteration, among)
      const { procedure, provinceId } = citizenAt(origin.iteration)
      const { id: partner, unitCode, region } = partnerOf(handlingPartner(procedure, provinceId))
      expect(push).toEqual({ kind: 'handling', partner, unitCode, region, reference: `citizens.${origin.iteration}.submit` })
    }
  })
})

describe('what citizens choose', () => {
  const all = Array.from({ length: citizens.count }, (_, iteration) => citizenAt(iteration))

  test('payers pay fines and social insurance by their shares, the rest fees', () => {
    const paid = all.filter(({ acts }) => acts.includes('pay')).map(({ procedure }) => procedure)
    const share = (purpose: string) => paid.filter(({ payment = 'fee' }) => payment === purpose).length / paid.length
    expect([share('fine'), share('social-insurance'), share('fee')].map((value) => Math.round(value * 20) / 20)).toEqual([0.25, 0.15, 0.6])
    expect(paid.every(({ feeVnd }) => feeVnd > 0)).toBe(true)
  })

  test('whoever pays at the counter has something to pay; nobody submits a fine without paying it', () => {
    const others = all.flatMap((citizen, iteration) => (citizen.acts.includes('pay') ? [] : [{ ...citizen, fates: fatesOf(load.seed, citizens, iteration) }]))
    expect(others.filter(({ fates }) => fates.has('counter')).every(({ procedure }) => procedure.feeVnd > 0)).toBe(true)
    expect(others.some(({ procedure }) => procedure.feeVnd === 0)).toBe(true)
    expect(others.every(({ procedure }) => procedure.payment === undefined)).toBe(true)
  })

  test('what a ministry takes on its own service is applied for there and never submitted on the portal', () => {
    expect(all.some(({ procedure }) => procedure.redirected)).toBe(false)
    const applicants = scenarioOf(load, 'applicants')
    for (let iteration = 0; iteration < applicants.count; iteration += 1) expect(citizenOf(load, applicants, iteration, among).procedure.redirected).toBe(true)
  })

  test('who comes back is who submitted', () => {
    const scenario = scenarioOf(load, 'answers')
    for (let iteration = 0; iteration < scenario.count; iteration += 1) {
      const { person, procedure, acts } = citizenOf(load, scenario, iteration, among)
      const first = citizenAt(originOf(load, scenario, iteration, among).iteration)
      expect({ person, procedure, acts }).toEqual({ person: first.person, procedure: first.procedure, acts: ['login', 'answer-supplement'] })
    }
  })
})
