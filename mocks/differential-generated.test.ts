/**
 * The fast path (index by method and path, the resolver called directly, no Request object) answers as msw does that finds the handler by itself: 100,000
 * generated requests over all roles, canonical and by a second contract profile; good ones, bad ones, HEAD and OPTIONS, templates, broken escapes.
 */
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { Behaviour } from '../contracts/api/behaviour.ts'
import { ContractProfile } from '../contracts/partner-api/contract-profile.ts'
import type { Operation } from '../contracts/partner-api/operation.ts'
import { generatedValue } from '../contracts/partner-api/testing/generated-value.ts'
import { compileWires, type RoleWire } from '../contracts/partner-api/wire.ts'
import type { SimulatorsConfig } from '../contracts/process.ts'
import { personOf } from '../contracts/reference/people.ts'
import { roleOfEndpoint } from './openapi/document-of.ts'
import { makerOf, SIMULATORS } from './registry.ts'
import { toMswHandlers } from './server/msw.ts'
import type { Simulator } from './simulator.ts'
import { comparable, inProcess, throughMsw, type Ask } from './testing/carriers.ts'
import { makeSigningKey } from './vneid/keys.ts'
import { vneidSimulator } from './vneid/simulator.ts'
import { createWorld } from './world.ts'

const ALL_REQUESTS = 100_800
const BASE = 'http://partner.test'
const NOW = 1_776_000_000_000
/** Nobody listens there: a callback is tried in vain. */
const NOWHERE = 'http://127.0.0.1:1/callbacks'
const GUIDE = ContractProfile.parse(parse(readFileSync(new URL('../contracts/contract-profiles/assumed-guide.yaml', import.meta.url), 'utf8')))
const key = await makeSigningKey()

/** One of those that differ in nothing but data. */
const SYSTEMS = [...SIMULATORS.keys()].filter((id) => !id.startsWith('partner-') || id === 'partner-justice')
const config = (contractProfile: ContractProfile | undefined): SimulatorsConfig => ({
  hosts: Object.fromEntries(SYSTEMS.map((id) => [id, '127.0.0.1'])), port: 9, adminPort: 9, portalSyncUrl: 'http://127.0.0.1:1', baseUrl: BASE, contractProfile,
  keys: Object.fromEntries(SYSTEMS.map((id) => [id, 'k'])), vneidClient: { clientId: 'portal', clientSecret: 's', redirectUris: ['http://portal.test/cb'] }, seed: 3, timeScale: 1, scenarioStartMs: NOW,
})

async function make(id: string, profile: ContractProfile | undefined): Promise<Simulator> {
  const world = createWorld({ ...config(profile), wallNow: () => NOW })
  // Work in the background would reach one of the two sooner than the other.
  world.after = () => () => {}
  if (id === 'vneid') return vneidSimulator({ world, issuer: BASE, client: config(profile).vneidClient, key, idSecret: 'known' })
  return makerOf(id)(config(profile), world, '127.0.0.1')
}

const few = (...values: unknown[]) => fc.constantFrom(...values)
/** So that requests concern the same few things again and again. */
const KNOWN: Record<string, fc.Arbitrary<unknown>> = {
  reference: few('op-1', 'op-2', 'op-3', 'op-4', 'op-5', 'đ/ừ %'), transactionCode: few('TX1', 'TX2', 'TX3', 'x y'), dossierCode: few('G08-260410-000001', 'G08-260410-000002', 'H01-260410-000003'),
  messageId: few('m1', 'm2', 'm/3'), amountVnd: few(1, 135_000, 0, '135000'), personId: few(personOf(1).personId, personOf(2).personId), phone: few('0990004217', '+84990004217', 'x'),
  procedureCode: few('9.900001', '9.900002', '9'), unitCode: few('G08', 'H01'), callbackUrl: few(NOWHERE, 'x'), receiptUrl: few(NOWHERE, NOWHERE, 'ftp://x'), expiresAt: few(NOW + 60_000, NOW - 1),
  applicantBirthDate: few('1980-01-01', '1980-13-01'), status: few('received', 'in-process', 'done', 'newly-registered'), account: few('0011', '0012'), accountName: few('Kho bạc', 'A'), applicantId: few('999000000011'),
  client_id: few('portal', 'x'), redirect_uri: few('http://portal.test/cb', 'http://x.test'), grant_type: few('authorization_code', 'password'), response_type: few('code'), scope: few('openid', 'x'),
}

