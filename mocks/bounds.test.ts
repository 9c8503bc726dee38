/**
 * Nothing that a partner holds grows without bound: thousands of whole cases at partners that remember a few. Every Map, Set and array that grows meanwhile is
 * watched, so that one that nobody thought of is found as well; and what was forgotten is said wherever it could be missed.
 */
import { createHash, createHmac } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BANKS } from '../contracts/reference/banks.ts'
import { personOf } from '../contracts/reference/people.ts'
import { bankSimulator } from './banks/simulator.ts'
import { callCentreSimulator } from './call-centre/simulator.ts'
import { civilStatusSimulator } from './civil-status/simulator.ts'
import { dossierSystemSimulator } from './dossier-system/simulator.ts'
import { exchangeNodeSimulator } from './exchange-node/simulator.ts'
import { landSimulator } from './land/simulator.ts'
import { postSimulator } from './post/simulator.ts'
import type { Simulator } from './simulator.ts'
import { smsSimulator } from './sms/simulator.ts'
import { taxSimulator } from './tax/simulator.ts'
import { inProcess, type Ask } from './testing/carriers.ts'
import { makeSigningKey } from './vneid/keys.ts'
import { vneidSimulator } from './vneid/simulator.ts'
import { createWorld, type World } from './world.ts'

const CASES = 1_200
const REMEMBERED = 20
/** Far below one entry for each case, far above what is remembered and under way. */
const BOUND = 500
const KEY = 'k'
const NOW = Date.parse('2026-04-10T21:00:00+07:00')
const key = await makeSigningKey()

