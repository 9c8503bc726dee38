import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { EvidenceRow } from '../../contracts/evidence.ts'
import { addressesOf } from '../embedded/addresses.ts'
import { takeSlot, type Slot } from '../embedded/slot.ts'
import { startDnsAuthority } from './dns/authority.ts'
import { startResolver } from './dns/resolver.ts'
import { startGateway } from './gateway.ts'

const PORTAL = 'portal.dvcqg.test'
const PORT = 8080

let slot: Slot
let open: { close: () => Promise<void> }[]
let gateway: Awaited<ReturnType<typeof startGateway>>
let authority: Awaited<ReturnType<typeof startDnsAuthority>>
let oldAddress: string, newAddress: string, localAddress: string

beforeEach(async () => {
  slot = await takeSlot({ from: 100, to: 119 })
  const { edges, regions } = addressesOf(slot.number)
  oldAddress = edges['edge-old']
  newAddress = edges['edge-new']
  localAddress = regions[0]!.gatewayLocal
  authority = await startDnsAuthority({ id: 'dns-authority', host: '127.0.0.1', port: 0, zone: {
    origin: 'dvcqg.test', nameserver: { name: 'ns1.dvcqg.test', address: '127.0.0.1' }, hosts: [{ name: PORTAL, address: oldAddress, ttlS: 0 }],
  } })
  const resolver = await startResolver({
    id: 'resolver-north', host: '127.0.0.1', port: 0, profile: 'honest', authority: { host: '127.0.0.1', port: authority.port }, time: { now: () => 0, set: (plan) => plan },
  })
  gateway = await startGateway({
    id: 'gateway-north', host: regions[0]!.gateway, port: 0, resolver: { host: '127.0.0.1', port: resolver.port }, portalHost: PORTAL, portalPort: PORT, localAddress,
  })
  open = [gateway, resolver, authority]
})
afterEach(async () => {
  for (const part of open) await part.close()
  await slot.release()
})

/** A server at one of the portal's addresses. */
async function portalAt(host: string, serve: (socket: Socket) => void): Promise<Server> {
  const sockets = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    serve(socket)
  })
  server.listen(PORT, host)
  await once(server, 'listening')
  open.push({ close: async () => {
    for (const socket of sockets) socket.destroy()
    server.close()
  } })
  return server
}

function client(): Socket {
  const socket = connect({ host: addressesOf(slot.number).regions[0]!.gateway, port: gateway.port, allowHalfOpen: true })
  socket.on('error', () => {})
  return socket
}

const switchTo = (address: string) => gateway && authority.admin.control({ action: 'zone.set', name: PORTAL, address })
const rows = () => [...gateway.admin.evidence('final') as Iterable<EvidenceRow>]
const sayName = (name: string) => (socket: Socket) => socket.on('data', (asked) => socket.write(`${name}:${asked}`))
async function askOn(socket: Socket, question: string): Promise<string> {
  socket.write(question)
  const [answer] = await once(socket, 'data') as [Buffer]
  return answer.toString()
}

describe('after a DNS switch', () => {
  test('a new connection reaches the new address, an old one stays where it was', async () => {
    await portalAt(oldAddress, sayName('old'))
    await portalAt(newAddress, sayName('new'))
    const kept = client()
    expect(await askOn(kept, '1')).toBe('old:1')
    switchTo(newAddress)
    const fresh = client()
    expect(await askOn(fresh, '2')).toBe('new:2')
    expect(await askOn(kept, '3')).toBe('old:3')
    expect(rows()).toMatchObject([
      { key: `connections/${oldAddress}`, fields: { total: 1, open: 1 } },
      { key: `connections/${newAddress}`, fields: { total: 1, open: 1 } },
    ])
    kept.destroy()
    fresh.destroy()
  })
})

test('it comes from the region\'s own address', async () => {
  const peers: (string | undefined)[] = []
  await portalAt(oldAddress, (socket) => { peers.push(socket.remoteAddress); socket.end('bye') })
  expect(await text(client())).toBe('bye')
  expect(peers).toEqual([localAddress])
})

test('half-close: the portal answers after the client has ended its side', async () => {
  await portalAt(oldAddress, (socket) => { void text(socket).then((asked) => socket.end(`heard ${asked.length}`)) })
  const socket = client()
  socket.end('x'.repeat(100_000))
  expect(await text(socket)).toBe('heard 100000')
})

test('a slow reader holds the sender back, and every byte arrives', async () => {
  const size = 32 << 20
  let sent = 0
  await portalAt(oldAddress, (socket) => {
    const piece = Buffer.alloc(64 * 1024, 'x')
    const more = () => {
      while (sent < size) { sent += piece.length; if (!socket.write(piece)) { socket.once('drain', more); return } }
      socket.end()
    }
    more()
  })
  const socket = client()
  await once(socket, 'readable')
  // Nothing is read yet: what was sent is what buffers hold, far from all of it.
  expect(sent).toBeLessThan(size)
  let got = 0
  for await (const piece of socket as AsyncIterable<Buffer>) got += piece.length
  expect(got).toBe(size)
})

describe('breaks', () => {
  const broken = async (socket: Socket) => { const [error] = await once(socket, 'error') as [NodeJS.ErrnoException]; return error.code }

  test('a reset by the portal is a reset for the client', async () => {
    await portalAt(oldAddress, (socket) => socket.once('data', () => socket.resetAndDestroy()))
    const socket = client()
    socket.write('hello')
    expect(await broken(socket)).toBe('ECONNRESET')
  })

  test('a reset by the client is a reset for the portal', async () => {
    const { promise, resolve } = Promise.withResolvers<Socket>()
    await portalAt(oldAddress, resolve)
    const socket = client()
    socket.write('hello')
    const portalSide = await promise
    const code = broken(portalSide)
    socket.resetAndDestroy()
    expect(await code).toBe('ECONNRESET')
  })

  test('nobody at the address: reset, and nothing is counted as connected', async () => {
    expect(await broken(client())).toBe('ECONNRESET')
    expect(rows()).toMatchObject([{ fields: { total: 0 } }])
  })

  test('a name without an address: reset, counted as unresolved', async () => {
    await gateway.close()
    const { regions } = addressesOf(slot.number)
    gateway = await startGateway({ id: 'gateway-north', host: regions[0]!.gateway, port: 0, resolver: { host: '127.0.0.1', port: authority.port }, portalHost: 'nobody.dvcqg.test', portalPort: PORT, localAddress })
    open[0] = gateway
    expect(await broken(client())).toBe('ECONNRESET')
    expect(rows()).toMatchObject([{ key: 'connections/unresolved', fields: { total: 1 } }])
  })
})
