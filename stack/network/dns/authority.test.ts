import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import dnsPacket, { type DecodedPacket } from 'dns-packet'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startDnsAuthority } from './authority.ts'
import { RCODE, rcodeOf } from './message.ts'
import { createDnsClient, type DnsClient } from './udp-client.ts'

const ZONE = {
  origin: 'dvcqg.test', nameserver: { name: 'ns1.dvcqg.test', address: '127.0.0.1' },
  hosts: [{ name: 'portal.dvcqg.test', address: '127.100.2.2', ttlS: 3_600 }, { name: 'a.deep.dvcqg.test', address: '::1', ttlS: 60 }],
}

let authority: Awaited<ReturnType<typeof startDnsAuthority>>
let client: DnsClient
const ask = (type: string, name: string): Promise<DecodedPacket> => client.ask({ host: '127.0.0.1', port: authority.port }, { type: type as 'A', name })

beforeAll(async () => {
  authority = await startDnsAuthority({ id: 'dns-authority', host: '127.0.0.1', port: 0, zone: ZONE })
  client = await createDnsClient({ localAddress: '127.0.0.1' })
})
afterAll(async () => { await client.close(); await authority.close() })

describe('answers', () => {
  test.each([
    { type: 'A', name: 'portal.dvcqg.test', data: '127.100.2.2', ttl: 3_600 },
    { type: 'A', name: 'PORTAL.dvcqg.TEST', data: '127.100.2.2', ttl: 3_600 },
    { type: 'AAAA', name: 'a.deep.dvcqg.test', data: '::1', ttl: 60 },
    { type: 'NS', name: 'dvcqg.test', data: 'ns1.dvcqg.test', ttl: 86_400 },
  ])('$type $name', async ({ type, name, data, ttl }) => {
    const packet = await ask(type, name)
    expect(packet.flag_aa).toBe(true)
    expect(packet.answers).toMatchObject([{ type, data, ttl }])
  })

  test.each([
    { case: 'a name that is not there', type: 'A', name: 'nobody.dvcqg.test', rcode: RCODE.NXDOMAIN },
    { case: 'a type that the name has not', type: 'AAAA', name: 'portal.dvcqg.test', rcode: RCODE.NOERROR },
    { case: 'an empty name above a host', type: 'A', name: 'deep.dvcqg.test', rcode: RCODE.NOERROR },
  ])('$case: no answer, with the SOA', async ({ type, name, rcode }) => {
    const packet = await ask(type, name)
    expect(rcodeOf(packet)).toBe(rcode)
    expect(packet.answers).toEqual([])
    expect(packet.authorities).toMatchObject([{ type: 'SOA', name: 'dvcqg.test', data: { mname: 'ns1.dvcqg.test' } }])
  })

  test('another zone is refused', async () => {
    expect(rcodeOf(await ask('A', 'portal.other.test'))).toBe(RCODE.REFUSED)
    expect(rcodeOf(await ask('A', 'notdvcqg.test'))).toBe(RCODE.REFUSED)
  })

  test('EDNS is answered with EDNS, garbage is dropped and the next question still answered', async () => {
    const socket = createSocket('udp4')
    socket.send(Buffer.from('no DNS at all'), authority.port, '127.0.0.1')
    socket.send(dnsPacket.encode({ type: 'query', id: 7, questions: [{ type: 'A', name: 'portal.dvcqg.test' }], additionals: [{ type: 'OPT', name: '.', udpPayloadSize: 4096, extendedRcode: 0, ednsVersion: 0, flags: 0, flag_do: false, options: [] }] }), authority.port, '127.0.0.1')
    const [bytes] = await once(socket, 'message') as [Buffer]
    socket.close()
    const packet = dnsPacket.decode(bytes)
    expect(packet.id).toBe(7)
    expect(packet.additionals).toMatchObject([{ type: 'OPT' }])
  })
})

describe('zone', () => {
  const control = (body: object) => authority.admin.control(body as never) as { address: string; ttlS: number; serial: number }
  const serial = async () => ((await ask('SOA', 'dvcqg.test')).answers![0] as { data: { serial: number } }).data.serial

  test('the serial grows with a change and only then', async () => {
    const before = await serial()
    control({ action: 'zone.set', name: 'portal.dvcqg.test', ttlS: 60 })
    expect(await serial()).toBe(before + 1)
    control({ action: 'zone.set', name: 'portal.dvcqg.test', ttlS: 60 })
    expect(await serial()).toBe(before + 1)
    control({ action: 'zone.set', name: 'portal.dvcqg.test', address: '127.100.2.1' })
    expect(await serial()).toBe(before + 2)
    expect((await ask('A', 'portal.dvcqg.test')).answers).toMatchObject([{ data: '127.100.2.1', ttl: 60 }])
    expect(control({ action: 'zone.get', name: 'portal.dvcqg.test' })).toEqual({ name: 'portal.dvcqg.test', address: '127.100.2.1', ttlS: 60, serial: before + 2 })
  })

  test.each([
    [{ action: 'zone.set', name: 'portal.dvcqg.test', address: 'nowhere' }, /no IP address/],
    [{ action: 'zone.set', name: 'portal.dvcqg.test', ttlS: 0.5 }, /whole number of seconds/],
    [{ action: 'zone.set', name: 'portal.other.test', address: '127.0.0.1' }, /does not belong to the zone/],
    [{ action: 'zone.set', name: 'new.dvcqg.test', ttlS: 60 }, /needs an address/],
    [{ action: 'zone.get', name: 'nobody.dvcqg.test' }, /not in the zone/],
  ])('%j is refused and changes nothing', async (body, message) => {
    const before = await serial()
    expect(() => control(body)).toThrow(message)
    expect(await serial()).toBe(before)
  })
})
