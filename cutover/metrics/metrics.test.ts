/** Each metric where it gives a value and where it must give null; the portals' modes by real HTTP servers. */
import { createServer, type Server } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import type { OperationLine } from '../../contracts/operation.ts'
import type { Target } from '../../contracts/target.ts'
import { evaluate } from '../conditions.ts'
import { createStage, runbookOf, TARGET } from '../engine/stage.ts'
import { LiveHistory } from '../live-history.ts'
import type { Night } from '../night.ts'
import type { AdminPort, CutoverPorts, DnsAnswer } from '../ports.ts'
import { newNightState } from '../state.ts'
import { METRICS } from './index.ts'

const servers: Server[] = []
afterEach(async () => { await Promise.all(servers.splice(0).map((server) => new Promise((closed) => { server.closeAllConnections(); server.close(closed) }))) })

function nightOf(ports: Partial<CutoverPorts> = {}, target: Target = TARGET): Night {
  const partners = [['justice', 1, 5], ['health', 1, 3], ['ha-noi', 2, 4], ['ca-mau', 3, 2]] as const
  return {
    state: newNightState(), ports: { ...createStage().ports, ...ports },
    plan: {
      runbook: runbookOf([{ id: 'a', do: { 'night.close': {} } }]), target,
      partners: partners.map(([id, wave, expected]) => ({ id, wave, expected, unitCode: 'G01', title: { vi: id, en: id }, mode: id === 'ca-mau' ? 'absent' as const : 'simulated' as const, outstanding: 0 })),
    },
  }
}
const measure = (night: Night, id: string, argument?: string) => METRICS.get(id)!.measure(night, argument)

describe('DNS', () => {
  const asking = (answers: Record<string, DnsAnswer | null>) => nightOf({ dns: { ask: async (region) => answers[region] ?? null } })
  const answer = (address: string | null, ttlS: number | null = 30): DnsAnswer => ({ rcode: 'NOERROR', address, ttlS })
  it.each([
    { what: 'one of two', answers: { north: answer('127.0.0.3'), south: answer('127.0.0.2') }, converged: 0.5, ttl: 30_000 },
    { what: 'all', answers: { north: answer('127.0.0.3', 60), south: answer('127.0.0.3', 300) }, converged: 1, ttl: 300_000 },
    { what: 'a region that is silent', answers: { north: answer('127.0.0.3'), south: null }, converged: null, ttl: null },
    { what: 'a region without the name', answers: { north: answer('127.0.0.3'), south: answer(null, null) }, converged: null, ttl: null },
  ])('$what', async ({ answers, converged, ttl }) => {
    expect(await measure(asking(answers), 'dns.converged', 'all')).toBe(converged)
    expect(await measure(asking(answers), 'dns.ttl', 'all')).toBe(ttl)
    expect(await measure(asking(answers), 'dns.converged', 'north')).toBe(1)
  })
  it.each([
    { what: 'at most the TTL that goes out now: the nominal one is in force', held: { north: 1, south: 0 }, ttl: 60_000, below: true },
    { what: 'one longer: a cache still holds the TTL of before, and counts by what is left of it', held: { north: 1, south: 4 }, ttl: 560_000, below: false },
  ])('in real seconds, $what', async ({ held, ttl, below }) => {
    const ports = createStage({ timeScale: 140 }).ports
    const authority: AdminPort = { ...ports.admin('dns-authority'), control: async () => ({ ttlS: 60, wireTtlS: 1, address: '127.0.0.2', serial: 2 }) }
    const night = nightOf({ admin: (id) => id === 'dns-authority' ? authority : ports.admin(id), dns: { ask: async (region) => answer('127.0.0.2', held[region as 'north' | 'south']) } })
    expect(await measure(night, 'dns.ttl', 'all')).toBe(ttl)
    expect((await measure(night, 'dns.ttl', 'all'))! <= 300_000).toBe(below)
  })
  it('of a target whose authority cannot be asked, the answers are taken as they are', async () => {
    const target: Target = { ...TARGET, systems: TARGET.systems.filter(({ role }) => role !== 'dns-authority') }
    expect(await measure(nightOf({ dns: { ask: async () => answer('127.0.0.2', 45) } }, target), 'dns.ttl', 'all')).toBe(45_000)
  })
  it('what the authority publishes', async () => {
    const { ports, world } = createStage()
    expect([await measure(nightOf(ports), 'dns.publishedTtl'), await measure(nightOf(ports), 'dns.switched')]).toEqual([3_600_000, 0])
    world.address = TARGET.addresses.new
    expect(await measure(nightOf(ports), 'dns.switched')).toBe(1)
  })
})

