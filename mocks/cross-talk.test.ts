/**
 * 10,000 citizens at once, their requests interleaved at random: each one's history is the one he has when he is alone on a partner of his own. One
 * process, one partner, no citizen sees another's state. What counts up through all (numbers, ids) is compared by its form.
 */
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { personOf } from '../contracts/reference/people.ts'
import { BANKS, bankSimulator } from './banks/simulator.ts'
import { draw } from './behaviour/draw.ts'
import { dossierSystemSimulator } from './dossier-system/simulator.ts'
import { createEndpoint } from './server/endpoint.ts'
import { defineRoute, ok } from './server/route.ts'
import type { Simulator } from './simulator.ts'
import { SMS_GATEWAYS, smsSimulator } from './sms/simulator.ts'
import { inProcess, type Answer, type Ask } from './testing/carriers.ts'
import { makeSigningKey } from './vneid/keys.ts'
import { vneidSimulator } from './vneid/simulator.ts'
import { createWorld } from './world.ts'

const CITIZENS = 10_000
const IN_FLIGHT = 64
const NOW = 1_776_000_000_000
const NOWHERE = 'http://127.0.0.1:1/callbacks'
const CLIENT = { clientId: 'portal', clientSecret: 's', redirectUris: ['http://portal.test/cb'] }
const key = await makeSigningKey()

/** What the citizen remembers of earlier answers. */
type Memory = Record<string, string>
type Step = (n: number, memory: Memory) => Ask

const post = (path: string, body: unknown): Ask => ({ method: 'POST', path, body: JSON.stringify(body), headers: { 'content-type': 'application/json' } })
const get = (path: string, headers: Record<string, string> = {}): Ask => ({ method: 'GET', path, headers })

function world() {
  const made = createWorld({ seed: 3, scenarioStartMs: NOW, wallNow: () => NOW, keys: { 'bank-vcb': 'k', 'sms': 'k', 'justice': 'k' } })
  // Nothing is sent out: what matters is what the partner says.
  made.after = () => () => {}
  return made
}

const personId = (n: number) => personOf(n).personId
const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'
const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'

/** `kinds`: of histories, by their statuses. */
const PARTNERS: [name: string, make: () => Simulator, steps: readonly Step[], kinds: number][] = [
  ['vneid', () => vneidSimulator({ world: world(), issuer: 'http://vneid.test', client: CLIENT, key, idSecret: 'known' }), [
    (n) => get(`/authorize?${new URLSearchParams({ response_type: 'code', client_id: 'portal', redirect_uri: CLIENT.redirectUris[0]!, scope: 'openid', state: `s-${n}`, nonce: `n-${n}`, code_challenge: challenge, code_challenge_method: 'S256', reference: `op-${n}` })}`),
    (n, memory) => post('/authorize/login', { request: memory['request'], personId: personId(n), passcode: 'wrong' }),
    (n, memory) => post('/authorize/login', { request: memory['request'], personId: personId(n), passcode: personId(n).slice(-6) }),
    (_n, memory) => ({ method: 'POST', path: '/token', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: new URLSearchParams({ grant_type: 'authorization_code', code: memory['code'] ?? '', redirect_uri: CLIENT.redirectUris[0]!, client_id: 'portal', client_secret: 's', code_verifier: verifier }).toString() }),
    (_n, memory) => get('/userinfo', { authorization: `Bearer ${memory['access_token']}` }),
    (_n, memory) => get(`/logout?id_token_hint=${memory['id_token']}`),
    (_n, memory) => get('/userinfo', { authorization: `Bearer ${memory['access_token']}` }),
  ], 1],
  ['bank', () => bankSimulator({ world: world(), row: BANKS[0]! }), [
    (n) => post('/v1/qr', { transactionCode: `TX${n}`, account: '0011', accountName: 'A', amountVnd: 1_000 + n, reference: `op-${n}`, expiresAt: NOW + (n % 10 === 0 ? -1 : 60_000), callbackUrl: NOWHERE }),
    (n) => get(`/v1/qr/TX${n}`),
    (n, memory) => post('/v1/scan', { qr: memory['qr'], personId: personId(n), reference: `scan-${n}` }),
    (n, memory) => post('/v1/scan', { qr: memory['qr'], personId: personId(n), reference: `again-${n}` }),
    (n) => post('/v1/credits', { reference: `back-${n}`, transactionCode: `TX${n}`, amountVnd: 1_000 + n + (n % 7 === 0 ? 1 : 0) }),
    (n) => get(`/v1/qr/TX${n}`),
  ], 3],
  ['sms', () => smsSimulator({ world: world(), row: SMS_GATEWAYS[0]! }), [
    (n) => get(`/v1/messages/m-${n}`),
    (n) => post('/v1/messages', { messageId: `m-${n}`, phone: `+8499${String(n).padStart(7, '0')}`, text: `Hồ sơ ${n}`, reference: `op-${n}`, receiptUrl: NOWHERE }),
    (n) => post('/v1/messages', { messageId: `m-${n}`, phone: `+8499${String(n).padStart(7, '0')}`, text: `Hồ sơ ${n}`, reference: `op-${n}`, receiptUrl: NOWHERE }),
    (n) => get(`/v1/messages/m-${n}`),
  ], 1],
  ['dossier-system', () => dossierSystemSimulator('partner-justice', { world: world(), unitCode: 'G08', push: { partnerId: 'justice', key: 'k', portalSyncUrl: 'http://127.0.0.1:1' } }), [
    (n) => get(`/desk/dossiers?reference=op-${n}`),
    (n) => post('/desk/dossiers', { reference: `op-${n}`, dossierCode: codeOf(n), procedureCode: '9.900001', applicantId: personId(n), applicantName: `Người Thử ${n}`, applicantBirthDate: '1980-01-01', status: 'received' }),
    (n) => post('/desk/statuses', { reference: `st-${n}`, dossierCode: codeOf(n), status: n % 3 === 0 ? 'result-returned' : 'in-process' }),
    (n) => post('/v1/statuses', { statuses: [{ reference: `told-${n}`, dossierCode: codeOf(n), status: 'done', at: NOW + n, source: 'staff' }] }),
    (n) => get(`/desk/dossiers?reference=op-${n}`),
  ], 1],
]

