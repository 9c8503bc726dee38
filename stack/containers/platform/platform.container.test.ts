/**
 * What the platform does, on a few real containers: two Node servers that answer each other, one of them with partners' addresses, and PostgreSQL with a small disk and a
 * standby. Each act is seen from outside, by whoever asks, and by what is there again afterwards.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { Agent, request } from 'undici'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { HarnessError } from '../../../contracts/error.ts'
import { openPool, reach } from '../../database.ts'
import { planAddresses, type AddressPlan } from '../addresses.ts'
import { startContainer, type RunContext } from '../container.ts'
import { connectDocker } from '../docker.ts'
import { provideImages } from '../images.ts'
import { logToFile } from '../logs.ts'
import { makeNetworks } from '../networks.ts'
import { checkout } from '../node-process.ts'
import { labelsOf, removeRun } from '../ownership.ts'
import { postgresSpec, postgresUrl, STANDBY_NAME } from '../postgres.ts'
import type { ContainerSpec, Zone } from '../spec.ts'
import { NO_DOCKER } from '../testing/docker-answers.ts'
import { testRunId, thingsOf } from '../testing/things-of.ts'
import { LIMITED_DISK_MB } from './disk.ts'
import { execIn, runInNetworkOf } from './side-container.ts'
import { createPlatform } from './index.ts'
import { createParts, type Part, type Parts } from './parts.ts'

const runId = testRunId()
const PASSWORD = 'not-a-secret'
const ZONES: Zone[] = ['portal', 'legacy', 'partners']
const NODE = '/app/node_modules/node/bin/node'
const SERVER = `let answered = 0; require('node:http').createServer((request, response) => response.end(String(++answered))).listen(8080); process.on('SIGTERM', () => { console.log('asked to end'); process.exit(0) }); console.log('up')`
const ordered: string[] = []

let directory: string
let context: RunContext
let plan: AddressPlan
let parts: Parts
let platform: ReturnType<typeof createPlatform>

const serverSpec = (name: string, zones: ContainerSpec['zones'], addresses: readonly string[] = []): ContainerSpec => ({
  name, image: 'node', zones, files: [], memoryMb: 128, mounts: checkout, capabilities: ['NET_ADMIN'],
  command: ['sh', '-c', `${addresses.map((address) => `ip address add ${address}/24 dev eth0 && `).join('')} exec ${NODE} -e "$0"`, SERVER],
})

beforeAll(async () => {
  if (NO_DOCKER !== null) return
  directory = mkdtempSync(join(tmpdir(), 'platform-'))
  const engine = await connectDocker()
  const { docker } = engine
  const signal = new AbortController().signal
  const tags = await provideImages(engine, ['node', 'postgres'], { signal, onProgress: () => {} })
  const networks = await makeNetworks(docker, { runId, zones: ZONES, labels: labelsOf(runId) })
  context = { docker, runId, labels: labelsOf(runId), networks, signal }
  plan = planAddresses((zone) => networks.get(zone)?.prefix ?? '192.0.2')
  const specs = [
    serverSpec('portal', plan.zonesOf.service('portal')), serverSpec('partners', plan.zonesOf.partners(), [plan.simulators['bank-vcb']!, plan.simulators['sms']!]),
    postgresSpec('postgres-new', { password: PASSWORD, zones: plan.zonesOf.postgres('postgres-new'), replicated: true, limitMb: LIMITED_DISK_MB }),
    postgresSpec('postgres-old', { password: PASSWORD, zones: plan.zonesOf.postgres('postgres-old'), replicated: true }),
  ]
  const follow = async ({ container: { id, name } }: Part) => { await logToFile(docker, id, name, join(directory, `${name}.log`)) }
  const made = await Promise.all(specs.map(async (spec): Promise<[string, Part]> => [spec.name, { spec, container: await startContainer(context, spec, tags[spec.image]) }]))
  parts = createParts({ context, tag: tags.node, ordered: (id) => { ordered.push(id) }, parts: new Map(made), running: follow })
  for (const [, part] of made) await follow(part)
  platform = createPlatform(parts, { plan, password: PASSWORD, postgresTag: tags.postgres, addressOf: plan.zonesOf.standby, identities: new Map() })
  await platform.hold('postgres-new')
  await answersSoon('portal')
}, 600_000)
afterAll(async () => {
  if (context === undefined) return
  await removeRun(context.docker, runId)
  expect(await thingsOf(context.docker, runId)).toEqual([])
  rmSync(directory, { recursive: true, force: true })
}, 120_000)
beforeEach(({ skip }) => skip(NO_DOCKER !== null, NO_DOCKER ?? ''))

const addressOf = (name: string) => parts.of(name).spec.zones[0]!.address

/** The number of the answer; null where none came. */
async function asked(host: string): Promise<number | null> {
  // A connection that another question is still waiting for must not hold up this one.
  const dispatcher = new Agent({ connect: { timeout: 700 } })
  try {
    const { body } = await request(`http://${host}:8080/`, { signal: AbortSignal.timeout(700), dispatcher })
    return Number(await body.text())
  } catch { return null } finally { await dispatcher.destroy() }
}