describe('modes of the portals', () => {
  async function serving(status: number, code: string | null): Promise<Target> {
    const server = createServer((_request, response) => { response.statusCode = status; response.end(code ? JSON.stringify({ error: { code } }) : 'plain') }).listen(0, '127.0.0.1')
    servers.push(server)
    await once(server, 'listening')
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    return { ...TARGET, systems: TARGET.systems.map((system) => system.role === 'portal' || system.role === 'legacy' ? { ...system, url } : system) }
  }
  it.each([
    { status: 503, code: 'PORTAL_FROZEN', frozen: 1, open: 0 }, { status: 503, code: 'PORTAL_CLOSED', frozen: 0, open: 0 },
    { status: 401, code: 'UNAUTHENTICATED', frozen: 0, open: 1 }, { status: 200, code: null, frozen: 0, open: 1 }, { status: 500, code: null, frozen: 0, open: null },
  ])('$status $code: frozen $frozen, open $open', async ({ status, code, frozen, open }) => {
    const night = nightOf({}, await serving(status, code))
    expect(await measure(night, 'legacy.frozen')).toBe(frozen)
    expect(await measure(night, 'portal.open')).toBe(open)
  })
  it('null where nobody listens', async () => {
    const target = { ...TARGET, systems: TARGET.systems.map((system) => system.role === 'portal' || system.role === 'legacy' ? { ...system, url: 'http://127.0.0.1:1' } : system) }
    expect(await measure(nightOf({}, target), 'legacy.frozen')).toBeNull()
    expect(await measure(nightOf({}, target), 'portal.open')).toBeNull()
  })
})

describe('rates of the history', () => {
  it('are ratios over the window or since the switch, and null with too few samples', async () => {
    const asked: number[] = []
    const { ports, clock } = createStage()
    const counts = { ok: 98, fail: 1, info: 1 }
    const night = nightOf({ ...ports, live: { ...ports.live, counts: ({ since }) => { asked.push(since); return counts } } })
    expect(await measure(night, 'portal.errorRate')).toBe(0.02)
    expect(await measure(night, 'portal.errorRate', 'since-switch')).toBeNull()
    night.state.switchedAt = 42
    expect(await measure(night, 'portal.errorRate', 'since-switch')).toBe(0.02)
    expect(asked).toEqual([clock.nowMs() - 10_000, 42])
    Object.assign(counts, { ok: 3, fail: 1, info: 0 })
    expect(await measure(night, 'sync.errorRate')).toBeNull()
  })
  it('p95 is null with too few samples, load.rate is not', async () => {
    const { ports } = createStage()
    const night = (samples: number) => nightOf({ ...ports, live: { ...ports.live, latencyMs: () => ({ value: 120, samples }) } })
    expect(await measure(night(5), 'portal.submit.p95')).toBe(120)
    expect(await measure(night(4), 'portal.submit.p95')).toBeNull()
    expect(await measure(night(0), 'load.rate')).toBe(0)
  })
})

describe('partners', () => {
  const acknowledging = (counts: Record<string, number>, unknown: Record<string, string[]> = {}, evidence: AdminPort['evidence'] = async function* () { yield [] }) => {
    const { ports } = createStage()
    return nightOf({
      ...ports, admin: (id) => ({ ...ports.admin(id), evidence }),
      live: { ...ports.live, pushesOf: (partner) => ({ acknowledged: counts[partner] ?? 0, unknown: new Set(unknown[partner] ?? []) }) },
    })
  }
  it('sync.pending is what is expected less what was acknowledged; absent partners are not waited for', async () => {
    const night = acknowledging({ 'justice': 5, 'health': 1 })
    expect(await measure(night, 'sync.pending', 'all')).toBe(6)
    expect(await measure(night, 'sync.pending', 'wave-1')).toBe(2)
    expect(await measure(night, 'sync.pending', 'ha-noi')).toBe(4)
    expect(await measure(night, 'sync.pending', 'wave-9')).toBeNull()
  })
  it('an unknown push counts as acknowledged only by the partner\'s own record', async () => {
    const rows = [['a', 'acknowledged'], ['b', 'unknown'], ['c', 'acknowledged']].map(([op, sync]) => JSON.stringify({ key: `dossier/${op}`, op, fields: { sync }, seenAt: 1 }))
    let reads = 0
    const night = acknowledging({ justice: 3, health: 3, 'ha-noi': 4 }, { justice: ['a', 'b'] }, async function* () { reads += 1; yield rows })
    expect(await measure(night, 'sync.pending')).toBe(1)
    expect(await measure(night, 'sync.pending')).toBe(1)
    expect(reads).toBe(1)
  })
  it('partners.connected is the share of the wave', async () => {
    const night = nightOf()
    night.state.connected.add('justice')
    expect(await measure(night, 'partners.connected', 'wave-1')).toBe(0.5)
    expect(await measure(night, 'partners.connected', 'wave-9')).toBeNull()
  })
})

it('what the night has not done yet is not measurable', async () => {
  const night = nightOf()
  for (const id of ['migration.copied', 'migration.remaining', 'migration.compared', 'migration.mismatches', 'catalogue.published', 'steady.heldFor']) {
    expect([id, await measure(night, id)]).toEqual([id, null])
  }
})

it('evaluate gives null, not an exception, where a system cannot be asked', async () => {
  const { ports } = createStage()
  const night = nightOf({ ...ports, admin: () => { throw new Error('gone') } })
  expect(await evaluate(['dns.switched == 1', 'load.rate >= 0'], night)).toEqual([
    { condition: 'dns.switched == 1', observed: null, held: null }, { condition: 'load.rate >= 0', observed: 0, held: true },
  ])
})

it('the live history of real lines answers a metric end to end', async () => {
  const history = new LiveHistory([])
  expect(history.counts({ kinds: ['login' satisfies OperationLine['kind']], since: 0 })).toEqual({ ok: 0, fail: 0, info: 0 })
  expect(await measure(nightOf({ live: history }), 'portal.login.errorRate')).toBeNull()
})
