/**
 * k6 as a foreign target makes it run, on real sockets: each region's k6 is led by its own resolver through its entry, with the portal's own name in TLS and in `Host`; a
 * certificate of a private authority is trusted where the target names that authority, and only there. Real k6, real DNS, real TLS.
 */
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Plan } from '../../contracts/plan.ts'
import type { Target } from '../../contracts/target.ts'
import { throwawayCertificate, type ThrowawayCertificate } from '../../cutover/throwaway-certificate.ts'
import { k6Path, WHY_SKIPPED } from '../../scenarios/playground/k6.ts'
import { smallPlan, TARGET } from '../../scenarios/playground/plan.ts'
import { setStage, type Stage } from '../../scenarios/playground/play.ts'
import type { K6Start } from '../../scenarios/run-k6.ts'
import { RCODE } from '../../stack/network/dns/message.ts'
import { serveDns } from '../../stack/network/dns/udp-server.ts'
import { startGateways } from '../../stack/network/gateways.ts'

const NAME = 'portal.staging.test'
const [OLD, NEW] = ['127.0.52.1', '127.0.52.2']
const VISITORS = [{ name: 'visitors', journey: ['find-service'], actor: 'citizen' as const, phase: 'open', from: '21:00', to: '22:00', count: 24 }]

const cleanUps: (() => unknown)[] = []
let directory: string
beforeEach(() => { directory = mkdtempSync(join(tmpdir(), 'k6-names-')); cleanUps.push(() => rmSync(directory, { recursive: true, force: true })) })
afterEach(async () => { for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp() })

type Arrival = { at: string; servername: unknown; host: string | undefined; closes: boolean }

/** At both addresses of the portal, on one port. */
async function portal({ certificate, key }: ThrowawayCertificate, addresses: readonly string[] = [OLD, NEW]): Promise<{ port: number; arrivals: Arrival[] }> {
  const arrivals: Arrival[] = []
  let port = 0
  for (const at of addresses) {
    const server = createServer({ cert: certificate, key }, (request, response) => {
      arrivals.push({ at, servername: (request.socket as TLSSocket).servername, host: request.headers.host, closes: request.headers.connection === 'close' })
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"services":[]}')
    }).listen(port, at)
    await once(server, 'listening')
    port = (server.address() as AddressInfo).port
    cleanUps.push(() => { server.closeAllConnections(); server.close() })
  }
  return { port, arrivals }
}

async function resolver(address: string): Promise<{ host: string; port: number; profile: 'honest' }> {
  const server = await serveDns({ host: '127.0.0.1', port: 0, answer: ({ question }) => question.name === NAME ? { rcode: RCODE.NOERROR, answers: [{ type: 'A', name: NAME, ttl: 1, data: address }] } : { rcode: RCODE.NXDOMAIN } })
  cleanUps.push(() => server.close())
  return { host: '127.0.0.1', port: server.port, profile: 'honest' }
}

async function play(plan: Plan, changes: Partial<K6Start>): Promise<Stage> {
  const stage = await setStage(plan, changes)
  cleanUps.push(() => stage.remove(), () => stage.run.kill())
  await stage.run.started
  await stage.run.finished
  return stage
}

const foreign = (change: Partial<Target>): Target => ({ ...TARGET, kind: 'foreign', systems: [], ...change })
const authority = (certificate: string) => { const file = join(directory, 'ca.pem'); writeFileSync(file, certificate); return { SSL_CERT_FILE: file } }

describe.skipIf(!k6Path)(`k6 of a foreign target${k6Path ? '' : ` (skipped: ${WHY_SKIPPED})`}`, () => {
  it('of each region reaches what that region\'s resolver says, under the portal\'s own name, kept alive and anew', async () => {
    const own = throwawayCertificate({ hosts: [NAME] })
    const { port, arrivals } = await portal(own)
    const leads = { north: OLD, south: NEW }
    const regions = await Promise.all(Object.entries(leads).map(async ([id, address]) => ({ id, resolver: await resolver(address) })))
    const gateways = await startGateways({ host: '127.0.0.1', portalHost: NAME, only: [OLD, NEW], regions: regions.map(({ id, resolver: { host, port: at } }) => ({ id, portalPort: port, resolver: { host, port: at } })) })
    cleanUps.push(() => gateways.close())
    const target = foreign({ allow: [NAME], portalHost: NAME, pinned: { [NAME]: [OLD, NEW] }, regions: regions.map(({ id, resolver: by }) => ({ id, gateway: `https://${NAME}:${port}`, resolver: by, entry: { host: '127.0.0.1', port: gateways.reply.ports[id]! } })) })
    const plan = smallPlan(target, { scenarios: VISITORS })
    plan.profile.regions = { north: 0.5, south: 0.5 }
    plan.workerParts = { north: { citizensOf: 'north' }, south: { citizensOf: 'south' }, others: 'others' }
    const of: Record<string, Arrival[]> = {}
    for (const worker of ['north', 'south']) {
      const stage = await play(plan, { worker, environment: authority(own.certificate) })
      of[worker] = arrivals.splice(0)
      for (const line of await stage.history()) expect(line).toMatchObject({ region: worker, worker, http: { status: 200 } })
    }
    expect(of['north']!.length + of['south']!.length).toBe(24)
    for (const [region, address] of Object.entries(leads)) {
      expect(new Set(of[region]!.map(({ at }) => at))).toEqual(new Set([address]))
      for (const { servername, host } of of[region]!) expect([servername, host]).toEqual([NAME, NAME])
      expect(new Set(of[region]!.map(({ closes }) => closes))).toEqual(new Set([true, false]))
    }
  })

  it.each([['trusts a certificate of the authority that the target names', true], ['trusts no certificate of an authority that nobody named', false]])('%s', async (_, named) => {
    const own = throwawayCertificate({ hosts: [OLD] })
    const { port, arrivals } = await portal(own, [OLD])
    const regions = ['north', 'central', 'south'].map((id) => ({ id, gateway: `http://${OLD}:9`, resolver: { host: '127.0.0.1', port: 53, profile: 'honest' as const } }))
    const systems = ['justice', 'health', 'ca-mau'].map((id) => ({ id: `partner-${id}`, role: 'partner' as const, mode: 'real' as const, url: `https://${OLD}:${port}`, unit: 'partner' }))
    const plan = smallPlan(foreign({ allow: [OLD], regions, systems }), { scenarios: [{ name: 'sync-w1', journey: ['dossier-sync'], actor: 'partner', phase: 'sync', from: '21:00', to: '22:00', wave: 1 }] })
    const stage = await play(plan, named ? { environment: authority(own.certificate) } : {})
    const lines = await stage.history()
    expect(lines).toHaveLength(47)
    expect(arrivals).toHaveLength(named ? 47 : 0)
    if (!named) for (const line of lines) expect(line).toMatchObject({ outcome: 'info', error: expect.stringMatching(/x509/) })
  })
})