async function answersSoon(name: string): Promise<void> {
  const latest = Date.now() + 20_000
  while (await asked(addressOf(name)) === null) {
    if (Date.now() > latest) throw new Error(`${name} does not answer`)
    await delay(50)
  }
}

/** As one part sees another. */
async function askedFrom(part: string, host: string): Promise<'answer' | string> {
  const { said } = await execIn(context.docker, parts.of(part).container.id, part, [NODE, '-e', `
    const socket = require('node:net').connect({ host: '${host}', port: 8080, family: 4 })
    socket.setTimeout(700, () => { console.log('silence'); process.exit() }).on('connect', () => { console.log('answer'); process.exit() }).on('error', (error) => { console.log(error.code); process.exit() })`])
  return said
}

describe('a part', () => {
  it('that is frozen answers nobody, keeps what it knows, and goes on where it was', async () => {
    const before = (await asked(addressOf('portal')))!
    await platform.pause('portal')
    await platform.pause('portal')
    expect(await asked(addressOf('portal'))).toBeNull()
    await platform.unpause('portal')
    await platform.unpause('portal')
    // The one that was asked meanwhile is answered too, to nobody.
    expect(await asked(addressOf('portal'))).toBeGreaterThan(before)
    expect(ordered).toEqual([])
  })

  it('that is killed is gone at once, and comes back at its address without what it had in mind', async () => {
    const { id } = parts.of('portal').container
    await platform.kill('portal')
    await platform.kill('portal')
    expect(await asked(addressOf('portal'))).toBeNull()
    expect(ordered.splice(0)).toEqual([id])
    await platform.start('portal')
    await platform.start('portal')
    await answersSoon('portal')
    expect(await asked(addressOf('portal'))).toBeLessThan(10)
    expect(readFileSync(join(directory, 'portal.log'), 'utf8')).not.toContain('asked to end')
  })

  it('that is stopped is asked first, also where it was frozen', async () => {
    await platform.pause('portal')
    await platform.stop('portal')
    expect(await asked(addressOf('portal'))).toBeNull()
    await platform.start('portal')
    await answersSoon('portal')
    expect(readFileSync(join(directory, 'portal.log'), 'utf8')).toContain('asked to end')
  })

  it('that does not exist is named', async () => {
    await expect(platform.kill('portl')).rejects.toMatchObject({ problem: { code: 'PLATFORM_PART_UNKNOWN', mend: expect.stringContaining('portal') } })
    await expect(platform.cut('portal', 'zone-edg')).rejects.toMatchObject({ problem: { code: 'PLATFORM_PART_UNKNOWN', mend: expect.stringContaining('zone-edge') } })
  })
})

describe('the network', () => {
  const portalAmongPartners = () => plan.zonesOf.service('portal').find(({ zone }) => zone === 'partners')!.address

  it('is cut between two parts, silently and in both directions, and the machine reaches both all the time', async () => {
    const partners = addressOf('partners')
    expect([await askedFrom('partners', portalAmongPartners()), await askedFrom('portal', partners)]).toEqual(['answer', 'answer'])
    await platform.cut('partners', 'portal')
    expect([await askedFrom('partners', portalAmongPartners()), await askedFrom('portal', partners)]).toEqual(['silence', 'silence'])
    expect([await asked(addressOf('portal')), await asked(partners)]).not.toContain(null)
    await platform.mend('partners', 'portal')
    await platform.mend('partners', 'portal')
    expect([await askedFrom('partners', portalAmongPartners()), await askedFrom('portal', partners)]).toEqual(['answer', 'answer'])
  })

  it('is cut from one partner alone, and from a whole zone', async () => {
    const [bank, sms] = [plan.simulators['bank-vcb']!, plan.simulators['sms']!]
    await platform.cut('portal', 'bank-vcb')
    expect([await askedFrom('portal', bank), await askedFrom('portal', sms)]).toEqual(['silence', 'answer'])
    await platform.cut('portal', 'zone-partners')
    expect(await askedFrom('portal', sms)).toBe('silence')
    await platform.mend('portal', 'zone-partners')
    expect([await askedFrom('portal', bank), await askedFrom('portal', sms)]).toEqual(['silence', 'answer'])
    await platform.mend('portal', 'bank-vcb')
    expect(await askedFrom('portal', bank)).toBe('answer')
  })

  it('cannot be cut between those who never speak', async () => {
    await expect(platform.cut('postgres-new', 'bank-vcb')).rejects.toMatchObject({ problem: { code: 'PLATFORM_CANNOT' } })
  })

  it('loses all that others send a part, and nothing of the machine\'s', async () => {
    await platform.lose('portal', 1)
    expect(await askedFrom('partners', portalAmongPartners())).toBe('silence')
    expect(await asked(addressOf('portal'))).not.toBeNull()
    await platform.calm('portal')
    expect(await askedFrom('partners', portalAmongPartners())).toBe('answer')
  })

  it('delays by what was asked, or says that this kernel cannot', async () => {
    const took = async () => { const began = performance.now(); await asked(addressOf('portal')); return performance.now() - began }
    const told = await platform.delay('portal', 300).then(() => null, (error: HarnessError) => error.problem)
    if (told === null) expect(await took()).toBeGreaterThan(300)
    else expect(told).toMatchObject({ code: 'PLATFORM_CANNOT', what: expect.stringContaining('netem') })
    await platform.calm('portal')
    expect(await took()).toBeLessThan(300)
    expect((await runInNetworkOf(parts, 'portal', 'tc qdisc show')).said).not.toContain('netem')
  })
})

