import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { request } from 'undici'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { StackEvent } from '../../contracts/stack.ts'
import { Target, systemOf } from '../../contracts/target.ts'
import { createDnsClient } from '../network/dns/udp-client.ts'
import { httpUrl } from '../parts.ts'
import { startEmbedded, type EmbeddedOptions } from './index.ts'
import { isAlive, programsOf, socketsOf } from './leftovers.ts'

const SLOTS = { from: 100, to: 119 }

let workDirectory: string
let events: StackEvent[]
beforeEach(async () => {
  workDirectory = await mkdtemp(join(tmpdir(), 'embedded-test-'))
  events = []
})
afterEach(async () => { await rm(workDirectory, { recursive: true }) })

function options(change: Partial<EmbeddedOptions> = {}): EmbeddedOptions {
  return {
    workDirectory, seed: 1, timeScale: 140, scenarioStartMs: Date.parse('2026-04-10T21:00:00+07:00'), legacyDossiers: 0,
    simulatorsEntry: null, services: [], slots: SLOTS, onProgress: (event) => { events.push(event) }, ...change,
  }
}

/** Stands in for the partners: each answers on both of its ports. */
async function partnersEntry(): Promise<string> {
  const entry = join(workDirectory, 'partners.mjs')
  await writeFile(entry, `
    import { createServer } from 'node:http'
    import { once } from 'node:events'
    process.on('disconnect', () => process.exit(0))
    process.on('message', async ({ hosts, port, adminPort, keys, portalSyncUrl }) => {
      for (const host of Object.values(hosts)) for (const at of [port, adminPort]) await once(createServer((_, response) => response.end()).listen(at, host), 'listening')
      process.send({ ready: true, keys, portalSyncUrl })
    })`)
  return entry
}

const slotOf = () => (events.find(({ kind }) => kind === 'slot') as { slot: number }).slot
const pids = () => events.flatMap((event) => event.kind === 'started' ? [event.pid] : [])
async function expectNothingLeft(slot: number, processes: readonly number[]): Promise<void> {
  expect(processes.filter(isAlive)).toEqual([])
  expect(socketsOf(slot)).toEqual([])
  expect(await readdir(workDirectory)).not.toContain('tmp')
}

describe('a stack', () => {
  test('serves all of its target, sends the portal\'s name to the old edge, and leaves nothing', async () => {
    const stack = await startEmbedded(options({ simulatorsEntry: await partnersEntry() }))
    expect(Target.parse(stack.target)).toEqual(stack.target)
    expect(stack.target.systems).toHaveLength(54 + 2 + 3 + 1 + 3)
    for (const { admin } of stack.target.systems) expect((await request(`${admin}/ready`)).statusCode).toBe(200)
    expect(systemOf(stack.target, 'partner-ca-mau')).toMatchObject({ role: 'partner', unit: 'partner', mode: 'simulated', url: httpUrl(`127.${stack.slot}.7.49`) })
    expect(systemOf(stack.target, 'bank-vcb')).toMatchObject({ role: 'bank', unit: 'bank' })

    const dns = await createDnsClient({ localAddress: '127.0.0.1' })
    for (const { resolver, gateway } of stack.target.regions) {
      const packet = await dns.ask(resolver, { type: 'A', name: stack.target.portalHost })
      expect(packet.answers).toMatchObject([{ data: stack.target.addresses.old, ttl: 1_800 }])
      // No portal runs behind the edge here: the edge says so, and knows the region.
      const answer = await request(`${gateway}/auth/me`, { headers: { host: stack.target.portalHost } })
      expect(answer.statusCode).toBe(502)
      await answer.body.dump()
    }
    await dns.close()
    const log = await (await request(`${systemOf(stack.target, 'edge-old').admin}/evidence?mode=final`)).body.text()
    const regions = log.trim().split('\n').map((line) => JSON.parse(line)).filter((row) => row.key).map((row) => row.fields.region)
    expect(regions).toEqual(['north', 'central', 'south'])

    expect(stack.processes.map(({ name }) => name).sort()).toEqual(['network', 'partners', 'postgres'])
    expect(stack.processes.every(({ pid }) => isAlive(pid))).toBe(true)
    await stack.close()
    await stack.close()
    await expectNothingLeft(stack.slot, [...pids(), ...stack.processes.map(({ pid }) => pid)])
    expect(events.filter(({ kind }) => kind === 'child-exit')).toEqual([])
    expect((await readdir(join(workDirectory, 'logs'))).sort()).toEqual(['network.log', 'partners.log', 'postgres.log'])
  })

  test('without a cutover has one edge, which the portal\'s name leads to from the start, and no old portal', async () => {
    await using stack = await startEmbedded(options({ cutover: false, services: ['legacy', 'portal', 'coordination', 'statistics'] }))
    expect(stack.target.systems.filter(({ role }) => ['edge', 'legacy', 'portal', 'statistics'].includes(role)).map(({ id }) => id)).toEqual(['portal', 'statistics', 'edge-new'])
    expect(stack.target.addresses.old).toBe(stack.target.addresses.new)
    expect(stack.processes.map(({ name }) => name).sort()).toEqual(['back', 'network', 'portal', 'postgres'])
    const dns = await createDnsClient({ localAddress: '127.0.0.1' })
    for (const { resolver, gateway } of stack.target.regions) {
      expect((await dns.ask(resolver, { type: 'A', name: stack.target.portalHost })).answers).toMatchObject([{ data: stack.target.addresses.new }])
      const answer = await request(`${gateway}/auth/me`, { headers: { host: stack.target.portalHost } })
      expect([answer.statusCode, answer.headers['x-served-by']]).toEqual([503, 'portal'])
      await answer.body.dump()
    }
    await dns.close()
  })

  test('a process that dies is told, and the rest still goes at the end', async () => {
    const { promise: told, resolve } = Promise.withResolvers<StackEvent>()
    await using stack = await startEmbedded(options({ onProgress: (event) => {
      events.push(event)
      if (event.kind === 'child-exit') resolve(event)
    } }))
    process.kill(stack.processes.find(({ name }) => name === 'network')!.pid, 'SIGKILL')
    expect(await told).toMatchObject({ kind: 'child-exit', name: 'network', code: null, signal: 'SIGKILL' })
    await stack.close()
    await expectNothingLeft(stack.slot, pids())
  })

  test('PostgreSQL goes too when its keeper was killed', async () => {
    const stack = await startEmbedded(options())
    const postmaster = stack.processes.find(({ name }) => name === 'postgres')!.pid
    const keeper = (events.find((event) => event.kind === 'started' && event.name === 'postgres') as { pid: number }).pid
    expect(postmaster).not.toBe(keeper)
    process.kill(keeper, 'SIGKILL')
    await stack.close()
    while (isAlive(postmaster)) await new Promise((resolve) => setTimeout(resolve, 10))
    await expectNothingLeft(stack.slot, pids())
  })
})

