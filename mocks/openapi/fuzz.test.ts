/**
 * Ten thousand requests to each partner, made from its OpenAPI document: whatever comes, the answer is one that the document lists, refusals have a code,
 * nothing is a 500 and nothing falls over. A part of them over real sockets, broken bytes among them. FUZZ_SEED=N draws others.
 */
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openApiOf } from '../../contracts/partner-api/openapi.ts'
import { roleOf } from '../../contracts/partner-api/roles/index.ts'
import { readMessage, sendMessage } from '../../contracts/partner-api/roles/sms.ts'
import { createEndpoint } from '../server/endpoint.ts'
import { startFastServer, stopServer } from '../server/fast-server.ts'
import { defineRoute, ok, refusal, type Answer } from '../server/route.ts'
import { documentOf } from './document-of.ts'
import { fuzzEndpoint, fuzzServer, type FuzzOptions } from './fuzz.ts'
import { KEY, startPartners, SYSTEMS, type PartnersUnderTest } from './partners-under-test.ts'

const REQUESTS = 10_000
const OVER_SOCKETS = 300
const SEED = Number(process.env['FUZZ_SEED'] ?? 1)

describe.each(SYSTEMS)('%s', (id) => {
  let partners: PartnersUnderTest
  let options: Omit<FuzzOptions, 'numRuns'>
  beforeAll(async () => {
    partners = await startPartners([id])
    options = { seed: SEED, key: KEY, urls: [`${partners.receiver.url}/callbacks`] }
  })
  afterAll(() => partners.close())
  const target = () => {
    const { endpoint } = partners.simulators.get(id)!
    const document = documentOf(endpoint)
    if (!document) throw new Error(`${id} is of no role`)
    return { endpoint, document }
  }

  it(`answers ${REQUESTS} requests by its document`, async () => {
    const { endpoint, document } = target()
    const met = [...await fuzzEndpoint(endpoint, document, { ...options, numRuns: REQUESTS })]
    // The requests must have come through to the work of every operation, and been refused by it, or they say little.
    const operations = Object.values(document.paths).flatMap((item) => Object.values(item)).map(({ operationId }) => String(operationId))
    const without = (status: RegExp) => operations.filter((name) => !met.some((pair) => pair.startsWith(`${name} `) && status.test(pair.slice(name.length + 1))))
    expect({ neverDone: without(/^[23]/), neverRefused: without(/^4/) }, met.toSorted().join(', ')).toEqual({ neverDone: [], neverRefused: [] })
  }, 300_000)

  it(`answers ${OVER_SOCKETS} requests and broken bytes over sockets`, async () => {
    const { endpoint, document } = target()
    const server = await startFastServer(endpoint, { host: '127.0.0.1', port: 0 })
    try {
      await fuzzServer((server.address() as AddressInfo).port, document, { ...options, numRuns: OVER_SOCKETS })
    } finally { await stopServer(server) }
  }, 300_000)
})

describe('the fuzzer', () => {
  // A name that no role has: the watch over all answers must not see what is planted here.
  const planted = (answer: (text: string) => Answer) => createEndpoint([
    defineRoute({ ...sendMessage, resolve: (_state, { text = '' }) => answer(text) }),
    defineRoute({ ...readMessage, name: 'planted', resolve: () => refusal(404, 'MESSAGE_UNKNOWN', 'm') }),
  ], undefined)
  const accepted = ok({ gatewayId: 'SMS1', encoding: 'gsm-7', segments: 1 }, 202)
  const fuzz = (answer: (text: string) => Answer) => fuzzEndpoint(planted(answer), openApiOf({ ...roleOf('sms')!, operations: [sendMessage, readMessage] }), { numRuns: 2_000, seed: 1, urls: ['http://127.0.0.1:9/'], key: KEY })

  it('finds nothing where nothing is wrong', async () => { await fuzz(() => accepted) })

  it.each<[string, (text: string) => Answer, RegExp]>([
    ['a bug that only some texts wake', (text) => { if (/[^\x00-\x7f]/.test(text)) throw new TypeError('cannot encode'); return accepted }, /send answered 500/],
    ['a status that is not listed', (text) => text.length > 9 ? ok({}, 206) : accepted, /send answered 206/],
    ['a code that is not listed', (text) => text.includes('"') ? refusal(422, 'QUOTE', 'm') : accepted, /body\/error\/code must be equal to one of the allowed values/],
    ['a wrong type', () => ok({ gatewayId: 1, encoding: 'gsm-7', segments: 1 }, 202), /body\/gatewayId must be string/],
  ])('finds %s, and the request that shows it', async (_what, answer, problem) => {
    const found = await fuzz(answer).then(() => undefined, (error: Error) => error)
    expect(found?.message).toMatch(/Counterexample: .*"operation":"send"/)
    expect(String((found?.cause as Error)?.message)).toMatch(problem)
  })
})
