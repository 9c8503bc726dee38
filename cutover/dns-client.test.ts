/** Real queries over UDP against a small server that speaks DNS with dns-packet. */
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { AUTHORITATIVE_ANSWER, decode, encode, type Packet } from 'dns-packet'
import { afterEach, describe, expect, it } from 'vitest'
import { InputError } from '../contracts/error.ts'
import { askResolver, createDnsClient } from './dns-client.ts'
import { TARGET } from './engine/stage.ts'

const open: Socket[] = []
afterEach(async () => { await Promise.all(open.splice(0).map((socket) => new Promise<void>((closed) => socket.close(() => closed())))) })

async function serve(reply: (query: Packet, send: (packet: Packet | Buffer) => void) => void): Promise<number> {
  const socket = createSocket('udp4')
  open.push(socket)
  socket.on('message', (message, { port, address }) => reply(decode(message), (packet) => socket.send(Buffer.isBuffer(packet) ? packet : encode(packet), port, address)))
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return socket.address().port
}
const NAME = 'portal.dvcqg.test'
const answer = (query: Packet, address: string, ttl = 60): Packet => ({ type: 'response', id: query.id, flags: AUTHORITATIVE_ANSWER, questions: query.questions!, answers: [{ type: 'A', name: NAME, ttl, data: address }] })
const ask = (port: number, timeoutMs = 2_000) => askResolver({ host: '127.0.0.1', port, name: NAME, timeoutMs })

describe('askResolver', () => {
  it('gives address and TTL, zero included', async () => {
    const port = await serve((query, send) => send(answer(query, '127.9.2.1', 0)))
    expect(await ask(port)).toEqual({ rcode: 'NOERROR', address: '127.9.2.1', ttlS: 0 })
  })
  it('gives the code of an answer without an address', async () => {
    const port = await serve((query, send) => send({ type: 'response', id: query.id, flags: 3, questions: query.questions! }))
    expect(await ask(port)).toEqual({ rcode: 'NXDOMAIN', address: null, ttlS: null })
  })
  it('passes over answers that are not to this question', async () => {
    const port = await serve((query, send) => {
      send(Buffer.from('noise'))
      send({ ...answer(query, '10.0.0.1'), id: (query.id! + 1) % 65_536 })
      send({ ...answer(query, '10.0.0.2'), questions: [{ type: 'A', name: 'other.test' }] })
      send(answer(query, '127.9.2.2'))
    })
    expect((await ask(port))!.address).toBe('127.9.2.2')
  })
  it('gives null where nothing fitting comes in time, and where nobody listens', async () => {
    expect(await ask(await serve(() => {}), 50)).toBeNull()
    const port = await serve(() => {})
    await new Promise<void>((closed) => open.pop()!.close(() => closed()))
    expect(await ask(port, 500)).toBeNull()
  })
})

describe('createDnsClient', () => {
  it('asks the region\'s own resolver', async () => {
    const north = await serve((query, send) => send(answer(query, '127.9.2.1')))
    const south = await serve((query, send) => send(answer(query, '127.9.2.2')))
    const regions = [north, south].map((port, at) => ({ ...TARGET.regions[at]!, resolver: { host: '127.0.0.1', port, profile: 'honest' as const } }))
    const client = createDnsClient({ target: { ...TARGET, regions } })
    expect((await client.ask('north', NAME))!.address).toBe('127.9.2.1')
    expect((await client.ask('south', NAME))!.address).toBe('127.9.2.2')
  })
  it('refuses a resolver that the target does not allow', () => {
    const regions = [{ ...TARGET.regions[0]!, resolver: { host: '192.0.2.53', port: 53, profile: 'honest' as const } }]
    expect(() => createDnsClient({ target: { ...TARGET, regions } })).toThrow(InputError)
  })
})