function asksOf(wire: RoleWire): fc.Arbitrary<Ask> {
  const { operations } = wire.role
  const paths = operations.map(({ name }) => wire.operation(name).path)
  const elsewhere = fc.constantFrom('/', '/v1', '/V1/QR', '/v1/qr/', '/v1//qr', '/nothing', '/v1/qr/%ff', '/v1/qr/%4', '/v1/messages/%E1%BB%93', '/v1/qr/a/b', ...paths, ...paths.map((path) => `${path.replaceAll(/\{.*?\}/g, '%')}/`))
  const methods = fc.constantFrom('GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'DELETE', 'PATCH')
  const junk = fc.record({ method: methods, path: elsewhere, body: fc.constantFrom('{}', '{', 'null', '[]', '"x"', 'a=%ff', '') })
  return fc.oneof({ weight: 12, arbitrary: fc.oneof(...operations.map((operation) => asksFor(wire, operation))) }, { weight: 1, arbitrary: junk })
    .map(({ body, ...ask }) => ask.method === 'GET' || ask.method === 'HEAD' ? ask : { ...ask, body })
}

function asksFor(wire: RoleWire, operation: Operation): fc.Arbitrary<Ask & { body: string }> {
  const examples = operation.examples.map(({ request }) => request)
  const value = fc.oneof({ weight: 4, arbitrary: generatedValue(operation.request, (field) => KNOWN[field]) }, ...examples.length > 0 ? [fc.constantFrom(...examples)] : [])
  return fc.record({
    value, method: fc.oneof({ weight: 12, arbitrary: fc.constant(undefined) }, fc.constantFrom('HEAD', 'OPTIONS', 'PATCH', 'GET', 'POST')),
    spoil: fc.oneof({ weight: 8, arbitrary: fc.constant(undefined) }, fc.constantFrom('cut', 'drop', 'extra', 'query') as fc.Arbitrary<string | undefined>),
    signed: fc.constantFrom(true, true, false), accept: fc.constantFrom('application/json', 'text/html'),
  }).map(({ value: canonical, method, spoil, signed, accept }) => {
    const asked = wire.request(operation.name, spoil === 'drop' ? Object.fromEntries(Object.entries(canonical as object).slice(1)) : spoil === 'extra' ? { ...canonical as object, extra: 1 } : canonical)
    const body = spoil === 'cut' ? asked.body.slice(0, -1) : asked.body
    const query = spoil === 'query' ? `${asked.query}&%=%zz` : asked.query
    return {
      method: method ?? asked.method, path: query === '' ? asked.path : `${asked.path}?${query}`, body,
      headers: { accept, ...(asked.contentType && { 'content-type': asked.contentType }), ...(operation.signed && wire.sign(signed ? 'k' : 'other', body, Date.now())), ...(operation.access && { authorization: 'Bearer x' }) },
    }
  })
}

const RUNS = SYSTEMS.flatMap((id) => [[id, 'canonical'], [id, 'guide']] as const)
const perRun = Math.ceil(ALL_REQUESTS / RUNS.length)
let compared = 0

describe('generated requests', () => {
  it.each(RUNS)('%s, %s', async (id, spoken) => {
    const profile = spoken === 'guide' ? GUIDE : undefined
    const [fast, handled] = [await make(id, profile), await make(id, profile)]
    const role = roleOfEndpoint(fast.endpoint)!
    const wire = fast.endpoint.wire ?? compileWires(undefined, [role]).get(role.id)!
    const first = role.operations[0]!.name
    const behaviours: Behaviour[] = [{ route: first, share: 0.05, status: 503, code: 'OUT_OF_SERVICE', seed: 1 }, { route: first, share: 0.02, reset: 'after', seed: 2 }] as Behaviour[]
    for (const { endpoint } of [fast, handled]) endpoint.behave(behaviours)
    const handlers = toMswHandlers(handled.endpoint, BASE)
    const statuses = new Map<number | 'reset', number>()
    try {
      for (const ask of fc.sample(asksOf(wire), { numRuns: perRun, seed: 7 })) {
        const answer = comparable(await inProcess(fast.endpoint, ask))
        const other = comparable(await throughMsw(BASE, handlers, ask))
        if (JSON.stringify(answer) !== JSON.stringify(other)) expect({ ask, answer: other }).toEqual({ ask, answer })
        const status = answer === 'reset' ? answer : answer.status
        if (status === 500) expect({ ask, answer }).toBe('never a 500')
        statuses.set(status, (statuses.get(status) ?? 0) + 1)
        compared += 1
      }
      // They must have been of many kinds, or the comparison says little.
      expect(statuses.size).toBeGreaterThanOrEqual(6)
      expect([...statuses].reduce((sum, [status, count]) => sum + (status !== 'reset' && status < 300 ? count : 0), 0)).toBeGreaterThan(perRun / 10)
      expect(fast.endpoint.served()).toBe(handled.endpoint.served())
    } finally { await Promise.all([fast.close(), handled.close()]) }
  })

  afterAll(() => { if (compared > 0 && compared >= perRun * RUNS.length) expect(compared).toBeGreaterThanOrEqual(100_000) })
})
