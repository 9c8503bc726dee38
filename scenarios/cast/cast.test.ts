import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DossierCode, UnitCode } from '../../contracts/ids.ts'
import { PARTNERS, partnerOf } from '../../contracts/reference/partners.ts'
import { procedureOf } from '../../contracts/reference/procedures.ts'
import { assignPartners } from '../assign.ts'
import { loadPlanOf, scenarioOf, type LoadPlan } from '../load-plan.ts'
import { ALL_FLOWS, smallPlan, TARGET } from '../playground/plan.ts'
import { citizenOf } from './citizen.ts'
import { deskPushOf, type Assignments, type Desk, type DeskDossierPush, type DeskStatusPush } from './desk.ts'
import { drawsOf, pickShare } from './draw.ts'
import { notePool } from './note-pool.ts'
import { noteOf, TRAPS } from './notes.ts'
import { amongOf, type Among } from './origin.ts'

const loadOf = (seed: number) => loadPlanOf(smallPlan(TARGET, { seed }))
const load = loadOf(7)
const assignmentsOf = (plan: LoadPlan): Assignments => (name, iteration) => assignPartners(scenarioOf(plan, name).partners!)[iteration]!
const amongIn = (plan: LoadPlan): Among => (name) => amongOf(plan, scenarioOf(plan, name))
const opOf = (of: string, at: number, step: string) => `${of}.${at}.${step}`
const deskIn = (plan: LoadPlan, notes: string[] = []): Desk => ({ assignments: assignmentsOf(plan), notes, among: amongIn(plan), opOf })
const everyIteration = <T>(plan: LoadPlan, name: string, play: (iteration: number) => T): T[] => Array.from({ length: scenarioOf(plan, name).count }, (_, iteration) => play(iteration))
const citizens = (plan: LoadPlan, name: string) => everyIteration(plan, name, (iteration) => citizenOf(plan, scenarioOf(plan, name), iteration, amongIn(plan)))
const pushes = (name: string) => everyIteration(load, name, (iteration) => deskPushOf(load, scenarioOf(load, name), iteration, deskIn(load, ['một', 'hai'])))

describe('citizens', () => {
  test('the same seed gives the same people doing the same; another seed does not', () => {
    expect(citizens(loadOf(7), 'citizens')).toEqual(citizens(load, 'citizens'))
    expect(citizens(loadOf(8), 'citizens')).not.toEqual(citizens(load, 'citizens'))
  })

  test('nobody appears twice, neither among citizens nor among applicants at desks', () => {
    const ids = [...citizens(load, 'citizens').map(({ person }) => person.personId), ...pushes('sync-w1').map((push) => (push as DeskDossierPush).applicant.personId)]
    expect(new Set(ids).size).toBe(24 + 47)
  })

  test('live in a province of their region, and take banks in turn', () => {
    for (const { region, provinceId } of citizens(load, 'citizens')) expect(partnerOf(provinceId)).toMatchObject({ region, kind: 'province' })
    expect(citizens(load, 'citizens').slice(0, 4).map(({ bank }) => bank)).toEqual(['bank-bidv', 'bank-vcb', 'bank-bidv', 'bank-vcb'])
  })

  test('whoever pays has chosen something with a fee', () => {
    const paying = citizens(load, 'citizens').filter(({ acts }) => acts.includes('pay'))
    expect(paying.length).toBeGreaterThan(5)
    expect(paying.every(({ procedure }) => procedure.feeVnd > 0)).toBe(true)
  })

  test('shares come out as the profile says, give or take chance', () => {
    const many = { ...scenarioOf(load, 'citizens'), count: 4_000 }
    const drawn = Array.from({ length: 4_000 }, (_, iteration) => citizenOf(load, many, iteration, amongIn(load)))
    const share = (test: (citizen: (typeof drawn)[number]) => boolean) => drawn.filter(test).length / drawn.length
    expect(share(({ acts }) => acts.includes('pay'))).toBeCloseTo(0.5, 1)
    expect(share(({ cohort }) => cohort === 'kept')).toBeCloseTo(0.5, 1)
    expect(share(({ region }) => region === 'north')).toBeCloseTo(0.4, 1)
    expect(share(({ acts }) => acts.includes('login'))).toBe(1)
  })

  test('look-ups are made by those who submitted earlier, spread over all of them', () => {
    const earlier = citizens(load, 'citizens').map(({ person }) => person.personId)
    const looking = citizens(load, 'look-ups')
    expect(looking.map(({ person }) => earlier.indexOf(person.personId))).toEqual([0, 2, 4, 7, 9, 12, 14, 16, 19, 21])
    expect(looking.every(({ acts }) => acts.join() === 'login,read-dossier')).toBe(true)
  })
})

