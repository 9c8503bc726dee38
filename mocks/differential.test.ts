/** The msw handlers and the fast server are two carriers of one endpoint: for the same requests they must answer the same. */
import { createHash } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Behaviour } from '../contracts/api/admin.ts'
import { PERSON_KINDS, personOf } from '../contracts/reference/people.ts'
import { BANKS, bankSimulator } from './banks/simulator.ts'
import { startReceiver, type Receiver } from './delivery/recording-receiver.ts'
import { dossierSystemSimulator } from './dossier-system/simulator.ts'
import { startFastServer, stopServer } from './server/fast-server.ts'
import { toMswHandlers } from './server/msw.ts'
import { comparable, inProcess, overSocket, throughMsw, type Answer, type Ask } from './testing/carriers.ts'
import type { Simulator } from './simulator.ts'
import { smsSimulator } from './sms/simulator.ts'
import { makeSigningKey, type SigningKey } from './vneid/keys.ts'
import { vneidSimulator } from './vneid/simulator.ts'
import { createWorld } from './world.ts'

/** What earlier answers gave: login pages, codes, tokens, QR codes. */
type Memory = Record<string, string>
type Plan = (memory: Memory) => Ask

const BASE = 'http://partner.test'
const NOW = 1_776_000_000_000
/** Over sockets, which is the whole way; and in this process, without the connection. */
const REQUESTS = { sockets: 300, 'in process': 3_000 } as const
const CLIENT = { clientId: 'portal', clientSecret: 's', redirectUris: ['http://portal.test/cb?a=1'] }
const world = () => createWorld({ seed: 3, scenarioStartMs: NOW, keys: { 'bank-vcb': 'k', 'sms': 'k', 'justice': 'k' }, wallNow: () => NOW })

let receiver: Receiver
let key: SigningKey
beforeAll(async () => {
  receiver = await startReceiver((_nth, { body }) => body.includes('9.900001') ? { status: 201 } : { status: 403, body: { error: { code: 'WAF_BLOCKED', message: 'm' } } })
  key = await makeSigningKey()
})
afterAll(() => receiver.close())

const post = (path: string, body: unknown): Ask => ({ method: 'POST', path, body: JSON.stringify(body), headers: { 'content-type': 'application/json' } })
const n = fc.nat(40)
const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
const junk: fc.Arbitrary<Plan> = fc.record({
  method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH'), path: fc.constantFrom('/', '/v1/qr', '/v1/scan', '/token', '/authorize', '/desk/dossiers', '/v1/nothing', '/v1/messages?x=1'),
  body: fc.oneof(fc.constant('{}'), fc.constant('{"a":'), fc.constant('null'), text),
}).map(({ method, path, body }) => () => ({ method, path, ...(method === 'GET' ? {} : { body }) }))

