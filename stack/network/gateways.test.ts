/** Gateways before a portal that is elsewhere: each region reaches what its own resolver says, at every new connection, and never an address that is not the portal's. */
import { once } from 'node:events'
import { createServer, get } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { IncomingMessage } from 'node:http'
import { serveDns } from './dns/udp-server.ts'
import { RCODE } from './dns/message.ts'
import { startGateways } from './gateways.ts'

const PORTAL = 'portal.staging.test'
const [OLD, NEW, ELSEWHERE] = ['127.0.51.1', '127.0.51.2', '127.0.51.3']

let open: { close: () => unknown }[]
/** What each region's resolver says; null: no such name. */
let says: Record<string, string | null>
let port: number
let gateways: Awaited<ReturnType<typeof startGateways>>

beforeEach(async () => {
  says = { north: OLD, south: OLD }
  open = []
  port = 0
  for (const host of [OLD, NEW, ELSEWHERE]) {
    const server = createServer((request, response) => response.end(`${host} ${request.headers.host}`)).listen(port, host)
    await once(server, 'listening')
    // The portal's port is one, whatever the address.
    port = (server.address() as AddressInfo).port
    open.push({ close: () => { server.closeAllConnections(); server.close() } })
  }
  const regions = await Promise.all(Object.keys(says).map(async (id) => {
    const resolver = await serveDns({ host: '127.0.0.1', port: 0, answer: ({ question }) => {
      const address = question.name === PORTAL ? says[id]! : null
      return address === null ? { rcode: RCODE.NXDOMAIN } : { rcode: RCODE.NOERROR, answers: [{ type: 'A', name: PORTAL, ttl: 1, data: address }] }
    } })
    open.push(resolver)
    return { id, portalPort: port, resolver: { host: '127.0.0.1', port: resolver.port } }
  }))
  gateways = await startGateways({ host: '127.0.0.1', portalHost: PORTAL, regions, only: [OLD, NEW] })
  open.unshift(gateways)
})
afterEach(async () => { for (const part of open) await part.close() })

async function ask(region: string): Promise<string> {
  const request = get({ host: '127.0.0.1', port: gateways.reply.ports[region]!, headers: { host: PORTAL }, agent: false })
  const [response] = await once(request, 'response') as [IncomingMessage]
  return text(response)
}
const rowsOf = async (region: string) => (await (await fetch(`http://127.0.0.1:${gateways.reply.adminPort}/gateway-${region}/evidence?mode=final`)).text()).trim().split('\n').map((line) => JSON.parse(line) as { key?: string; fields?: { total: number } })

test('each region is led by its own resolver, and anew with each connection', async () => {
  expect([await ask('north'), await ask('south')]).toEqual([`${OLD} ${PORTAL}`, `${OLD} ${PORTAL}`])
  says['south'] = NEW
  expect([await ask('north'), await ask('south')]).toEqual([`${OLD} ${PORTAL}`, `${NEW} ${PORTAL}`])
  expect((await rowsOf('south')).filter(({ key }) => key).map(({ key, fields }) => [key, fields!.total])).toEqual([[`connections/${OLD}`, 1], [`connections/${NEW}`, 1]])
})

test.each([['an address that is not the portal\'s', ELSEWHERE], ['no address', null]])('a resolver that gives %s leads nowhere, and the gateway says so', async (_, address) => {
  says['north'] = address
  await expect(ask('north')).rejects.toThrow(/ECONNRESET|socket hang up/)
  expect(await rowsOf('north')).toContainEqual(expect.objectContaining({ key: 'connections/unresolved', fields: { total: 1, open: 0 } }))
  expect(await ask('south')).toBe(`${OLD} ${PORTAL}`)
})