describe('desks', () => {
  test('dossier codes are well formed, unique, and of the partner\'s unit', () => {
    const all = pushes('sync-w1') as DeskDossierPush[]
    expect(new Set(all.map(({ dossierCode }) => dossierCode)).size).toBe(47)
    for (const { dossierCode, unitCode, partner, procedureCode } of all) {
      expect(DossierCode.parse(dossierCode).startsWith(`${UnitCode.parse(unitCode)}-260410-`)).toBe(true)
      expect(unitCode).toBe(partnerOf(partner).unitCode)
      expect(procedureOf(procedureCode)).toBeDefined()
    }
  })

  test('a second scenario of the same partner goes on counting', () => {
    const plan = smallPlan(TARGET)
    const wave = plan.scenarios.find(({ name }) => name === 'sync-w1')!
    const twice = loadPlanOf({ ...plan, scenarios: [...plan.scenarios, { ...wave, name: 'sync-late', count: 2, partners: [{ id: 'ca-mau', unitCode: 'H33', count: 2 }] }] })
    const codes = ['sync-w1', 'sync-late'].flatMap((name) => everyIteration(twice, name, (iteration) =>
      (deskPushOf(twice, scenarioOf(twice, name), iteration, deskIn(twice)) as DeskDossierPush).dossierCode))
    expect(new Set(codes).size).toBe(49)
    expect(codes.filter((code) => code.startsWith('H33')).toSorted().at(-1)).toBe('H33-260410-7000015')
  })

  test('status pushes name dossiers of the earlier scenario, with their partner', () => {
    const earlier = new Map((pushes('sync-w1') as DeskDossierPush[]).map(({ dossierCode, partner }) => [dossierCode, partner]))
    for (const push of pushes('status-w1') as DeskStatusPush[]) expect(earlier.get(push.dossierCode)).toBe(push.partner)
    expect(pushes('status-w1').map((push) => push.kind === 'status' && push.status).filter((status) => status === 'done')).toHaveLength(15)
  })

  test('every partner finds something that it handles', () => {
    for (const { id } of PARTNERS) {
      const plan = loadPlanOf({ ...smallPlan(TARGET), scenarios: [{ ...smallPlan(TARGET).scenarios[1]!, count: 1, partners: [{ id, unitCode: partnerOf(id).unitCode, count: 1 }] }] })
      const push = deskPushOf(plan, plan.scenarios[0]!, 0, { ...deskIn(plan), assignments: () => ({ partner: 0, running: 0 }) }) as DeskDossierPush
      const procedure = procedureOf(push.procedureCode)!
      if (partnerOf(id).kind === 'province') expect(procedure.handledBy).toBe('province')
    }
  })
})

describe('notes', () => {
  test('the pool is Vietnamese, marked as a test, in NFC, and follows from the seed', () => {
    const pool = notePool(3, 40)
    expect(notePool(3, 40)).toEqual(pool)
    expect(notePool(4, 40)).not.toEqual(pool)
    expect(pool.join('\n').split('\n')).toEqual(pool)
    for (const note of pool) {
      expect(note).toMatch(/^Địa chỉ thử: số \d+, khu \d+, /)
      expect(note).toBe(note.normalize('NFC'))
    }
  })

  test('one in a few dozen is a trap; all traps come up', () => {
    const notes = Array.from({ length: 10_000 }, (_, iteration) => noteOf(['x'], drawsOf(1, 'sync', iteration)))
    const trapped = notes.filter((note) => note !== 'x')
    expect(trapped.length).toBeGreaterThan(10_000 / 48)
    expect(trapped.length).toBeLessThan(10_000 / 24)
    expect(new Set(trapped)).toEqual(new Set(TRAPS))
  })

  test('no trap is an attack that a sane rule would block', () => {
    const sane = [/<\s*script/iu, /union\s+(all\s+)?select/iu, /\bselect\b.+\bfrom\b/iu, /\.\.[\\/]/u, /\bdrop\s+table\b/iu, /'\s*or\s*'?1/iu, /<[a-z!/]/iu]
    for (const trap of TRAPS) for (const rule of sane) expect(trap).not.toMatch(rule)
  })
})

describe('draws', () => {
  test('lie in [0, 1) and spread', () => {
    fc.assert(fc.property(fc.integer(), fc.nat(1_000_000), fc.string(), (seed, iteration, name) => {
      const draw = drawsOf(seed, 'scenario', iteration)(name)
      expect(draw).toBeGreaterThanOrEqual(0)
      expect(draw).toBeLessThan(1)
    }))
    const tenths = Array.from({ length: 10 }, () => 0)
    for (let iteration = 0; iteration < 20_000; iteration += 1) tenths[Math.floor(drawsOf(1, 's', iteration)('x') * 10)]! += 1
    for (const count of tenths) expect(Math.abs(count - 2_000)).toBeLessThan(200)
  })

  test('a share of nothing is never picked', () => {
    fc.assert(fc.property(fc.double({ min: 0, max: 0.999_999, noNaN: true }), (draw) => { expect(pickShare({ a: 0, b: 0.5, c: 0 }, draw)).toBe('b') }))
    expect(() => pickShare({}, 0.5)).toThrow(RangeError)
  })
})

test('each cohort of a region reaches the gateway by a name of its own; a named gateway keeps its name, once with the dot of the root', () => {
  expect(load.gateways['central']).toEqual({ kept: 'http://kept.central.gateway.test:8080', reresolve: 'http://reresolve.central.gateway.test:8080' })
  expect(load.hosts['reresolve.central.gateway.test']).toBe('127.64.3.2')
  const staging = loadPlanOf(smallPlan({ ...TARGET, regions: [{ ...TARGET.regions[0]!, gateway: 'https://portal.staging.example/' }] }))
  expect(staging.gateways['north']).toEqual({ kept: 'https://portal.staging.example', reresolve: 'https://portal.staging.example.' })
  expect(staging.hosts).toEqual({})
  const entered = loadPlanOf(smallPlan({ ...TARGET, regions: [{ ...TARGET.regions[0]!, gateway: 'https://portal.staging.example/', entry: { host: '127.0.0.1', port: 41_001 } }] }))
  expect(entered.gateways['north']).toEqual({ kept: 'https://portal.staging.example:443', reresolve: 'https://portal.staging.example:444' })
  expect(entered.entries).toEqual({ north: { 'portal.staging.example': '127.0.0.1:41001' } })
  expect(ALL_FLOWS.length).toBe(load.scenarios.length)
})