describe('a start that fails leaves nothing', () => {
  test('a child that answers with an error', async () => {
    const entry = join(workDirectory, 'partners.mjs')
    await writeFile(entry, `process.on('message', () => process.send({ error: { code: 'SIMULATORS_CONFIG_INVALID', message: 'no such partner' } }))`)
    await expect(startEmbedded(options({ simulatorsEntry: entry }))).rejects.toMatchObject({ problem: { code: 'SIMULATORS_CONFIG_INVALID', what: 'partners: no such partner' } })
    await expectNothingLeft(slotOf(), pids())
  })

  test('a child that was ready and dies before the stack is', async () => {
    const entry = join(workDirectory, 'partners.mjs')
    await writeFile(entry, `process.on('message', () => process.send({ ready: true }, () => { console.error('out of memory'); process.exit(3) }))`)
    await expect(startEmbedded(options({ simulatorsEntry: entry }))).rejects.toMatchObject({ problem: { code: 'CHILD_EXITED', what: expect.stringMatching(/partners ended .*\(3\): out of memory/u) } })
    await expectNothingLeft(slotOf(), pids())
  })

  test('a port of the network in use', async () => {
    // Only the port of one gateway, which the search for a slot does not try.
    const foreign = createServer()
    const started = startEmbedded(options({ onProgress: (event) => {
      events.push(event)
      if (event.kind === 'slot') foreign.listen(8080, `127.${event.slot}.3.2`)
    } }))
    await expect(started).rejects.toMatchObject({ problem: { code: 'PORT_IN_USE', what: expect.stringMatching(/network: .*127\.\d+\.3\.2:8080/u) } })
    foreign.close()
    await once(foreign, 'close')
    await expectNothingLeft(slotOf(), pids())
  })

  test.each<[when: string, is: (event: StackEvent) => boolean]>([
    ['before anything is there', ({ kind }) => kind === 'slot'], ['when the first process is', ({ kind }) => kind === 'started'],
    ['when PostgreSQL is', (event) => event.kind === 'started' && event.name === 'postgres'], ['when a service is', (event) => event.kind === 'started' && event.name === 'portal'],
  ])('a run that is interrupted %s', async (_, is) => {
    const abort = new AbortController()
    const started = startEmbedded(options({ services: ['portal'], signal: abort.signal, onProgress: (event) => {
      events.push(event)
      if (is(event)) abort.abort(new Error('interrupted'))
    } }))
    await expect(started).rejects.toThrow('interrupted')
    await expectNothingLeft(slotOf(), pids())
    expect(programsOf(workDirectory)).toEqual([])
  })

  test.each(['initdb', 'postgres'])('a run that is killed while %s hangs', async (program) => {
    // Where the server's user can walk to, so that it is told of this directory.
    await chmod(workDirectory, 0o755)
    const script = `import { startEmbedded } from ${JSON.stringify(new URL('./index.ts', import.meta.url).href)}; await startEmbedded(${JSON.stringify(options())})`
    const parent = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'ignore' })
    const there = () => programsOf(workDirectory).find((one) => one.program === program)
    for (let found = there(); ; found = there()) {
      if (found) { process.kill(found.pid, 'SIGSTOP'); break }
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
    parent.kill('SIGKILL')
    while (programsOf(workDirectory).some(({ program: one }) => one === 'initdb' || one === 'postgres') || (await readdir(join(workDirectory, 'tmp'))).includes('postgres')) await new Promise((resolve) => setTimeout(resolve, 10))
  })
})

test('nothing outlives a parent that is killed', async () => {
  const script = `
    import { startEmbedded } from ${JSON.stringify(new URL('./index.ts', import.meta.url).href)}
    const started = []
    const stack = await startEmbedded({ ...${JSON.stringify(options({ simulatorsEntry: await partnersEntry() }))}, onProgress: (event) => { if (event.kind === 'started') started.push(event.pid) } })
    console.log(JSON.stringify({ slot: stack.slot, pids: [...started, ...stack.processes.map(({ pid }) => pid)] }))`
  const parent = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = await once(createInterface(parent.stdout), 'line') as [string]
  const { slot, pids } = JSON.parse(line) as { slot: number; pids: number[] }
  expect(pids.every(isAlive)).toBe(true)
  parent.kill('SIGKILL')
  while (pids.some(isAlive)) await new Promise((resolve) => setTimeout(resolve, 10))
  expect(socketsOf(slot)).toEqual([])
  expect(await readdir(join(workDirectory, 'tmp'))).not.toContain('postgres')
})
