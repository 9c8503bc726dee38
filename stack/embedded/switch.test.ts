/** The portal's DNS switch on the whole stack: real services, resolvers, gateways and edges, seen as a citizen sees it. */
import { mkdtemp, rm } from 'node:fs/promises'
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { request } from 'undici'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Control } from '../../contracts/api/admin.ts'
import { systemOf } from '../../contracts/target.ts'
import { startEmbedded, type EmbeddedStack } from './index.ts'

const SCENARIO_START_MS = Date.parse('2026-04-10T21:00:00+07:00')

let workDirectory: string
let stack: EmbeddedStack
beforeAll(async () => {
  workDirectory = await mkdtemp(join(tmpdir(), 'switch-test-'))
  stack = await startEmbedded({ workDirectory, seed: 7, timeScale: 140, scenarioStartMs: SCENARIO_START_MS, legacyDossiers: 200, simulatorsEntry: null, slots: { from: 100, to: 119 } })
})
afterAll(async () => {
  await stack?.close()
  await rm(workDirectory, { recursive: true })
})

async function control(id: string, body: Control): Promise<unknown> {
  const { statusCode, body: answer } = await request(`${systemOf(stack.target, id).admin}/control`, { method: 'POST', body: JSON.stringify(body) })
  const json = await answer.json()
  if (statusCode !== 200) throw new Error(`${id}: ${JSON.stringify(json)}`)
  return json
}

/** Which portal answers a citizen of the region. */
async function servedBy(region: string, agent?: Agent): Promise<string> {
  const { hostname, port } = new URL(stack.target.regions.find(({ id }) => id === region)!.gateway)
  const asked = httpRequest({ host: hostname, port, path: '/auth/me', headers: { host: stack.target.portalHost, 'x-op': `probe.1.${region}.0123456789` }, agent: agent ?? false })
  asked.end()
  const [response] = await once(asked, 'response') as [IncomingMessage]
  response.resume()
  await once(response, 'end')
  return String(response.headers['x-served-by'])
}

/** Asks on new connections until that portal answers; every ask is a real connection, none waits for a guess. */
async function askUntil(region: string, portal: string): Promise<void> {
  for (let n = 0; n < 1_000; n += 1) if (await servedBy(region) === portal) return
  throw new Error(`${region} never reached ${portal}`)
}

test('every service that keeps anything has its own database, and answers', async () => {
  const databases = stack.target.systems.flatMap(({ database }) => database ? [new URL(database).pathname] : [])
  expect(databases.sort()).toEqual(['/catalogue', '/coordination', '/feedback', '/legacy', '/notifications', '/payments', '/portal'])
  expect(stack.processes.map(({ name }) => name).sort()).toEqual(['back', 'legacy', 'network', 'portal', 'postgres'])
})

test('regions follow the switch when their caches have run out, kept connections when the old edge closes them', async () => {
  const regions = stack.target.regions.map(({ id }) => id)
  const straggler = new Agent({ keepAlive: true, maxSockets: 1 })
  for (const region of regions) expect(await servedBy(region)).toBe('legacy')
  expect(await servedBy('north', straggler)).toBe('legacy')

  await control('dns-authority', { action: 'zone.set', name: stack.target.portalHost, address: stack.target.addresses.new })
  // The scenario clock stands: an hour of TTL has not begun to run.
  for (const region of regions) expect(await servedBy(region)).toBe('legacy')

  // A thousand hours a second.
  for (const { id } of stack.target.systems) await control(id, { action: 'clock', startedAtMs: Date.now(), timeScale: 3_600_000, scenarioStartMs: SCENARIO_START_MS })
  for (const region of regions) await askUntil(region, 'portal')
  expect(await servedBy('north', straggler)).toBe('legacy')

  const [kept] = Object.values(straggler.freeSockets).flatMap((sockets) => sockets ?? [])
  await Promise.all([once(kept!, 'close'), control('edge-old', { action: 'connections.close', close: true })])
  expect(await servedBy('north', straggler)).toBe('portal')
  straggler.destroy()

  const log = await (await request(`${systemOf(stack.target, 'edge-new').admin}/evidence?mode=final`)).body.text()
  const rows = log.trim().split('\n').map((line) => JSON.parse(line))
  expect(new Set(rows.filter(({ key }) => key).map(({ fields }) => fields.region))).toEqual(new Set(regions))
  expect(rows.at(-1)).toEqual({ end: { rows: rows.length - 1 } })
})
