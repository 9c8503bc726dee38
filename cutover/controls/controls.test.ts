/** Acting on systems that have no administration interface of ours: real commands, a real HTTP call, a person who is asked; and steps that go through them. */
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { createSocket } from 'node:dgram'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decode, encode, type Packet } from 'dns-packet'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ControlWay } from '../../contracts/target/control.ts'
import { Target, type TargetSystem } from '../../contracts/target.ts'
import { blotting, OWN_STACK, type Question, type TargetAccess } from '../access.ts'
import { createAdminClient } from '../admin-client.ts'
import type { AdminPort } from '../ports.ts'

let directory: string
const cleanUps: (() => unknown)[] = []
beforeEach(() => { directory = mkdtempSync(join(tmpdir(), 'controls-')); cleanUps.push(() => rmSync(directory, { recursive: true, force: true })) })
afterEach(async () => { for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp() })

function portOf(system: Partial<TargetSystem>, { with: own = {}, dns }: { with?: Partial<TargetAccess>; dns?: Target['dns'] } = {}): AdminPort {
  const target = Target.parse({
    version: 1, name: 'staging', kind: 'foreign', portalHost: 'portal.staging.test', addresses: { old: '127.0.0.1', new: '127.0.0.2' }, ...(dns && { dns }),
    regions: [{ id: 'north', gateway: 'http://127.0.0.1:1', resolver: { host: '127.0.0.1', port: 53, profile: 'honest' } }],
    systems: [{ id: 'portal', role: 'portal', mode: 'real', unit: 'portal-operator', ...system }],
  })
  const client = createAdminClient({ target, access: { ...OWN_STACK, ...own } })
  cleanUps.push(() => client.close())
  return client.of(target.systems[0]!.id)
}

const node = (code: string, ...args: string[]): Extract<ControlWay, { by: 'command' }> => ({ by: 'command', run: [process.execPath, '-e', code, ...args], timeoutMs: 5_000 })

describe('by a command', () => {
  it('puts in what the act has, through no shell, and hands on what it answers', async () => {
    const log = join(directory, 'log')
    const port = portOf({ id: 'dns-authority', role: 'dns-authority', control: { 'zone.set': node('require("fs").writeFileSync(process.argv[1], JSON.stringify(process.argv.slice(2).concat(process.env.TONGDUYET_ACT, String(process.env.SECRET)))); console.log(JSON.stringify({ serial: 7 }))', log, '{name}', '{address}', '$(touch x); {ttl}') } })
    process.env['SECRET'] = 'canary'
    try { expect(await port.control({ action: 'zone.set', name: 'portal.staging.test', address: '127.0.0.2', ttlS: 60 })).toEqual({ serial: 7 }) } finally { delete process.env['SECRET'] }
    expect(JSON.parse(readFileSync(log, 'utf8'))).toEqual(['portal.staging.test', '127.0.0.2', '$(touch x); 60', 'zone.set', 'undefined'])
  })
  it.each<[string, ReturnType<typeof node>, RegExp]>([
    ['fails', node('console.error("canary-1 refused"); process.exit(3)'), /portal: mode\.open by command: .* ended with code 3: ••• refused/],
    ['does not end', { ...node('setInterval(() => {}, 1000)'), timeoutMs: 300 }, /was not done within 300 ms/],
    ['is not there', { by: 'command', run: ['/nowhere/cmd'], timeoutMs: 1_000 }, /mode\.open by command: .*ENOENT/],
  ])('that %s is an error that names the system', async (_, way, says) => {
    await expect(portOf({ control: { 'mode.open': way } }, { with: { blot: blotting(['canary-1']) } }).control({ action: 'mode', mode: 'open' })).rejects.toThrow(says)
  })
  it('is killed when the step is called off', async () => {
    const stop = new AbortController()
    const port = portOf({ control: { publish: { ...node('setInterval(() => {}, 1000)'), timeoutMs: 60_000 } } })
    setTimeout(() => stop.abort(new Error('called off')), 200)
    await expect(port.control({ action: 'publish' }, stop.signal)).rejects.toThrow('called off')
  })
})

