/** Names of a target before the start: the portal's by every region's own resolver where citizens reach it by name, all others by this machine's. Real DNS questions on loopback. */
import { afterEach, expect, it } from 'vitest'
import type { InputError } from '../../contracts/error.ts'
import { Target } from '../../contracts/target.ts'
import { RCODE } from '../../stack/network/dns/message.ts'
import { serveDns } from '../../stack/network/dns/udp-server.ts'
import { pinHosts } from './pin-hosts.ts'
import { isByName } from './regional-entries.ts'

const NAME = 'portal.staging.test'
const cleanUps: (() => unknown)[] = []
afterEach(async () => { for (const cleanUp of cleanUps.splice(0)) await cleanUp() })

async function resolver(address: string | null, silentFirst = 0): Promise<{ host: string; port: number; profile: 'honest'; asked: () => string[] }> {
  const asked: string[] = []
  const server = await serveDns({ host: '127.0.0.1', port: 0, answer: ({ question }) => {
    asked.push(question.name)
    if (asked.length <= silentFirst) return new Promise(() => {})
    return address === null ? { rcode: RCODE.NXDOMAIN } : { rcode: RCODE.NOERROR, answers: [{ type: 'A', name: question.name, ttl: 1, data: address }] }
  } })
  cleanUps.push(() => server.close())
  return { host: '127.0.0.1', port: server.port, profile: 'honest', asked: () => asked }
}

function target(regions: [string, string, Awaited<ReturnType<typeof resolver>>][], changes: object = {}): Target {
  return Target.parse({
    version: 1, name: 'staging', kind: 'foreign', allow: ['127.0.0.0/8', NAME, 'localhost', 'nowhere.invalid'], portalHost: NAME, addresses: { old: '127.0.1.1', new: '127.0.1.2' },
    regions: regions.map(([id, gateway, { host, port, profile }]) => ({ id, gateway, resolver: { host, port, profile } })),
    systems: [{ id: 'portal', role: 'portal', mode: 'real', unit: 'portal-operator', url: 'http://127.0.1.2' }], ...changes,
  })
}
const problemsOf = (given: Target) => pinHosts(given, 'staging.yaml').then(() => [], (error: InputError) => error.problems.map(({ code, what }) => `${code} ${what}`))

it('every region\'s resolver is asked for the portal, and nobody else; its two addresses count beside what they say', async () => {
  const [north, south] = [await resolver('127.0.1.1'), await resolver('127.0.1.9')]
  const pinned = await pinHosts(target([['north', `http://${NAME}:8080`, north], ['south', `http://${NAME}:8080`, south]]), 'staging.yaml')
  expect(pinned.pinned).toEqual({ [NAME]: ['127.0.1.1', '127.0.1.9', '127.0.1.2'] })
  expect([north.asked(), south.asked()]).toEqual([[NAME], [NAME]])
})

it('a question that is lost on the way is asked again', async () => {
  const lossy = await resolver('127.0.1.1', 1)
  expect((await pinHosts(target([['north', `http://${NAME}`, lossy]]), 'x')).pinned![NAME]).toContain('127.0.1.1')
  expect(lossy.asked()).toHaveLength(2)
})

it('regions whose resolver does not know it, or does not answer, are named all at once', async () => {
  const [north, south] = [await resolver(null), await resolver('127.0.1.1', 99)]
  expect(await problemsOf(target([['north', `http://${NAME}`, north], ['south', `http://${NAME}`, south]]))).toEqual([
    `TARGET_HOST_UNKNOWN region "north" reaches the portal by its name "${NAME}", which its resolver 127.0.0.1:${north.port} does not know (NXDOMAIN)`,
    `TARGET_HOST_UNKNOWN region "south" reaches the portal by its name, and its resolver 127.0.0.1:${south.port} does not answer`,
  ])
})

it('where a region has a gateway of its own its resolver is not asked; other names are this machine\'s to look up', async () => {
  const north = await resolver('127.0.1.1')
  const own = target([['north', 'http://localhost:8080', north]])
  expect(isByName(own, own.regions[0]!)).toBe(false)
  expect(Object.keys((await pinHosts(own, 'x')).pinned!)).toEqual(['localhost'])
  expect(north.asked()).toEqual([])
  expect(await problemsOf(target([['north', 'http://nowhere.invalid', north]]))).toEqual([expect.stringMatching(/^TARGET_HOST_UNKNOWN the gateway of region "north" is at "nowhere\.invalid", which cannot be looked up/)])
})