const vneid: fc.Arbitrary<Plan> = fc.oneof(
  fc.constantFrom('/.well-known/openid-configuration', '/jwks', '/logout').map((path): Plan => () => ({ method: 'GET', path })),
  { weight: 4, arbitrary: fc.record({ state: text, change: fc.constantFrom({}, {}, {}, { client_id: 'x' }, { response_type: 'x' }, { redirect_uri: 'http://x' }), reference: n }).map(({ state, change, reference }): Plan => () => ({
    method: 'GET', path: `/authorize?${new URLSearchParams({
      response_type: 'code', client_id: 'portal', redirect_uri: CLIENT.redirectUris[0]!, scope: 'openid', state, nonce: 'n', code_challenge_method: 'S256',
      code_challenge: createHash('sha256').update('v').digest('base64url'), reference: `op-${reference}`, ...change,
    })}`,
  })) },
  { weight: 4, arbitrary: fc.tuple(n, fc.boolean()).map(([index, right]): Plan => (memory) => {
    const { personId } = personOf(index, PERSON_KINDS[index % PERSON_KINDS.length])
    return post('/authorize/login', { request: memory['request'] ?? 'none', personId, passcode: right || index > 5 ? personId.slice(-6) : 'wrong' })
  }) },
  { weight: 4, arbitrary: fc.constantFrom('v', 'v', 'v', 'w').map((verifier): Plan => (memory) => ({
    method: 'POST', path: '/token', headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ grant_type: 'authorization_code', code: memory['code'] ?? 'none', redirect_uri: CLIENT.redirectUris[0]!, client_id: 'portal', client_secret: 's', code_verifier: verifier }).toString(),
  })) },
  { weight: 2, arbitrary: fc.boolean().map((known): Plan => (memory) => ({ method: 'GET', path: '/userinfo', headers: { authorization: known ? `Bearer ${memory['access_token']}` : 'Basic x' } })) },
  fc.constant<Plan>((memory) => ({ method: 'GET', path: `/logout?${new URLSearchParams({ id_token_hint: memory['id_token'] ?? 'none', post_logout_redirect_uri: 'http://portal.test/', state: 'ừ' })}` })),
)
const bank: fc.Arbitrary<Plan> = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(n, fc.constantFrom(1, 135_000, 0, 1.5), text).map(([i, amountVnd, accountName]): Plan => () => post('/v1/qr', {
    transactionCode: `TX${i}`, account: '001', accountName, amountVnd, reference: `op-${i}`, expiresAt: NOW + (i % 4 - 1), callbackUrl: `${receiver.url}/callback`,
  })) },
  { weight: 3, arbitrary: fc.tuple(n, fc.boolean()).map(([i, whole]): Plan => (memory) => post('/v1/scan', { qr: (memory['qr'] ?? '').slice(0, whole ? undefined : -1), personId: personOf(i).personId, reference: `scan-${i % 3}` })) },
  { weight: 2, arbitrary: fc.tuple(n, fc.constantFrom(1, 135_000, 0), n).map(([i, amountVnd, reference]): Plan => () => post('/v1/credits', { reference: `back-${reference % 3}`, transactionCode: `TX${i}`, amountVnd })) },
  fc.tuple(fc.constantFrom('0', 'x'), fc.constantFrom(String(NOW + 1), '')).map(([from, to]): Plan => () => ({ method: 'GET', path: `/v1/statement?from=${from}&to=${to}` })),
)
const sms: fc.Arbitrary<Plan> = fc.tuple(n, fc.constantFrom('0990004217', '+84990004217', 'x'), text).map(([i, phone, words]): Plan => () =>
  post('/v1/messages', { messageId: `m-${i}`, phone, text: words, reference: `op-${i}`, receiptUrl: `${receiver.url}/receipt` }))
const desk: fc.Arbitrary<Plan> = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(n, n, text, fc.constantFrom('9.900001', '9.900002')).map(([i, reference, note, procedureCode]): Plan => () => post('/desk/dossiers', {
    reference: `op-${i}-${reference % 2}`, dossierCode: `G08-260410-${i}`, procedureCode, applicantId: '1', applicantName: note, applicantBirthDate: '1980-01-01', status: 'received', note,
  })) },
  fc.tuple(n, n).map(([i, j]): Plan => () => post('/desk/statuses', { reference: `st-${j}`, dossierCode: `G08-260410-${i}`, status: 'done' })),
  n.map((i): Plan => () => ({ method: 'GET', path: `/desk/dossiers?reference=${i === 0 ? '' : i % 2 ? `f-${i}` : `own-${i}`}` })),
  { weight: 2, arbitrary: fc.tuple(n, n, fc.constantFrom('received', 'done'), fc.constantFrom('staff', 'citizen', undefined, 'nobody')).map(([i, j, status, source]): Plan => () => post('/v1/statuses', {
    statuses: [{ reference: `told-${j}`, dossierCode: `G08-260410-${i}`, status, at: NOW + j, source }],
  })) },
  { weight: 2, arbitrary: fc.tuple(n, text, fc.constantFrom('9.900001', '9.900002')).map(([i, applicantName, procedureCode]): Plan => () => post('/public/v1/dossiers', {
    reference: i === 1 ? 'f-1' : `own-${i}`, procedureCode, provinceId: 'ha-noi', personId: '1', applicantName, applicantBirthDate: '1980-01-01', phone: '0990000001',
  })) },
  n.map((i): Plan => () => post('/v1/forwarded', { reference: `f-${i}`, dossierCode: `G08-260410-${i}`, procedureCode: '9.900001', unitCode: 'G08', applicantName: 'A', status: 'received', submittedAt: 1, origin: 'direct', partner: 'justice' })),
)

