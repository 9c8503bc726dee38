/** Unbound in its three profiles in front of Knot, in real seconds at a time scale of 140: 1,800 s go out as 5 s, 60 s as 1 s, a floor of 300 s as 2 s. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ResolverProfileName } from '../../network/dns/resolver-profiles.ts'
import { RCODE, rcodeOf } from '../../network/dns/message.ts'
import { createDnsClient, type DnsClient } from '../../network/dns/udp-client.ts'
import { authoritySpec } from '../authority/spec.ts'
import { describeWithDocker } from '../testing/docker-answers.ts'
import { startPart, type StartedPart } from '../testing/start-part.ts'
import { resolverSpec } from './spec.ts'

const PORTAL = 'portal.dvcqg.test'
const [OLD, NEW] = ['10.160.2.2', '10.160.2.1']
const PROFILES = ['honest', 'ttl-floor', 'serve-stale'] as const

describeWithDocker('resolvers', () => {
  let authority: StartedPart
  let resolvers: Record<ResolverProfileName, StartedPart>
  let dns: DnsClient

  beforeAll(async () => {
    dns = await createDnsClient({ localAddress: '0.0.0.0', recursionDesired: true, timeoutMs: 3_000, attempts: 1 })
    authority = await startPart(authoritySpec({ id: 'dns-authority', timeScale: 140, zone: { origin: 'dvcqg.test', nameserver: { name: 'ns1.dvcqg.test', address: '10.160.2.9' }, hosts: [{ name: PORTAL, address: OLD, ttlS: 1_800 }] } }, []))
    const started = await Promise.all(PROFILES.map(async (profile) =>
      [profile, await startPart(resolverSpec({ id: `resolver-${profile}`, profile, zone: 'dvcqg.test', authority: { host: authority.host }, timeScale: 140 }, []))] as const))
    resolvers = Object.fromEntries(started) as Record<ResolverProfileName, StartedPart>
  }, 300_000)
  afterAll(async () => {
    await dns?.close()
    await Promise.all([authority, ...Object.values(resolvers ?? {})].map((part) => part?.close()))
  })

  async function ask(profile: ResolverProfileName, name = PORTAL, type = 'A') {
    const packet = await dns.ask({ host: resolvers[profile].host, port: 53 }, { type: type as 'A', name })
    const record = (packet.answers ?? []).find((answer) => answer.type === type) as { data: string; ttl: number } | undefined
    return { rcode: rcodeOf(packet), address: record?.data ?? null, ttlS: record?.ttl ?? null }
  }
  /** Seconds until the resolver answers the address; bounded by the test's own time limit. */
  async function until(profile: ResolverProfileName, address: string): Promise<number> {
    const began = performance.now()
    while ((await ask(profile)).address !== address) await sleep(50)
    return (performance.now() - began) / 1_000
  }
  const setZone = (change: object) => authority.control({ action: 'zone.set', name: PORTAL, ...change })
  const flushAll = () => Promise.all(PROFILES.map((profile) => resolvers[profile].control({ action: 'resolver.flush' })))

  test('a name of the zone is answered with what is left of its TTL, others are refused', async () => {
    await flushAll()
    expect(await ask('honest')).toEqual({ rcode: RCODE.NOERROR, address: OLD, ttlS: 5 })
    expect(await ask('honest', 'nobody.dvcqg.test')).toMatchObject({ rcode: RCODE.NXDOMAIN })
    expect(await ask('honest', PORTAL, 'AAAA')).toMatchObject({ rcode: RCODE.NOERROR, address: null })
    expect(await ask('honest', 'example.com')).toMatchObject({ rcode: RCODE.REFUSED })
  })

  test('honest keeps what it has to the end of its TTL, a floor stretches a short one', async () => {
    await setZone({ address: OLD, ttlS: 60 })
    await flushAll()
    expect((await ask('honest')).ttlS).toBe(1)
    expect((await ask('ttl-floor')).ttlS).toBe(2)
    await setZone({ address: NEW })
    const waited = await Promise.all([until('honest', NEW), until('ttl-floor', NEW)])
    expect(waited[0]).toBeLessThan(2)
    expect(waited[1]).toBeGreaterThan(waited[0])
    expect(waited[1]).toBeLessThan(4)
  })

  test('serve-stale answers what is over at once, and asks behind it', async () => {
    await setZone({ address: OLD, ttlS: 60 })
    await flushAll()
    await Promise.all([ask('serve-stale'), ask('honest')])
    await setZone({ address: NEW })
    await sleep(2_100)
    expect(await ask('honest')).toMatchObject({ address: NEW })
    expect(await ask('serve-stale')).toMatchObject({ address: OLD, ttlS: 1 })
    await until('serve-stale', NEW)
  })

  test('a pin holds whatever the authority says, only for addresses, and ends with its release', async () => {
    await setZone({ address: NEW, ttlS: 60 })
    await resolvers.honest.control({ action: 'resolver.pin', name: PORTAL, address: OLD })
    expect(await ask('honest')).toEqual({ rcode: RCODE.NOERROR, address: OLD, ttlS: 1 })
    await sleep(2_100)
    expect(await ask('honest')).toMatchObject({ address: OLD })
    expect(await ask('honest', PORTAL, 'AAAA')).toMatchObject({ rcode: RCODE.NOERROR, address: null })
    expect(await resolvers.honest.control({ action: 'resolver.pin', name: PORTAL })).toEqual({ name: PORTAL, address: null })
    expect(await ask('honest')).toMatchObject({ address: NEW })
  })

  test('a stale cache outlasts the switch by its own TTL, and a flush takes it away', async () => {
    await setZone({ address: NEW, ttlS: 60 })
    await resolvers.honest.control({ action: 'resolver.stale', name: PORTAL, address: OLD, ttlS: 1_800 })
    expect(await ask('honest')).toEqual({ rcode: RCODE.NOERROR, address: OLD, ttlS: 13 })
    await resolvers.honest.control({ action: 'resolver.flush' })
    expect(await ask('honest')).toMatchObject({ address: NEW })
    await resolvers.honest.control({ action: 'resolver.stale', name: PORTAL, address: OLD, ttlS: 280 })
    expect(await until('honest', NEW)).toBeGreaterThan(1)
  })

  test('a restart empties the cache', async () => {
    await resolvers.honest.control({ action: 'resolver.stale', name: PORTAL, address: OLD, ttlS: 100_000 })
    await resolvers.honest.restart()
    expect(await ask('honest')).toMatchObject({ address: NEW })
  })

  test('what would end a line for Unbound, or is no name of the zone, is refused', async () => {
    for (const body of [
      { action: 'resolver.pin', name: 'x.dvcqg.test\nreload', address: OLD }, { action: 'resolver.pin', name: 'portal.other.test', address: OLD }, { action: 'resolver.pin', name: PORTAL, address: 'nowhere' },
      { action: 'resolver.stale', name: PORTAL, address: '10.0.0.1 IN A', ttlS: 60 },
    ]) await expect(resolvers.honest.control(body), JSON.stringify(body)).rejects.toThrow(/40|50/)
    await expect(resolvers.honest.control({ action: 'publish' })).rejects.toThrow('CONTROL_UNKNOWN')
  })

  test('it says how many it has answered, what it costs, and that nothing is left undone', async () => {
    const before = await resolvers.honest.get('/stats') as { served: number }
    for (let n = 0; n < 10; n += 1) await ask('honest')
    expect(await resolvers.honest.get('/stats')).toMatchObject({ system: 'resolver-honest', served: before.served + 10, cpuMs: expect.any(Number) })
    expect(await resolvers.honest.get('/pending')).toEqual({ pending: 0 })
  })

  test('without an authority honest fails, serve-stale still answers', async () => {
    await Promise.all([ask('honest'), ask('serve-stale')])
    await authority.stop()
    await sleep(2_100)
    expect(await ask('serve-stale')).toMatchObject({ rcode: RCODE.NOERROR })
    await expect(ask('honest').then(({ rcode }) => rcode, () => RCODE.SERVFAIL)).resolves.toBe(RCODE.SERVFAIL)
  })

  test('another time scale changes what the profile means in seconds', async () => {
    await authority.start()
    await resolvers['ttl-floor'].control({ action: 'clock', startedAtMs: 0, scenarioStartMs: 0, timeScale: 60 })
    await resolvers['ttl-floor'].control({ action: 'resolver.flush' })
    expect((await ask('ttl-floor')).ttlS).toBe(5)
  })
})
