import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDnsClient, type DnsClient } from '../../network/dns/udp-client.ts'
import { RCODE, rcodeOf } from '../../network/dns/message.ts'
import { describeWithDocker } from '../testing/docker-answers.ts'
import { startPart, type StartedPart } from '../testing/start-part.ts'
import { authoritySpec } from './spec.ts'

const PORTAL = 'portal.dvcqg.test'

describeWithDocker('Knot as the authority', () => {
  let authority: StartedPart
  let dns: DnsClient
  beforeAll(async () => {
    dns = await createDnsClient({ localAddress: '0.0.0.0', timeoutMs: 3_000, attempts: 1 })
    authority = await startPart(authoritySpec({ id: 'dns-authority', timeScale: 140, zone: {
      origin: 'dvcqg.test', nameserver: { name: 'ns1.dvcqg.test', address: '10.160.2.9' }, hosts: [{ name: PORTAL, address: '10.160.2.2', ttlS: 1_800 }],
    } }, []))
  }, 300_000)
  afterAll(async () => { await dns?.close(); await authority?.close() })

  const ask = (type: string, name: string) => dns.ask({ host: authority.host, port: 53 }, { type: type as 'A', name })
  const serial = async () => ((await ask('SOA', 'dvcqg.test')).answers![0] as { data: { serial: number } }).data.serial
  const control = (body: object) => authority.control(body)

  test('the zone is served, with authority, and no other', async () => {
    const packet = await ask('A', PORTAL)
    expect(packet.flag_aa).toBe(true)
    expect(packet.answers).toMatchObject([{ data: '10.160.2.2', ttl: 5 }])
    expect((await ask('NS', 'dvcqg.test')).answers).toMatchObject([{ data: 'ns1.dvcqg.test', ttl: 86_400 }])
    const nobody = await ask('A', 'nobody.dvcqg.test')
    expect([rcodeOf(nobody), nobody.authorities]).toMatchObject([RCODE.NXDOMAIN, [{ type: 'SOA' }]])
    expect(rcodeOf(await ask('A', 'portal.other.test'))).toBe(RCODE.REFUSED)
  })

  test('the serial grows with a change and only then; what is answered is what is served', async () => {
    const before = await serial()
    expect(await control({ action: 'zone.set', name: PORTAL, ttlS: 60 })).toEqual({ name: PORTAL, address: '10.160.2.2', ttlS: 60, wireTtlS: 1, serial: before + 1 })
    expect(await serial()).toBe(before + 1)
    expect((await ask('A', PORTAL)).answers).toMatchObject([{ data: '10.160.2.2', ttl: 1 }])
    await control({ action: 'zone.set', name: PORTAL, ttlS: 60 })
    expect(await serial()).toBe(before + 1)
    expect(await control({ action: 'zone.set', name: PORTAL.toUpperCase(), address: '10.160.2.1' })).toMatchObject({ address: '10.160.2.1', serial: before + 2 })
    expect((await ask('A', PORTAL)).answers).toMatchObject([{ data: '10.160.2.1' }])
    await control({ action: 'zone.set', name: 'new.dvcqg.test', address: '10.160.2.7', ttlS: 300 })
    expect((await ask('A', 'new.dvcqg.test')).answers).toMatchObject([{ data: '10.160.2.7', ttl: 2 }])
  })

  test('changes that come at once are all made', async () => {
    const before = await serial()
    await Promise.all([1, 2, 3, 4].map((n) => control({ action: 'zone.set', name: `n${n}.dvcqg.test`, address: `10.160.2.${n}`, ttlS: 60 })))
    expect(await serial()).toBe(before + 4)
  })

  test.each([
    [{ action: 'zone.set', name: PORTAL, address: 'nowhere' }, /no IP address/],
    [{ action: 'zone.set', name: PORTAL, ttlS: 0.5 }, /whole number of seconds/],
    [{ action: 'zone.set', name: 'portal.other.test', address: '10.0.0.1' }, /does not belong to the zone/],
    [{ action: 'zone.set', name: 'a b.dvcqg.test', address: '10.0.0.1' }, /does not belong to the zone/],
    [{ action: 'zone.set', name: 'yet.dvcqg.test', ttlS: 60 }, /needs an address/],
    [{ action: 'zone.get', name: 'nobody.dvcqg.test' }, /not in the zone/],
  ])('%j is refused and changes nothing', async (body, message) => {
    const before = await serial()
    await expect(control(body)).rejects.toThrow(message)
    expect(await serial()).toBe(before)
  })

  test('evidence: a record each, with its nominal TTL', async () => {
    await control({ action: 'zone.set', name: PORTAL, address: '10.160.2.1', ttlS: 60 })
    const rows = await authority.evidence()
    expect(rows.find(({ key }) => key === `record/${PORTAL}`)).toMatchObject({ status: '10.160.2.1', fields: { name: PORTAL, ttlS: 60, serial: await serial() } })
    expect(rows.some(({ key }) => key === 'record/ns1.dvcqg.test')).toBe(true)
  })

  test('another time scale gives the same nominal TTL out as another real one', async () => {
    await control({ action: 'clock', startedAtMs: 0, scenarioStartMs: 0, timeScale: 20 })
    expect(await control({ action: 'zone.get', name: PORTAL })).toMatchObject({ ttlS: 60, wireTtlS: 3 })
    expect((await ask('A', PORTAL)).answers).toMatchObject([{ ttl: 3 }])
  })

  test('it counts what it answered, and a restart keeps the zone', async () => {
    const { served } = await authority.get('/stats') as { served: number }
    for (let n = 0; n < 5; n += 1) await ask('A', PORTAL)
    expect((await authority.get('/stats') as { served: number }).served).toBeGreaterThanOrEqual(served + 5)
    const before = await control({ action: 'zone.get', name: PORTAL })
    await authority.restart()
    expect(await control({ action: 'zone.get', name: PORTAL })).toEqual(before)
    expect((await ask('A', PORTAL)).answers).toMatchObject([{ data: '10.160.2.1', ttl: 3 }])
  })

  test('its container ends with the reason when Knot ends', async () => {
    await authority.exec(['sh', '-c', 'kill -9 $(pidof knotd)'])
    expect(await authority.ended()).toBe(1)
    expect(await authority.logs()).toMatch(/knotd ended by itself \(SIGKILL\)/)
  })
})