/** Takes whatever partners send. */
let receiver: Server
let url: string
beforeAll(async () => {
  receiver = createServer((request, response) => { request.resume().on('end', () => response.end('{}')) }).listen(0, '127.0.0.1')
  await once(receiver, 'listening')
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`
})
afterAll(() => { receiver.closeAllConnections(); receiver.close() })

type Memory = Record<string, any>
/** What came back is remembered whole, by the number of the step. */
type Step = (n: number, memory: Memory) => Ask

const post = (path: string, value: unknown): Ask => {
  const body = JSON.stringify(value)
  return { method: 'POST', path, body, headers: { 'content-type': 'application/json', 'x-signature': createHmac('sha256', KEY).update(body).digest('hex') } }
}
const get = (path: string): Ask => ({ method: 'GET', path })
const form = (path: string, fields: Record<string, string>): Ask => ({ method: 'POST', path, headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: new URLSearchParams(fields).toString() })
const codeOf = (n: number, offset = 0) => `G08-260410-${String(n + offset).padStart(6, '0')}`
const order = (n: number) => ({ reference: `op-${n}`, dossierCode: codeOf(n), callbackUrl: url })
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const CLIENT = { clientId: 'portal', clientSecret: 's', redirectUris: ['http://portal.test/cb'] }

type Partner = { name: string; make: (world: World) => Simulator; steps: readonly Step[]; /** Each step until nothing is under way. */ waits?: boolean; /** Asked of what is long forgotten, and how it is answered. */ gone: [Ask, number, string]; /** Something that must be refused, or still be right. */ sums?: [Ask, unknown] }
const PARTNERS: readonly Partner[] = [
  { name: 'vneid', make: (world) => vneidSimulator({ world, issuer: 'http://vneid.test', client: { ...CLIENT, backChannelLogoutUri: `${url}/bc` }, key }), steps: [
    (n) => get(`/authorize?${new URLSearchParams({ response_type: 'code', client_id: 'portal', redirect_uri: CLIENT.redirectUris[0]!, scope: 'openid', state: 's', nonce: 'n', code_challenge: createHash('sha256').update('v'.repeat(43)).digest('base64url'), code_challenge_method: 'S256', reference: `op-${n}` })}`),
    (n, memory) => post('/authorize/login', { request: new URL(memory[0].loginUrl).searchParams.get('request'), personId: personOf(n).personId, passcode: personOf(n).personId.slice(-6) }),
    (_n, memory) => form('/token', { grant_type: 'authorization_code', code: new URL(memory['location']).searchParams.get('code')!, redirect_uri: CLIENT.redirectUris[0]!, client_id: 'portal', client_secret: 's', code_verifier: 'v'.repeat(43) }),
    (n, memory) => n % 2 === 0 ? get(`/logout?id_token_hint=${memory[2].id_token}`) : get('/jwks'),
  ], gone: [{ method: 'GET', path: '/userinfo', headers: { authorization: 'Bearer none' } }, 401, 'invalid_token'] },
  { name: 'bank', make: (world) => bankSimulator({ world, row: BANKS[0]! }), steps: [
    (n) => post('/v1/qr', { transactionCode: `TX${n}`, account: '0011', accountName: 'A', amountVnd: 1_000 + n, reference: `op-${n}`, expiresAt: NOW + (n % 5 === 0 ? -1 : 3_600_000), callbackUrl: url }),
    (n, memory) => post('/v1/scan', { qr: memory[0].qr, personId: personOf(n).personId, reference: `scan-${n}` }),
    (n) => post('/v1/credits', { reference: `back-${n}`, transactionCode: `TX${n}`, amountVnd: 1_000 + n, callbackUrl: url }),
    (n) => post('/v1/qr', { transactionCode: `NEVER${n}`, account: '0011', accountName: 'A', amountVnd: 1, reference: `never-${n}`, expiresAt: NOW + 3_600_000, callbackUrl: url }),
    (n) => post(`/v1/qr/NEVER${n}/cancel`, { reference: `cancel-${n}` }),
  ], gone: [get('/v1/qr/TX1'), 404, 'TRANSACTION_UNKNOWN'], sums: [get('/v1/statement?day=2026-04-10'), { error: { code: 'PERIOD_GONE' } }] },
  { name: 'sms', make: (world) => smsSimulator({ world }), steps: [(n) => post('/v1/messages', { messageId: `m-${n}`, phone: '+84990000001', text: `Hồ sơ ${n}`, reference: `op-${n}`, receiptUrl: url })],
    gone: [get('/v1/messages/m-1'), 404, 'MESSAGE_UNKNOWN'] },
  { name: 'partner-justice', make: (world) => {
    const simulator = dossierSystemSimulator('partner-justice', { world, unitCode: 'G08', push: { partnerId: 'justice', key: KEY, portalSyncUrl: url }, pushAttachments: true })
    simulator.control!({ action: 'connect', connected: true })
    return simulator
  }, steps: [
    (n) => post('/v1/forwarded', { reference: `op-${n}`, dossierCode: codeOf(n), procedureCode: '9.900001', unitCode: 'G08', applicantName: `Người Thử ${n}`, status: 'newly-registered', submittedAt: NOW, origin: 'direct', partner: 'justice', level: null, feeVnd: 0, dueAt: null, territory: null }),
    (n) => post('/desk/dossiers', { reference: `desk-${n}`, dossierCode: codeOf(n, 500_000), procedureCode: '9.900001', applicantId: personOf(n).personId, applicantName: `Người Thử ${n}`, applicantBirthDate: '1980-01-01', status: 'received' }),
    (n) => post('/v1/statuses', { statuses: [{ reference: `told-${n}`, dossierCode: codeOf(n), status: 'received', at: NOW, source: 'staff' }, { reference: `early-${n}`, dossierCode: codeOf(n, 300_000), status: 'received', at: NOW, source: 'staff' }] }),
    (n) => post('/desk/supplements', { reference: `ask-${n}`, dossierCode: codeOf(n), text: 'Bổ sung' }),
    (n) => post('/v1/attachments', { reference: `file-${n}`, dossierCode: codeOf(n), fileName: 'a.pdf', contentType: 'application/pdf', sizeBytes: 4, sha256: sha256('tệp'.slice(0, 2)), content: Buffer.from('tệp'.slice(0, 2)).toString('base64'), offset: 0 }),
    (n) => post('/v1/supplements', { reference: `answer-${n}`, dossierCode: codeOf(n), text: 'Đây', attachmentIds: [] }),
    (n) => post('/v1/confirmations', { system: 'civil-status', reference: `conf-${n}`, dossierCode: codeOf(n), number: `HT${n}`, status: 'registered', sequence: 1, at: NOW, amountVnd: null, note: '' }),
    (n) => n % 2 === 0 ? post('/desk/results', { reference: `result-${n}`, dossierCode: codeOf(n), outcome: 'granted', note: '' }) : get('/v1/readiness'),
    (n) => post('/public/v1/dossiers', { reference: `own-${n}`, procedureCode: '9.900001', provinceId: 'ha-noi', personId: personOf(n).personId, applicantName: 'Người Thử', applicantBirthDate: '1980-01-01', phone: '0990000001', note: '' }),
  ], gone: [get('/desk/dossiers?reference=op-1'), 404, 'DOSSIER_UNKNOWN'], sums: [get('/v1/dossiers?limit=5'), { error: { code: 'PERIOD_GONE' } }] },
  { name: 'civil-status', make: (world) => civilStatusSimulator({ world }), steps: [(n) => post('/v1/registrations', { ...order(n), kind: 'marriage', personId: personOf(n).personId, eventDate: '2026-04-01' })], gone: [get('/v1/registrations?reference=op-1'), 404, 'ORDER_UNKNOWN'] },
  { name: 'land', make: (world) => landSimulator({ world, ownUrl: url, taxUrl: url }), steps: [(n) => post('/v1/changes', { ...order(n), unitCode: 'H01', mapSheet: 1 + n % 90, parcelNumber: 1 + Math.floor(n / 90), kind: 'transfer', payerId: personOf(n).personId })], gone: [get('/v1/changes?reference=op-1'), 404, 'ORDER_UNKNOWN'] },
  { name: 'tax', make: (world) => taxSimulator({ world, stepMs: [0, 0] }), steps: [
    (n) => post('/v1/assessments', { ...order(n), kind: 'land-transfer', payerId: personOf(n).personId, baseVnd: 1_000_000 }),
    (n) => get(`/v1/notices?reference=op-${n}`),
    (n, memory) => post('/v1/payments', { reference: `pay-${n}`, number: memory[1].number, amountVnd: memory[1].amountVnd }),
  ], waits: true, gone: [get('/v1/notices?reference=op-1'), 404, 'ORDER_UNKNOWN'] },
  { name: 'post', make: (world) => postSimulator({ world }), steps: [(n) => post('/v1/orders', { ...order(n), service: 'deliver-result', unitCode: 'H01', name: 'Người Thử', phone: '+84990000001', address: 'Số 1, đường Thử Nghiệm', provinceId: 'ha-noi' })], gone: [get('/v1/orders?reference=op-1'), 404, 'ORDER_UNKNOWN'] },
  { name: 'call-centre', make: (world) => callCentreSimulator({ world }), steps: [(n) => post('/v1/calls', { reference: `op-${n}`, phone: '+84990000001', topic: 'dossier', dossierCode: codeOf(n), eventUrl: url })],
    gone: [get('/v1/calls?reference=op-1'), 404, 'CALL_UNKNOWN'], sums: [get('/v1/figures?day=2026-04-10'), { asked: CASES }] },
  { name: 'exchange-node', make: (world) => exchangeNodeSimulator({ world, addresses: { health: url } }), steps: [
    (n) => post('/v1/messages', { messageId: `m-${n}`, from: 'portal', to: n % 2 === 0 ? 'justice' : 'health', kind: 'dossier', reference: `op-${n}`, sentAt: NOW, payload: {}, ackUrl: url }),
    (n) => post('/v1/fetches', { party: 'justice', max: 1 + n % 2 }),
    (n) => post('/v1/acknowledgements', { messageId: `m-${n}`, party: 'justice', result: 'accepted' }),
  ], gone: [get('/v1/messages?messageId=m-1'), 404, 'MESSAGE_UNKNOWN'], sums: [get('/v1/queues?party=justice'), { party: 'justice', total: CASES / 2 }] },
]

type Container = Map<unknown, unknown> | Set<unknown> | unknown[]
const sizeOf = (container: Container) => Array.isArray(container) ? container.length : container.size

/** Every container that is added to while it runs, and how large each was before. */
async function watched(run: () => Promise<void>): Promise<Map<Container, number>> {
  const before = new Map<Container, number>()
  const originals = [[Map.prototype, 'set'], [Set.prototype, 'add'], [Array.prototype, 'push']] as const
  const own = { has: Map.prototype.has, set: Map.prototype.set }
  const restore = originals.map(([prototype, name]) => {
    const original = (prototype as any)[name]
    ;(prototype as any)[name] = function (this: Container, ...args: unknown[]) {
      if (!own.has.call(before, this)) own.set.call(before, this, sizeOf(this))
      return original.apply(this, args)
    }
    return () => { (prototype as any)[name] = original }
  })
  try { await run() } finally { for (const undo of restore) undo() }
  return before
}

async function play(simulator: Simulator, { steps, waits = false }: Pick<Partner, 'steps' | 'waits'>): Promise<Map<string, number>> {
  const statuses = new Map<string, number>()
  for (let n = 0; n < CASES; n += 1) {
    const memory: Memory = {}
    for (const [nth, step] of steps.entries()) {
      const answer = await inProcess(simulator.endpoint, step(n, memory))
      while (simulator.pending() > (waits ? 0 : Infinity)) await new Promise(setImmediate)
      if (answer === 'reset') throw new Error('reset')
      const seen = `${nth} ${answer.status}`
      statuses.set(seen, (statuses.get(seen) ?? 0) + 1)
      memory[nth] = answer.body.startsWith('{') ? JSON.parse(answer.body) : undefined
      if (answer.headers['location']) memory['location'] = answer.headers['location']
    }
    // What is sent is taken before there is much of it.
    while (simulator.pending() > 100) await new Promise(setImmediate)
  }
  return statuses
}

const worldOf = (remembered: number) => createWorld({ seed: 1, scenarioStartMs: NOW, remembered, keys: Object.fromEntries(['vneid', 'bank-vcb', 'sms', 'justice', 'civil-status', 'land', 'tax', 'post', 'call-centre', 'exchange-node', 'portal'].map((id) => [id, KEY])) })

describe('a partner that remembers little', () => {
  it.each(PARTNERS.map((partner) => [partner.name, partner] as const))('%s holds no more for it, and says what it has forgotten', async (name, partner) => {
    const simulator = partner.make(worldOf(REMEMBERED))
    try {
      let statuses = new Map<string, number>()
      const grown = await watched(async () => { statuses = await play(simulator, partner) })
      // Each step is taken as a rule; what a case needs may have been forgotten before, or not have happened yet.
      for (const nth of partner.steps.keys()) expect(Math.max(...[200, 201, 202, 302].map((status) => statuses.get(`${nth} ${status}`) ?? 0)), `${nth}: ${JSON.stringify([...statuses])}`).toBeGreaterThan(CASES / 10)
      const large = [...grown].filter(([container, before]) => sizeOf(container) - before > BOUND).map(([container, before]) => `${container.constructor.name} of ${sizeOf(container)}, ${before} before: ${String(JSON.stringify([...container as Iterable<unknown>].slice(-1))).slice(0, 200)}`)
      expect(large).toEqual([])
      expect(simulator.forgotten()).toBeGreaterThan(CASES / 2)
      expect(() => simulator.evidence()).toThrow(`EVIDENCE_FORGOTTEN: ${name === 'bank' ? 'bank-vcb' : name} has forgotten ${simulator.forgotten()} records`)
      const [asked, status, code] = partner.gone
      const answer = await inProcess(simulator.endpoint, asked)
      expect(answer).toMatchObject({ status, body: expect.stringContaining(code) })
      if (partner.sums) {
        const [question, expected] = partner.sums
        expect(JSON.parse((await inProcess(simulator.endpoint, question) as { body: string }).body)).toMatchObject(expected as object)
      }
    } finally { await simulator.close() }
  }, 60_000)

  it('is found out where it does not forget', async () => {
    const held = new Map<number, string>()
    const grown = await watched(async () => { for (let n = 0; n < CASES; n += 1) held.set(n, 'x') })
    expect([...grown].filter(([container, before]) => sizeOf(container) - before > BOUND).map(([container]) => container)).toContain(held)
  })

  it('forgets nothing, and has all as evidence, where there is room', async () => {
    const partner = PARTNERS[1]!
    const simulator = partner.make(worldOf(10_000))
    try {
      await play(simulator, partner)
      expect(simulator.forgotten()).toBe(0)
      expect(simulator.evidence().filter(({ key }) => key.startsWith('qr/')).length).toBe(CASES * 2)
    } finally { await simulator.close() }
  }, 60_000)
})
