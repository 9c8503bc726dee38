/** One whole stack in containers, shared by the tests: what it serves, who reaches whom, what a DNS switch does to k6 in a region, and that nothing is left. */
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { getContainerRuntimeClient } from 'testcontainers'
import { request } from 'undici'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { RunningStack, StackEvent } from '../../contracts/stack.ts'
import { systemOf, Target } from '../../contracts/target.ts'
import { findK6 } from '../../scripts/find-k6.mjs'
import { createDnsClient } from '../network/dns/udp-client.ts'
import { containerName } from './container.ts'
import { connectDocker, type Docker } from './docker.ts'
import { startContainers } from './index.ts'
import { RUN_LABEL } from './ownership.ts'
import { ZONES } from './spec.ts'
import { NO_DOCKER } from './testing/docker-answers.ts'
import { testRunId, thingsOf } from './testing/things-of.ts'

const NODE = '/app/node_modules/node/bin/node'
const runId = testRunId()
const events: StackEvent[] = []
let directory: string
let docker: Docker
let stack: RunningStack

beforeAll(async () => {
  if (NO_DOCKER !== null) return
  directory = mkdtempSync(join(tmpdir(), 'containers-'))
  ;({ docker } = await connectDocker())
  stack = await startContainers({ runId, workDirectory: directory, simulatorsEntry: 'mocks/container-process.ts', seed: 1, timeScale: 140, scenarioStartMs: Date.parse('2026-04-10T21:00:00+07:00'), legacyDossiers: 50, onProgress: (event) => { events.push(event) } })
  // Real seconds: an answer of before is held for a few of them.
  await control('dns-authority', { action: 'zone.set', name: stack.target.portalHost, ttlS: 0 })
}, 900_000)
afterAll(async () => {
  await stack?.close()
  if (directory !== undefined) rmSync(directory, { recursive: true, force: true })
}, 60_000)
beforeEach(({ skip }) => skip(NO_DOCKER !== null, NO_DOCKER ?? ''))

const hostOf = (id: string) => new URL(systemOf(stack.target, id).admin!).hostname
const control = async (id: string, body: object) => (await request(`${systemOf(stack.target, id).admin}/control`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })).body.json()
const evidenceOf = async (id: string) => (await (await request(`${systemOf(stack.target, id).admin}/evidence?mode=final`)).body.text()).trim().split('\n').map((line) => JSON.parse(line) as { key?: string; fields?: Record<string, unknown> })

/** What a command in one of the run's containers prints. */
async function inside(part: string, command: string[]): Promise<string> {
  const { container } = await getContainerRuntimeClient()
  return (await container.exec(docker.getContainer(containerName(runId, part)), command)).output.trim()
}

async function reaches(part: string, host: string, port: number): Promise<boolean> {
  const said = await inside(part, [NODE, '-e', `
    const socket = require('node:net').connect({ host: '${host}', port: ${port} })
    socket.setTimeout(2000, () => { console.log('no'); process.exit() }).on('connect', () => { console.log('yes'); process.exit() }).on('error', () => { console.log('no'); process.exit() })`])
  expect(['yes', 'no']).toContain(said)
  return said === 'yes'
}

describe('a stack in containers', () => {
  it('serves all of its target, and sends the portal\'s name to the old edge in every region', async () => {
    expect(Target.parse(stack.target)).toEqual(stack.target)
    expect(stack.target.systems).toHaveLength(8 + 54 + 2 + 3 + 1)
    for (const { id, admin } of stack.target.systems) expect((await request(`${admin}/ready`)).statusCode, id).toBe(200)
    expect(new Set(stack.target.systems.map(({ admin }) => admin)).size).toBe(stack.target.systems.length)
    const dns = await createDnsClient({ localAddress: '0.0.0.0', recursionDesired: true })
    for (const { id, resolver } of stack.target.regions) expect((await dns.ask(resolver, { type: 'A', name: stack.target.portalHost })).answers, id).toMatchObject([{ data: stack.target.addresses.old }])
    await dns.close()
  })

  it('runs each part in a container of its own, whose pid is of this machine', () => {
    const names = stack.processes.map(({ name }) => name)
    expect(names.toSorted()).toEqual([
      'catalogue', 'coordination', 'dns-authority', 'edge-new', 'edge-old', 'feedback', 'legacy', 'notifications', 'partners', 'payments', 'portal',
      'postgres-new', 'postgres-old', 'resolver-central', 'resolver-north', 'resolver-south', 'statistics'])
    for (const { name, pid } of stack.processes) expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8').length, name).toBeGreaterThan(0)
    expect(events.filter(({ kind }) => kind === 'started')).toHaveLength(names.length)
  })

  it('has two PostgreSQL servers whose commits are durable', async () => {
    const servers = new Set<string>()
    for (const id of ['portal', 'legacy', 'payments']) {
      const client = new pg.Client({ connectionString: systemOf(stack.target, id).database! })
      await client.connect()
      const { rows } = await client.query<Record<string, string>>(`select current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit, current_setting('full_page_writes') as pages, current_database() as name, inet_server_addr()::text as server`)
      expect(rows[0]).toMatchObject({ fsync: 'on', commit: 'on', pages: 'on', name: id })
      servers.add(rows[0]!['server']!)
      await client.end()
    }
    expect(servers.size).toBe(2)
  })

  it('keeps secrets out of command lines and environments', async () => {
    const password = decodeURIComponent(new URL(systemOf(stack.target, 'portal').database!).password)
    const secrets = [...Object.values(stack.keys), password]
    for (const { name } of stack.processes) {
      const { Config, HostConfig } = await docker.getContainer(containerName(runId, name)).inspect()
      const told = JSON.stringify({ Config, HostConfig })
      expect(secrets.filter((secret) => told.includes(secret)), name).toEqual([])
      expect(told, name).not.toContain('PRIVATE KEY')
    }
  })
})

