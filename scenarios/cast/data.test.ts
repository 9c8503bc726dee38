/** The data of a load: nobody and nothing twice in ten million draws, the same seed the same data, and only what can belong to nobody. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { PARTNERS } from '../../contracts/reference/partners.ts'
import { PERSON_KINDS, personById, personOf } from '../../contracts/reference/people.ts'
import type { Assignment } from '../assign.ts'
import { loadPlanOf, type LoadPlan, type LoadScenario } from '../load-plan.ts'
import { smallPlan, TARGET } from '../playground/plan.ts'
import { citizenOf } from './citizen.ts'
import { deskPushOf, type Desk, type DeskDossierPush, type DeskStatusPush } from './desk.ts'

const DRAWS = 10_000_000
const NOBODY = () => []
const nextTo: Assignment = { partner: 0, running: 0 }
/** The even interleave of `assign.ts` for equal counts, without its table. */
const desk: Desk = {
  among: NOBODY, notes: [], opOf: (of, at, step) => `${of}.${at}.${step}`,
  assignments: (_, iteration) => { nextTo.partner = iteration % PARTNERS.length; nextTo.running = Math.floor(iteration / PARTNERS.length); return nextTo },
}

/** A load as large as the draws: all partners push, all kinds of people submit. */
function largeLoad(seed: number): { load: LoadPlan; citizens: LoadScenario; pushes: LoadScenario; statuses: LoadScenario } {
  const plan = smallPlan(TARGET, { seed })
  const [citizens, pushes, statuses] = plan.scenarios
  const partners = PARTNERS.map(({ id, unitCode }) => ({ id, unitCode, count: DRAWS / PARTNERS.length }))
  const load = loadPlanOf({ ...plan, scenarios: [
    { ...citizens!, count: DRAWS, shares: { ...citizens!.shares, foreigner: 0.3, company: 0.4 } }, { ...pushes!, count: DRAWS, partners }, { ...statuses!, count: DRAWS, shares: { done: 1 } },
  ] })
  return { load, citizens: load.scenarios[0]!, pushes: load.scenarios[1]!, statuses: load.scenarios[2]! }
}

class Marks {
  readonly #bits: Uint8Array
  constructor(size: number) { this.#bits = new Uint8Array(Math.ceil(size / 8)) }
  /** False where it was marked before. */
  mark(at: number): boolean {
    const bit = 1 << (at & 7)
    const fresh = (this.#bits[at >> 3]! & bit) === 0
    this.#bits[at >> 3]! |= bit
    return fresh
  }
}

describe(`${DRAWS.toLocaleString('en')} draws`, () => {
  test('of dossiers at desks: no code twice', { timeout: 300_000 }, () => {
    const { load, statuses } = largeLoad(7)
    const units = new Map(PARTNERS.map(({ unitCode }, at) => [unitCode, at]))
    const codes = new Marks(units.size * 1_000_000)
    let collisions = 0
    for (let iteration = 0; iteration < DRAWS; iteration += 1) {
      // The push that reports on a dossier names it without drawing what else is in it.
      const { dossierCode } = deskPushOf(load, statuses, iteration, desk) as DeskStatusPush
      if (!codes.mark(units.get(dossierCode.slice(0, 3))! * 1_000_000 + Number(dossierCode.slice(11)) - 7_000_001)) collisions += 1
    }
    expect(collisions).toBe(0)
  })

  test('of citizens, foreigners, companies, organisations and minors: no id and no company number twice', { timeout: 300_000 }, () => {
    const { citizens } = largeLoad(7)
    const people = Object.fromEntries(['999', '998', '997', '996', '995'].map((prefix) => [prefix, new Marks(100_000_000)]))
    const companies = new Marks(100_000_000)
    let collisions = 0
    for (let iteration = 0; iteration < DRAWS; iteration += 1) {
      const { personId, companyNumber } = personOf(citizens.firstPerson + iteration, PERSON_KINDS[iteration % PERSON_KINDS.length])
      if (!people[personId.slice(0, 3)]!.mark(Number(personId.slice(3, 11)))) collisions += 1
      if (companyNumber !== undefined && !companies.mark(Number(companyNumber.slice(2)))) collisions += 1
    }
    expect(collisions).toBe(0)
  })
})

test('a mark that is set twice is noticed', () => {
  const marks = new Marks(100)
  expect([marks.mark(3), marks.mark(4), marks.mark(3)]).toEqual([true, true, false])
})

test('a report names the dossier that was pushed; applicants at desks are none of the citizens', () => {
  const { load, citizens, pushes, statuses } = largeLoad(7)
  for (let iteration = 0; iteration < DRAWS; iteration += 9_973) {
    const { dossierCode, applicant } = deskPushOf(load, pushes, iteration, desk) as DeskDossierPush
    expect((deskPushOf(load, statuses, iteration, desk) as DeskStatusPush).dossierCode).toBe(dossierCode)
    expect(applicant).toEqual(personOf(pushes.firstPerson + iteration))
  }
  expect(citizens.firstPerson + citizens.count).toBeLessThanOrEqual(pushes.firstPerson)
})

test('the same seed gives the same data, another seed other data', () => {
  const dataOf = (seed: number) => {
    const { load, citizens, pushes } = largeLoad(seed)
    return Array.from({ length: 2_000 }, (_, at) => JSON.stringify([citizenOf(load, citizens, at * 4_999, NOBODY), deskPushOf(load, pushes, at * 4_999, desk)]))
  }
  const data = dataOf(7)
  expect(dataOf(7)).toEqual(data)
  expect(dataOf(8)).not.toEqual(data)
})

test('people come as the shares say, and belong to nobody', () => {
  const { load, citizens } = largeLoad(7)
  const kinds: Record<string, number> = {}
  fc.assert(fc.property(fc.integer({ min: 0, max: DRAWS - 1 }), (iteration) => {
    const { person } = citizenOf(load, citizens, iteration, NOBODY)
    const { personId, phone, name, companyNumber, kind = 'citizen' } = person
    kinds[kind] = (kinds[kind] ?? 0) + 1
    expect(personId).toMatch(/^99[789]\d{8}[1-9]$/)
    expect(phone).toMatch(/^0990\d{6}$/)
    expect(name).toMatch(/^(Người Thử \d{6,} |Test Visitor \d{6,}$|Công ty Thử \d{6,}$)/)
    if (kind === 'company') expect(companyNumber).toMatch(/^99\d{8}$/)
    expect(personById(personId)).toEqual({ ...person, level: 2 })
  }), { numRuns: 3_000, seed: 1 })
  expect(kinds['foreigner']! / 3_000).toBeCloseTo(0.3, 1)
  expect(kinds['company']! / 3_000).toBeCloseTo(0.4, 1)
})
