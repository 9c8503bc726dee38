/** An independent OpenAPI fuzzer, run over real sockets against a simulator of every role, finds nothing; and finds what is planted. */
import { existsSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest'
import { DEFAULT_SIGNATURE } from '../../contracts/partner-api/contract-profile.ts'
import { openApiOf } from '../../contracts/partner-api/openapi.ts'
import { roleOf } from '../../contracts/partner-api/roles/index.ts'
import { fetchMessages } from '../../contracts/partner-api/roles/exchange-node.ts'
import { listTemplates } from '../../contracts/partner-api/roles/sms.ts'
import { createEndpoint, type Endpoint } from '../server/endpoint.ts'
import { startFastServer, stopServer } from '../server/fast-server.ts'
import { defineRoute, ok, refusal, type Answer } from '../server/route.ts'
import { roleOfEndpoint } from './document-of.ts'
import { KEY, startPartners, SYSTEMS, type PartnersUnderTest } from './partners-under-test.ts'
import { SIGN_ME, signingFront } from './signing-front.ts'
import { confined, provideSchemathesis, runSchemathesis, type Fuzzer } from './schemathesis.ts'

const TIMEOUT_MS = 420_000

let fuzzer: Fuzzer
let partners: PartnersUnderTest
beforeAll(async () => {
  fuzzer = await provideSchemathesis()
  partners = await startPartners(SYSTEMS)
}, 800_000)
afterAll(() => partners?.close())

async function fuzz(context: TestContext, endpoint: Endpoint, document = openApiOf(roleOfEndpoint(endpoint)!)) {
  if ('missing' in fuzzer) return context.skip(`schemathesis is not there: ${fuzzer.missing}`)
  // It cannot sign by itself; what it marks is signed on the way. That an unsigned or wrongly signed request is refused, it still finds out.
  const front = signingFront(endpoint, roleOfEndpoint(endpoint), KEY)
  const server = await startFastServer(front, { host: '127.0.0.1', port: 0 })
  try {
    const headers = front.met.size > 0 ? { [DEFAULT_SIGNATURE.header]: SIGN_ME } : {}
    return { ...await runSchemathesis(fuzzer.command, document, `http://127.0.0.1:${(server.address() as AddressInfo).port}`, `${partners.receiver.url}/callbacks`, headers), met: front.met }
  } finally { await stopServer(server) }
}

/** The first system of each role: the others differ in data, and are fuzzed by us. */
const OF_EACH_ROLE = ['vneid', 'bank-vcb', 'sms', 'partner-justice', 'civil-status', 'land', 'tax', 'post', 'call-centre', 'exchange-node']

describe('schemathesis', () => {
  it('is skipped with a reason where there is no Python', async () => {
    const cache = join(tmpdir(), `no-schemathesis-${process.pid}`)
    expect(await provideSchemathesis({ cache, python: 'no-such-python' })).toEqual({ missing: expect.stringMatching(/^no no-such-python of 3\.10 or later with venv: .*ENOENT/) })
    expect(existsSync(cache)).toBe(false)
  })

  it('meets every role that is simulated', () => {
    const roles = (ids: readonly string[]) => [...new Set(ids.map((id) => roleOfEndpoint(partners.simulators.get(id)!.endpoint)?.id))].toSorted()
    expect(roles(OF_EACH_ROLE)).toEqual(roles(SYSTEMS))
    expect(roles(OF_EACH_ROLE)).not.toContain(undefined)
  })

  it.for(OF_EACH_ROLE)('finds nothing in %s', { timeout: TIMEOUT_MS }, async (id, context) => {
    const { exitCode, output, met } = await fuzz(context, partners.simulators.get(id)!.endpoint)
    expect(exitCode, output.slice(-6_000)).toBe(0)
    // Behind the signature, and before it.
    for (const [operation, statuses] of met) {
      expect(statuses.has(401) && statuses.size > 1, `${operation}: ${[...statuses].join(' ')}`).toBe(true)
    }
    expect(output).toMatch(/Test cases:\s+\d+ generated, \d+ passed/)
  })

  it('gets behind the signature', { timeout: TIMEOUT_MS }, async (context) => {
    const { met } = await fuzz(context, partners.simulators.get('exchange-node')!.endpoint)
    expect([...met.keys()].toSorted()).toEqual(['acknowledge', 'fetch', 'send'])
    expect([...met.get('fetch')!]).toEqual(expect.arrayContaining([200, 401]))
    expect([...met.get('send')!]).toEqual(expect.arrayContaining([400, 401]))
  })

  it('finds a signature that is not checked', { timeout: TIMEOUT_MS }, async (context) => {
    const endpoint = createEndpoint([defineRoute({ ...fetchMessages, name: 'planted', signed: false, resolve: () => ok({ messages: [] }) })], undefined)
    const { exitCode, output } = await fuzz(context, endpoint, openApiOf({ ...roleOf('exchange-node')!, operations: [fetchMessages], calls: [] }))
    expect(exitCode, output.slice(-3_000)).toBe(1)
    expect(output).toMatch(/API accepts invalid authentication[^]*Missing required header accepted/)
  })

  const right = ok({ demanded: false, templates: [] })
  it.for<[string, Answer, RegExp | undefined]>([
    ['nothing where nothing is planted', right, undefined],
    ['a status that is not listed', ok({ demanded: false, templates: [] }, 299), /Undocumented status code/],
    ['a body that does not fit', ok({ demanded: 'no', templates: [] }), /Response violates schema/],
    ['a server error', refusal(500, 'SIMULATOR_FAILED', 'm'), /Server error/],
  ])('finds %s', { timeout: TIMEOUT_MS }, async ([, answer, found], context) => {
    // A name that no role has: the watch over all answers must not see what is planted here.
    const endpoint = createEndpoint([defineRoute({ ...listTemplates, name: 'planted', resolve: () => answer })], undefined)
    const { exitCode, output } = await fuzz(context, endpoint, openApiOf({ ...roleOf('sms')!, operations: [listTemplates], calls: [] }))
    if (!found) { expect(exitCode, output.slice(-3_000)).toBe(0); return }
    expect(exitCode).toBe(1)
    expect(output).toMatch(found)
  })
})

describe('a confined document', () => {
  it('names one address wherever a request could name any', () => {
    const document = confined(openApiOf(roleOf('bank')!), 'http://127.0.0.1:9/only')
    const requests = JSON.stringify([Object.values(document.paths).flatMap((item) => Object.values(item)).map(({ requestBody, parameters }) => [requestBody, parameters]),
      Object.entries(document.components.schemas).filter(([name]) => name.endsWith('Request'))])
    expect(requests).toContain('http://127.0.0.1:9/only')
    expect(requests.match(/https?:\/\/[^"\\]+/g)!.filter((url) => url !== 'http://127.0.0.1:9/only')).toEqual([])
    expect(requests).not.toContain('"format":"uri"')
  })
})