describe('partners', () => {
  const desk = async (n: number) => (await request(`${systemOf(stack.target, 'partner-ha-noi').url}/desk/dossiers`, {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({
      reference: `op-${n}`, dossierCode: `H01-260410-00000${n}`, procedureCode: '9.900001', applicantId: '999000042171', applicantName: 'Người Thử', applicantBirthDate: '1966-06-01', status: 'received', note: '',
    }),
  })).body.json()
  const pending = async () => (await (await request(`${systemOf(stack.target, 'partner-ha-noi').admin}/pending`)).body.json() as { pending: number }).pending

  it('push over TLS, each from its own address, and bring afterwards what they did not give to an edge with an expired certificate', async () => {
    await control('portal', { action: 'mode', mode: 'open' })
    await control('partner-ha-noi', { action: 'connect', connected: true })
    expect(await desk(1)).toMatchObject({ sync: 'acknowledged', portalStatus: 201 })
    const { certificate, certificateUntil } = stack.platform!.tls('edge-new')
    const ended = Math.floor(Date.now() / 1_000) * 1_000 - 60_000
    await control('edge-new', { action: 'certificate.set', certificate: certificateUntil(ended) })
    expect(await desk(2)).toMatchObject({ sync: 'unknown', portalStatus: null, errorCode: 'CERT_HAS_EXPIRED', message: `the certificate ended at ${new Date(ended).toISOString()}` })
    await control('edge-new', { action: 'certificate.set', certificate })
    await expect.poll(pending, { timeout: 20_000 }).toBe(0)
    expect((await evidenceOf('portal')).filter(({ key }) => key?.startsWith('dossier/H01-260410-')).map(({ key }) => key).toSorted()).toEqual(['dossier/H01-260410-000001', 'dossier/H01-260410-000002'])
    expect((await evidenceOf('edge-new')).filter(({ fields }) => fields?.['path'] === '/sync/v1/dossiers').map(({ fields }) => fields!['partner'])).toEqual(['ha-noi', 'ha-noi'])
    // As whoever comes next expects it.
    await control('portal', { action: 'mode', mode: 'closed' })
  })
})

describe('zones', () => {
  const MAY: [string, string, number][] = [
    ['portal', 'postgres-new', 5432], ['portal', 'vneid', 8080], ['coordination', 'partner-ha-noi', 8080], ['legacy', 'postgres-old', 5432], ['legacy', 'vneid', 8080],
    ['statistics', 'payments', 8080], ['edge-new', 'portal', 8080], ['edge-old', 'legacy', 8080], ['partners', 'edge-new at partners', 8443],
  ]
  const MAY_NOT: [string, string, number][] = [
    ['portal', 'postgres-old', 5432], ['legacy', 'postgres-new', 5432], ['catalogue', 'partner-ha-noi', 8080], ['partners', 'postgres-new', 5432], ['partners', 'edge-old', 8080],
    ['edge-old', 'portal', 8080], ['edge-new', 'legacy', 8080], ['edge-new', 'postgres-old', 5432], ['portal', 'dns-authority', 9090], ['legacy', 'edge-old at edge', 8080],
  ]

  it('let a part reach what it needs, and nothing else', async () => {
    const tried = await Promise.all([...MAY, ...MAY_NOT].map(async ([part, other, port]) => [part, other, port, await reaches(part, placeOf(other), port)]))
    expect(tried).toEqual([...MAY.map((row) => [...row, true]), ...MAY_NOT.map((row) => [...row, false])])
  })

  it('lead nowhere else: every network of the run is internal', async () => {
    const networks = await docker.listNetworks({ filters: { label: [`${RUN_LABEL}=${runId}`] } })
    expect(networks.map(({ Name }) => Name).toSorted()).toEqual(ZONES.map((zone) => `tongduyet-${runId}-${zone}`).toSorted())
    for (const { Name, Internal } of networks) expect(Internal, Name).toBe(true)
  })

  /** PostgreSQL has no administration interface; an edge has an address in each of its zones. */
  function placeOf(name: string): string {
    const prefix = (id: string) => hostOf(id).replace(/\.\d+$/u, '')
    if (name === 'postgres-new' || name === 'postgres-old') return new URL(systemOf(stack.target, name === 'postgres-new' ? 'portal' : 'legacy').database!).hostname
    if (name === 'edge-new at partners') return `${prefix('vneid')}.${hostOf('edge-new').split('.').at(-1)}`
    return hostOf(name.replace(/ at edge$/u, ''))
  }
})