describe('PostgreSQL', () => {
  const on = async <T>(server: string, use: (client: pg.Client) => Promise<T>): Promise<T> => {
    const client = await reach(postgresUrl(addressOf(server), PASSWORD), 20_000)
    try { return await use(client) } finally { await client.end().catch(() => {}) }
  }
  const begin = (server: string) => on(server, (client) => client.query('create table if not exists notes (note text)'))
  const write = (server: string, note: string) => on(server, (client) => client.query('insert into notes values ($1)', [note]))
  const notes = (server: string) => on(server, async (client) => (await client.query<{ note: string }>('select note from notes order by 1')).rows.map(({ note }) => note))

  it('on a full disk refuses, and has all that it acknowledged once there is room again', async () => {
    await begin('postgres-new')
    await write('postgres-new', 'before')
    await platform.fillDisk('postgres-new')
    const refused = await on('postgres-new', (client) => client.query(`create table bulk as select repeat(md5(n::text), 100) as filler from generate_series(1, 40000) n`)).then(() => null, (error: Error) => error.message)
    expect(refused).toMatch(/No space left on device|terminated/u)
    await platform.freeDisk('postgres-new')
    await write('postgres-new', 'after')
    expect(await notes('postgres-new')).toEqual(['after', 'before'])
  })

  it('with an end to its disk only where one was asked for', async () => {
    await expect(platform.fillDisk('postgres-old')).rejects.toMatchObject({ problem: { code: 'PLATFORM_CANNOT' } })
  })

  it('with a synchronous standby loses nothing when it is killed, and answers at its own address again', async () => {
    const server = 'postgres-new'
    await begin(server)
    await expect(platform.failOver(server)).rejects.toMatchObject({ problem: { code: 'PLATFORM_CANNOT' } })
    // Written before the standby copies it, it comes along: a new primary that waits for a standby of its own answers no write.
    await on(server, (client) => client.query(`alter system set synchronous_standby_names = '${STANDBY_NAME}'`))
    await platform.addStandby(server)
    const { address: standbyAddress } = plan.zonesOf.standby(server)[0]!
    // Asked once: it is there when `addStandby` says so, not soon.
    const follows = new pg.Client({ connectionString: postgresUrl(standbyAddress, PASSWORD), connectionTimeoutMillis: 2_000 })
    await follows.connect()
    expect((await follows.query('select status from pg_stat_wal_receiver')).rows).toEqual([{ status: 'streaming' }])
    await follows.end()
    await platform.replicate(server, 'sync')
    const address = addressOf(server)
    await write(server, 'acknowledged')
    const pool = openPool(postgresUrl(address, PASSWORD), 'portal', 2)
    // A service with all its connections in use: none of them may wait for one who is gone.
    const waiting = Promise.allSettled([pool.query('select pg_sleep(600)'), pool.query('select pg_sleep(600)')])
    await platform.failOver(server)
    expect((await waiting).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect((await pool.query('select note from notes')).rows.map(({ note }) => note)).toContain('acknowledged')
    await pool.end()
    await write(server, 'on the new one')
    expect(await notes(server)).toEqual(expect.arrayContaining(['acknowledged', 'on the new one']))
    expect(addressOf(server)).toBe(address)
  })

  it('with a standby that lags loses what it acknowledged meanwhile, and nothing from before', async () => {
    const server = 'postgres-old'
    await begin(server)
    await platform.addStandby(server)
    await platform.replicate(server, 'sync')
    await write(server, 'on both')
    await platform.replicate(server, 'async')
    await platform.holdReplication(server)
    await write(server, 'acknowledged')
    expect(await notes(server)).toEqual(['acknowledged', 'on both'])
    await platform.failOver(server)
    expect(await notes(server)).toEqual(['on both'])
  })
})
