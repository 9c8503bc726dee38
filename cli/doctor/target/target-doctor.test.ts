/** `doctor --target` against a staging system of real sockets: what is there, what lacks and how to mend it, and that nothing but reading was asked. */
import { once } from 'node:events'
import { createSocket } from 'node:dgram'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decode, encode, type Packet } from 'dns-packet'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { PROCEDURES } from '../../../contracts/reference/procedures.ts'
import { throwawayCertificate } from '../../../cutover/throwaway-certificate.ts'
import { run } from '../../run.ts'
import { testWorld } from '../../testing/world.ts'
import type { TargetDiagnosis } from './index.ts'

type Yaml = Record<string, any>
type Handle = (request: IncomingMessage, response: ServerResponse) => void

let directory: string
const cleanUps: (() => unknown)[] = []
const methods = new Set<string>()
beforeEach(() => { directory = mkdtempSync(join(tmpdir(), 'doctor-')); methods.clear(); cleanUps.push(() => rmSync(directory, { recursive: true, force: true })) })
afterEach(async () => { for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp() })

async function serve(handle: Handle, certificate?: { certificate: string; key: string }): Promise<string> {
  const listener: Handle = (request, response) => { methods.add(request.method!); handle(request, response) }
  const server = (certificate ? createSecureServer({ cert: certificate.certificate, key: certificate.key }, listener) : createServer(listener)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  cleanUps.push(() => { server.closeAllConnections(); server.close() })
  return `${certificate ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function resolver(address: string | null): Promise<{ host: string; port: number }> {
  const socket = createSocket('udp4')
  socket.on('message', (message, from) => {
    const query = decode(message) as Packet & { id: number }
    const answers = address === null ? [] : [{ type: 'A' as const, name: query.questions![0]!.name, data: address, ttl: 60 }]
    socket.send(encode({ type: 'response', id: query.id, flags: 0, questions: query.questions!, answers } as Packet), from.port, from.address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  cleanUps.push(() => socket.close())
  return { host: '127.0.0.1', port: socket.address().port }
}

const json = (response: ServerResponse, body: unknown, status = 200, headers: Record<string, string> = {}) => response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
const portalOf = (services = PROCEDURES.map(({ code }) => ({ procedureCode: code }))): Handle => (request, response) => request.url!.startsWith('/api/services') ? json(response, { services }) : json(response, {})
const exportOf = (rows: unknown[]): Handle => (request, response) => request.headers.authorization === 'Bearer canary-token' ? json(response, rows) : json(response, {}, 401)
const READ = { by: 'http', records: [{ type: 'dossier', path: '/export', key: 'code', op: 'ref', status: 'state', statuses: { R: 'received' } }] }

async function staging(change: (target: Yaml) => void = () => {}): Promise<Yaml> {
  const portal = await serve((request, response) => request.url === '/export' ? exportOf([{ code: 'H01-260410-000001', ref: 'a.1.b.0123456789', state: 'R' }])(request, response) : portalOf()(request, response))
  const target: Yaml = {
    version: 1, name: 'staging', kind: 'foreign', portalHost: 'portal.staging.test', addresses: { old: '127.0.1.1', new: '127.0.1.2' }, may: { write: true, control: false },
    regions: [{ id: 'north', gateway: portal, resolver: { ...await resolver('127.0.1.1'), profile: 'honest' } }, { id: 'south', gateway: portal, resolver: { ...await resolver('127.0.1.2'), profile: 'honest' } }],
    systems: [{ id: 'portal', role: 'portal', mode: 'real', unit: 'portal-operator', url: portal, auth: { by: 'bearer', token: 'env:TOKEN' }, read: READ }],
  }
  change(target)
  return target
}

async function examine(target: Yaml, args: string[] = [], env: NodeJS.ProcessEnv = { TOKEN: 'canary-token' }) {
  const file = join(directory, 'staging.yaml')
  writeFileSync(file, stringify(target))
  const world = testWorld({ env, cwd: directory })
  const code = await run(['doctor', '--target', file, '--json', ...args], world)
  const checks = world.out() === '' ? [] : (JSON.parse(world.out()) as { checks: TargetDiagnosis[] }).checks
  expect(world.out() + world.err()).not.toContain('canary')
  // Not one write, whatever was found.
  for (const method of methods) expect(method).toBe('GET')
  return { code, checks, lacking: checks.filter(({ status }) => status === 'lacks').map(({ check, subject, found, mend }) => `${check} ${subject}: ${found.en} -> ${mend!.en}`), err: world.err() }
}

describe('a staging system in order', () => {
  it('is ready, and says what it saw', async () => {
    const { code, checks, lacking } = await examine(await staging())
    expect(lacking).toEqual([])
    expect(code).toBe(0)
    expect([...new Set(checks.map(({ check }) => check))]).toEqual(['secrets', 'allow-list', 'window', 'permissions', 'reach', 'dns', 'catalogue', 'readers'])
    expect(checks.find(({ check }) => check === 'readers')!.found.en).toBe('first page: dossier 1')
    expect(checks.find(({ check }) => check === 'catalogue')!.subject).toBe('34 provinces')
    for (const { found } of checks) expect(found.vi.length * found.en.length).toBeGreaterThan(0)
  })
  it('over TLS with an authority of its own', async () => {
    const own = throwawayCertificate()
    writeFileSync(join(directory, 'ca.pem'), own.certificate)
    const secure = await serve(portalOf(), own)
    const { lacking } = await examine(await staging((target) => {
      target['certificateAuthority'] = 'ca.pem'
      target['systems'].push({ id: 'vneid', role: 'vneid', mode: 'real', unit: 'vneid-operator', url: secure, read: { ...READ, url: target['systems'][0]['url'], records: READ.records }, auth: { by: 'bearer', token: 'env:TOKEN' } })
    }))
    expect(lacking).toEqual([])
  })
  it('with the portal where simulated partners push', async () => {
    const { checks, lacking } = await examine(await staging((target) => {
      target['systems'].push({ id: 'partner-ha-noi', role: 'partner', mode: 'simulated', unit: 'partner' })
      target['simulators'] = { hosts: { 'partner-ha-noi': '127.0.77.9' }, portalSyncUrl: target['systems'][0]['url'] }
    }))
    expect(lacking).toEqual([])
    expect(checks.find(({ subject }) => subject === 'simulators.portalSyncUrl')?.found.en).toMatch(/^answers 200 /)
  })
  it('is told as a table in either language', async () => {
    const file = join(directory, 'staging.yaml')
    writeFileSync(file, stringify(await staging()))
    for (const [language, last] of [['vi', 'sẵn sàng\n'], ['en', 'ready\n']] as const) {
      const world = testWorld({ env: { TOKEN: 'canary-token' }, cwd: directory })
      expect(await run(['doctor', '--target', file, '--lang', language], world)).toBe(0)
      expect(world.out().endsWith(last)).toBe(true)
    }
  })
})

describe('what lacks is named with how to mend it:', () => {
  const vneid = (url: string): Yaml => ({ id: 'vneid', role: 'vneid', mode: 'real', unit: 'vneid-operator', url })
  it.each<[string, (target: Yaml) => Promise<void> | void, RegExp]>([
    ['nobody there', (target) => { target['systems'].push({ ...vneid('http://127.0.0.1:1') }) }, /^reach vneid: does not answer: .*ECONNREFUSED.* -> check address, network, firewall$/m],
    ['nobody where simulated partners push', (target) => {
      target['systems'].push({ id: 'partner-ha-noi', role: 'partner', mode: 'simulated', unit: 'partner' })
      target['simulators'] = { hosts: { 'partner-ha-noi': '127.0.77.9' }, portalSyncUrl: 'http://127.0.0.1:1' }
    }, /^reach simulators\.portalSyncUrl: does not answer: .*ECONNREFUSED.* -> check address, network, firewall$/m],
    ['a certificate that nobody trusts', async (target) => { target['systems'].push(vneid(await serve(portalOf(), throwawayCertificate()))) }, /^reach vneid: its certificate is not trusted: .* -> .*certificateAuthority/m],
    ['a certificate of another name', async (target) => {
      const own = throwawayCertificate({ hosts: ['127.0.0.9'] })
      writeFileSync(join(directory, 'ca.pem'), own.certificate)
      target['certificateAuthority'] = 'ca.pem'
      target['systems'].push(vneid(await serve(portalOf(), own)))
    }, /^reach vneid: its certificate is not trusted: .*(?:altnames|IP)/m],
    ['a certificate that has expired', async (target) => {
      const own = throwawayCertificate({ from: Date.now() - 9 * 86_400_000, until: Date.now() - 86_400_000 })
      writeFileSync(join(directory, 'ca.pem'), own.certificate)
      target['certificateAuthority'] = 'ca.pem'
      target['systems'].push(vneid(await serve(portalOf(), own)))
    }, /^reach vneid: its certificate expired on \d{4}-\d\d-\d\d: .*expired.* -> have it renewed before the cutover$/m],
    ['a certificate that is about to', async (target) => {
      const own = throwawayCertificate({ until: Date.now() + 3 * 86_400_000 })
      writeFileSync(join(directory, 'ca.pem'), own.certificate)
      target['certificateAuthority'] = 'ca.pem'
      target['systems'].push(vneid(await serve(portalOf(), own)))
    }, /^reach vneid: its certificate expires on \d{4}-\d\d-\d\d -> have it renewed/m],
    ['a clock that is off', async (target) => { target['systems'].push(vneid(await serve((_request, response) => json(response, {}, 200, { date: new Date(Date.now() - 90_000).toUTCString() })))) }, /^reach vneid: its clock is -(?:89|90) s off -> synchronise/m],
    ['an account that is not accepted', async (target) => { target['systems'].push({ ...vneid(await serve((_request, response) => json(response, {}, 401))), auth: { by: 'bearer', token: 'env:TOKEN' } }) }, /^reach vneid: answers 401: the account is not accepted/m],
    ['a resolver that does not answer', (target) => { target['regions'][0]['resolver']['port'] = 9 }, /^dns north: 127\.0\.0\.1:9 does not answer/m],
    ['a resolver that leads elsewhere', async (target) => { target['regions'][1]['resolver'] = { ...await resolver('127.9.9.9'), profile: 'honest' } }, /^dns south: portal\.staging\.test leads to 127\.9\.9\.9, neither of/m],
    ['a resolver that does not know the name', async (target) => { target['regions'][1]['resolver'] = { ...await resolver(null), profile: 'honest' } }, /^dns south: .* does not know portal\.staging\.test/m],
    ['procedures that are not published in a province', async (target) => { target['systems'][0]['url'] = await serve((request, response) => request.url === '/export' ? json(response, []) : portalOf(request.url!.includes('hue') ? [] : undefined)(request, response)) }, new RegExp(`^catalogue hue: ${PROCEDURES.length} missing: 9\\.900001`, 'm')],
    ['a reader that is not allowed', (target) => { delete target['systems'][0]['auth'] }, /^readers portal: READER_REFUSED: .* -> give the account the right/m],
    ['an export of another schema', (target) => { target['systems'][0]['read'] = { ...READ, records: [{ ...READ.records[0], key: 'number' }] } }, /^readers portal: EXPORT_SCHEMA: portal: a dossier has no "number"/m],
    ['no reader at all', (target) => { delete target['systems'][0]['read'] }, /^readers portal: has no reader: .* inconclusive -> add read/m],
    ['that it may only be read', (target) => { target['may']['write'] = false }, /^permissions may\.write: read only/m],
    ['its hours', (target) => { const hour = (new Date(Date.now() + 9 * 3_600_000)).getUTCHours(); target['may']['window'] = { from: `${String(hour).padStart(2, '0')}:00`, to: `${String((hour + 1) % 24).padStart(2, '0')}:00` } }, /^window may\.window: .*it is/m],
  ])('%s', async (_, change, says) => {
    const target = await staging()
    await change(target)
    const { code, lacking } = await examine(target)
    expect(lacking.join('\n')).toMatch(says)
    expect(code).toBe(254)
  })

  it('a secret that is not set, before anything is asked', async () => {
    const { code, lacking } = await examine(await staging(), [], {})
    expect(code).toBe(254)
    expect(lacking).toEqual([expect.stringMatching(/TARGET_SECRET_MISSING: the environment variable TOKEN is not set -> set it/)])
    expect([...methods]).toEqual([])
  })
  it('a file in disorder, with all its mistakes', async () => {
    const { code, err } = await examine(await staging((target) => { target['systems'][0]['role'] = 'portl'; target['kin'] = 1 }))
    expect(code).toBe(254)
    expect(err).toMatch(/TARGET_ROLE_UNKNOWN/)
    expect(err).toMatch(/KEY_UNKNOWN/)
  })
})