describe('by an HTTP call', () => {
  async function served(status = 200, answer = '{"published": 20}') {
    const seen: { method: string; url: string; authorization: string | undefined; body: string }[] = []
    const server = createServer((request, response) => {
      let body = ''
      request.on('data', (piece) => { body += String(piece) })
      request.on('end', () => { seen.push({ method: request.method!, url: request.url!, authorization: request.headers.authorization, body }); response.writeHead(status).end(answer) })
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    cleanUps.push(() => { server.closeAllConnections(); server.close() })
    return { seen, base: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
  }
  it('sends what the file says, once, with the system\'s account', async () => {
    const { seen, base } = await served()
    const port = portOf({ id: 'partner-ha-noi', role: 'partner', auth: { by: 'basic', user: 'ops', password: 'env:X' }, control: { connect: { by: 'http', method: 'PUT', url: `${base}/partners/{partner}`, headers: {}, body: '{"id": "{partner}", "on": true}', timeoutMs: 2_000 } } }, { with: { secretOf: () => 'canary' } })
    expect(await port.control({ action: 'connect', connected: true })).toEqual({ published: 20 })
    expect(seen).toEqual([{ method: 'PUT', url: '/partners/ha-noi', authorization: `Basic ${Buffer.from('ops:canary').toString('base64')}`, body: '{"id": "ha-noi", "on": true}' }])
  })
  it('takes nothing but 2xx for done', async () => {
    const { base } = await served(409, 'busy')
    await expect(portOf({ control: { 'publish': { by: 'http', method: 'POST', url: base, headers: {}, timeoutMs: 2_000 } } }).control({ action: 'publish' })).rejects.toThrow(/publish by http: POST answered 409 busy/)
  })
})

describe('by a person', () => {
  it.each([[true, 'confirmedBy'], [false, 'not done']])('who says %s', async (answer, says) => {
    const asked: Question[] = []
    const port = portOf({ id: 'legacy', role: 'legacy', control: { 'mode.frozen': { by: 'confirm', timeoutMs: 60_000 } } }, { with: { confirm: async (question) => { asked.push(question); return answer } } })
    const outcome = await port.control({ action: 'mode', mode: 'frozen' }).then(JSON.stringify, (error: Error) => error.message)
    expect(outcome).toContain(says)
    expect(asked).toMatchObject([{ system: 'legacy', act: 'mode.frozen', text: { vi: expect.stringContaining('legacy'), en: expect.stringContaining('Freeze') } }])
  })
})

describe('what the target does not offer', () => {
  it('is an error that names it; what it offers is told', async () => {
    const port = portOf({ control: { 'mode.open': node('') } })
    expect(port.offers('mode.open')).toBe(true)
    expect(port.offers('mode.closed')).toBe(false)
    await expect(port.control({ action: 'mode', mode: 'closed' })).rejects.toThrow(/portal: control "mode\.closed" is not offered/)
    await expect(port.control({ action: 'limit', queueMs: 0 })).rejects.toThrow(/is not offered/)
    await expect(port.pending()).rejects.toThrow(/no administration interface/)
    await expect(port.stats()).rejects.toThrow(/no administration interface/)
  })
  it('what is published in DNS is asked of the name server that the file names', async () => {
    const socket = createSocket('udp4')
    socket.on('message', (message, from) => {
      const query = decode(message) as Packet & { id: number }
      socket.send(encode({ type: 'response', id: query.id, flags: 0, questions: query.questions!, answers: [{ type: 'A', name: query.questions![0]!.name, data: '127.0.0.2', ttl: 60 }] } as Packet), from.port, from.address)
    })
    socket.bind(0, '127.0.0.1')
    await once(socket, 'listening')
    cleanUps.push(() => socket.close())
    const authority = { host: '127.0.0.1', port: socket.address().port }
    const port = portOf({ id: 'dns-authority', role: 'dns-authority', control: { 'zone.set': node('') } }, { dns: { switch: node(''), authority, unit: 'infrastructure' } })
    expect(await port.control({ action: 'zone.get', name: 'portal.staging.test' })).toEqual({ name: 'portal.staging.test', address: '127.0.0.2', ttlS: 60 })
  })
})