function codeOf(n: number): string { return `G08-260410-${String(n).padStart(6, '0')}` }

type Played = { mixedUp: unknown[]; kinds: number }

async function playTogether(make: () => Simulator, steps: readonly Step[], citizens: number): Promise<Played> {
  const histories: Answer[][] = Array.from({ length: citizens }, () => [])
  const memories: Memory[] = Array.from({ length: citizens }, () => ({}))
  const together = make()
  // All turns of all citizens in a random order; a citizen's own stay in theirs.
  const turns = shuffled(Array.from({ length: citizens * steps.length }, (_, turn) => turn % citizens), 11)
  const underWay = new Map<number, Promise<void>>()
  for (const n of turns) {
    const turn = (underWay.get(n) ?? Promise.resolve()).then(() => play(together, n, steps, histories[n]!, memories[n]!)).finally(() => { if (underWay.get(n) === turn) underWay.delete(n) })
    underWay.set(n, turn)
    if (underWay.size >= IN_FLIGHT) await Promise.race(underWay.values())
  }
  await Promise.all(underWay.values())
  await together.close()
  const mixedUp: unknown[] = []
  for (let n = 0; n < citizens; n += 1) {
    const alone = make()
    const history: Answer[] = []
    const memory: Memory = {}
    for (const _step of steps) await play(alone, n, steps, history, memory)
    await alone.close()
    const [own, shared] = [history.map(comparable), histories[n]!.map(comparable)]
    if (JSON.stringify(own) !== JSON.stringify(shared)) mixedUp.push({ n, own, shared })
  }
  return { mixedUp, kinds: new Set(histories.map((history) => history.map((answer) => answer === 'reset' ? answer : answer.status).join(' '))).size }
}

describe('many citizens at once', () => {
  it.each(PARTNERS)('%s: each has the history that he would have alone', async (_name, make, steps, kinds) => {
    const played = await playTogether(make, steps, CITIZENS)
    expect(played.mixedUp.slice(0, 3)).toEqual([])
    expect(played.kinds).toBe(kinds)
  }, 180_000)

  it('are told apart by nothing less: a partner with one memory for all is found out', async () => {
    const remember = defineRoute({
      name: 'remember', method: 'POST', path: '/last', takes: 'json', request: z.object({ reference: z.string() }), answers: { 200: z.object({ before: z.string() }) },
      resolve: (state: { last: string }, { reference }) => { const before = state.last; state.last = reference.split('-')[0]!; return ok({ before }) },
    })
    const forgetful = (): Simulator => ({ id: 'x', endpoint: createEndpoint([remember], { last: '' }), evidence: () => [], forgotten: () => 0, pending: () => 0, close: async () => {} })
    const step: Step = (n) => post('/last', { reference: `${n}-a` })
    expect((await playTogether(forgetful, [step, step], 100)).mixedUp.length).toBeGreaterThan(50)
  })
})

async function play(simulator: Simulator, n: number, steps: readonly Step[], history: Answer[], memory: Memory): Promise<void> {
  const answer = await inProcess(simulator.endpoint, steps[history.length]!(n, memory))
  history.push(answer)
  if (answer === 'reset') return
  const { location } = answer.headers
  if (location) memory['code'] = new URL(location).searchParams.get('code') ?? ''
  if (!answer.body.startsWith('{')) return
  const body = JSON.parse(answer.body) as Record<string, string>
  if (body['loginUrl']) memory['request'] = new URL(body['loginUrl']).searchParams.get('request')!
  for (const name of ['qr', 'access_token', 'id_token']) if (body[name]) memory[name] = body[name]
}

/** Numbers that count up through all citizens, ids and tokens made from them. */
function comparable(answer: Answer): Answer {
  if (answer === 'reset') return answer
  const blotted = (text: string) => text
    .replaceAll(/"(id_token)":"[^."]+\.([^."]+)\.[^"]+"/g, (_all, name: string, claims: string) => `"${name}":${JSON.stringify(claimsIn(claims))}`)
    .replaceAll(/"access_token":"[^"]+"/g, '"access_token":"…"').replaceAll(/(request|code)=[\w%-]+/g, '$1=…')
    .replaceAll(/"(bankReference)":"[A-Z]+\d+"/g, '"$1":"…"').replaceAll(/"gatewayId":"SMS\d+"/g, '"gatewayId":"…"')
  return { ...answer, body: blotted(answer.body), headers: { ...answer.headers, location: answer.headers['location'] ? blotted(answer.headers['location']) : null } }
}

function claimsIn(part: string): object {
  const { sid: _sid, ...claims } = JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as { sid?: string }
  return claims
}

function shuffled(turns: number[], seed: number): readonly number[] {
  for (let at = turns.length - 1; at > 0; at -= 1) {
    const other = Math.floor(draw(seed, at) * (at + 1))
    ;[turns[at], turns[other]] = [turns[other]!, turns[at]!]
  }
  return turns
}