const BEHAVIOURS: Record<string, Behaviour[]> = {
  vneid: [{ route: 'userinfo', share: 0.5, status: 503, seed: 1 }, { route: 'jwks', share: 0.5, reset: 'before', seed: 1 }],
  bank: [{ route: 'qr', share: 0.2, reset: 'after', seed: 1 }, { route: 'scan', share: 0.2, status: 500, seed: 2 }],
  sms: [{ route: 'send', share: 0.2, delayMs: 1, seed: 1 }, { route: 'send', share: 0.2, reset: 'before', seed: 2 }],
  desk: [{ route: 'forwarded', share: 0.3, status: 502, seed: 1 }, { route: 'desk-dossier', share: 0.1, reset: 'after', seed: 1 }],
}

const PARTNERS: [name: string, asks: fc.Arbitrary<Plan>, make: () => Simulator][] = [
  ['vneid', vneid, () => vneidSimulator({ world: world(), issuer: BASE, client: CLIENT, key, idSecret: 'known' })],
  ['bank', bank, () => bankSimulator({ world: world(), row: BANKS[0]! })],
  ['sms', sms, () => smsSimulator({ world: world() })],
  ['desk', desk, () => {
    const simulator = dossierSystemSimulator('partner-justice', { world: world(), unitCode: 'G08', push: { partnerId: 'justice', key: 'k', portalSyncUrl: receiver.url } })
    simulator.control?.({ action: 'connect', connected: true })
    return simulator
  }],
]

describe('msw handlers and fast server', () => {
  it.each(PARTNERS.flatMap(([name, asks, make]) => (['sockets', 'in process'] as const).map((carrier) => [name, carrier, asks, make] as const)))('answer the same: %s, %s', async (name, carrier, asks, make) => {
    const [served, handled] = [make(), make()]
    for (const simulator of [served, handled]) simulator.endpoint.behave(BEHAVIOURS[name]!)
    const server = await startFastServer(served.endpoint, { host: '127.0.0.1', port: 0 })
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const handlers = toMswHandlers(handled.endpoint, BASE)
    const memory: Memory = {}
    const statuses = new Set<number | 'reset'>()
    try {
      for (const plan of fc.sample(fc.oneof({ weight: 9, arbitrary: asks }, junk), { numRuns: REQUESTS[carrier], seed: 42 })) {
        const ask = plan(memory)
        const fast = carrier === 'sockets' ? await overSocket(url, ask) : await inProcess(served.endpoint, ask)
        expect({ ask, answer: comparable(await throughMsw(BASE, handlers, ask)) }).toEqual({ ask, answer: comparable(fast) })
        expectAsDeclared(served, ask, fast)
        remember(memory, fast)
        statuses.add(fast === 'reset' ? fast : fast.status)
      }
      const withoutTimes = (simulator: Simulator) => simulator.evidence().map((row) => ({ ...row, status: row.key.startsWith('sms/') ? '' : row.status }))
      expect(withoutTimes(handled)).toEqual(withoutTimes(served))
      expect(served.evidence().length).toBeGreaterThan(5)
      // The requests must have been of many kinds, or the comparison says little.
      expect(statuses.size).toBeGreaterThanOrEqual(5)
      expect(statuses).toContain('reset')
    } finally {
      await stopServer(server)
      await Promise.all([served.close(), handled.close()])
    }
  })
})

/** What the route says that it answers is what OpenAPI will promise; what a behaviour forced is not the route's. */
function expectAsDeclared(simulator: Simulator, { method, path }: Ask, answer: Answer): void {
  const route = simulator.endpoint.routes.find((candidate) => candidate.method === method && candidate.path === path.split('?')[0])
  if (!route || answer === 'reset' || answer.body.includes('SIMULATED_FAILURE')) return
  const schema = route.answers[answer.status]
  if (schema === undefined) throw new Error(`route "${route.name}" does not declare ${answer.status}`)
  if (schema === null) expect(answer.body).toBe('')
  else schema.parse(JSON.parse(answer.body))
}

function remember(memory: Memory, answer: Answer): void {
  if (answer === 'reset') return
  const code = answer.headers['location'] && new URL(answer.headers['location']).searchParams.get('code')
  if (code) memory['code'] = code
  const body = answer.body === '' ? {} : JSON.parse(answer.body) as Record<string, string>
  if (body['loginUrl']) memory['request'] = new URL(body['loginUrl']).searchParams.get('request')!
  for (const name of ['qr', 'access_token', 'id_token']) if (body[name]) memory[name] = body[name]
}