describe('k6 in a region', () => {
  it('stays at the old edge with the connection that it keeps, comes to the new one where it resolves anew, and is known by its region', async () => {
    const { old, new: next } = stack.target.addresses
    const switched = Promise.withResolvers<void>()
    const gate = createServer((_request, response) => { void switched.promise.then(() => response.end('go')); asked.resolve() })
    const asked = Promise.withResolvers<void>()
    gate.listen(0, stack.generators!.harnessHost)
    await once(gate, 'listening')
    const script = join(directory, 'cohorts.js')
    const output = join(directory, 'cohorts.txt')
    writeFileSync(script, `
      import http from 'k6/http'
      export const options = { vus: 1, iterations: 1, dns: { ttl: '0', select: 'first', policy: 'preferIPv4' } }
      const ask = (cohort) => {
        const { remote_ip, status } = http.get('http://${stack.target.portalHost}' + (cohort === 'reresolve' ? '.' : '') + ':8080/auth/me', { headers: { Host: '${stack.target.portalHost}', ...(cohort === 'reresolve' && { Connection: 'close' }) } })
        console.log([cohort, remote_ip, status].join(' '))
      }
      export default function () {
        ask('kept'); ask('reresolve')
        http.get('http://${stack.generators!.harnessHost}:${(gate.address() as AddressInfo).port}/')
        ask('kept'); ask('reresolve')
      }`)
    const k6 = findK6()!.path
    const run = await stack.generators!.launchOf('north')({
      command: k6, arguments: ['run', '--no-color', '--quiet', '--address', 'localhost:0', '--console-output', output, '--log-format', 'raw', script], environment: { K6_NO_USAGE_REPORT: 'true' },
      directories: [directory, join(k6, '..')],
    })
    let complaints = ''
    run.stderr.on('data', (piece: Buffer) => { complaints += piece.toString() })
    expect(readFileSync(`/proc/${run.pid}/cmdline`, 'utf8')).toContain('k6')
    await Promise.race([asked.promise, run.ended])
    await control('dns-authority', { action: 'zone.set', name: stack.target.portalHost, address: next })
    const dns = await createDnsClient({ localAddress: '0.0.0.0', recursionDesired: true })
    await expect.poll(async () => (await dns.ask(stack.target.regions[0]!.resolver, { type: 'A', name: stack.target.portalHost })).answers, { timeout: 15_000 }).toMatchObject([{ data: next }])
    switched.resolve()
    expect(await run.ended, complaints).toEqual({ exitCode: 0, signal: null })
    gate.close()
    await dns.close()
    // 401: nobody is logged in; 503: the new portal is not open yet. Both are answers of a portal through its edge.
    expect(readFileSync(output, 'utf8').trim().split('\n')).toEqual([`kept ${old} 401`, `reresolve ${old} 401`, `kept ${old} 401`, `reresolve ${next} 503`])
    const regions = (await evidenceOf('edge-old')).filter(({ key, fields }) => key?.startsWith('request/') && fields!['path'] === '/auth/me').map(({ fields }) => fields!['region'])
    expect(regions).toEqual(['north', 'north', 'north'])
  }, 120_000)

  it('can be ended from outside, and says how', async () => {
    const run = await stack.generators!.launchOf('others')({ command: 'sleep', arguments: ['600'], environment: {}, directories: [directory] })
    run.kill('SIGKILL')
    expect(await run.ended).toEqual({ exitCode: null, signal: 'SIGKILL' })
  })
})

// The last one: the stack is gone afterwards.
it('leaves nothing but its logs', async () => {
  expect((await thingsOf(docker, runId)).length).toBeGreaterThan(20)
  await stack.close()
  await stack.close()
  expect(await thingsOf(docker, runId)).toEqual([])
  expect(events.filter(({ kind }) => kind === 'child-exit')).toEqual([])
  expect(readdirSync(directory)).not.toContain('tmp')
  expect(readdirSync(join(directory, 'logs'))).toContain('portal.log')
  expect(readFileSync(join(directory, 'logs', 'postgres-old.log'), 'utf8')).toContain('ready to accept connections')
}, 60_000)
