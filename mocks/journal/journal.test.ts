import { describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import * as didYouMean from '../../contracts/did-you-mean.ts'
import { createConduct } from '../behaviour/conduct.ts'
import { createEndpoint, type RawRequest } from '../server/endpoint.ts'
import { defineRoute, ok } from '../server/route.ts'
import { createWorld } from '../world.ts'
import { askJournal, JournalQuery, type JournalEntry } from './ask.ts'
import { createJournals } from './journal.ts'

vi.mock(import('../../contracts/did-you-mean.ts'), { spy: true })

const routes = [
  defineRoute({ name: 'send', method: 'POST', path: '/v1/messages', takes: 'json', request: z.strictObject({ reference: z.string(), text: z.string() }), answers: { 202: null }, resolve: (_state: undefined, input) => ok({ text: input.text }, 202) }),
  defineRoute({ name: 'look-up', method: 'GET', path: '/v1/messages/{id}', takes: 'query', request: z.object({ id: z.string() }), answers: { 200: null }, resolve: (_state: undefined, input) => ok(input) }),
]

function made(size = 10) {
  const journals = createJournals({ size, now: () => 42 })
  const world = createWorld({ seed: 1, scenarioStartMs: 0, keys: {}, journals })
  const endpoint = createEndpoint(routes, undefined, createConduct(world, { system: 'sms', role: 'sms', routes }))
  const other = createEndpoint(routes, undefined, createConduct(world, { system: 'other', role: 'sms', routes }))
  const ask = async (method: string, path: string, body: unknown = '', at = endpoint) => at.reply({ method, path, query: '', body: typeof body === 'string' ? body : JSON.stringify(body), header: () => undefined } satisfies RawRequest)
  const query = (values: Record<string, string> = {}): JournalEntry[] => askJournal(journals, JournalQuery.parse(values), (partner) => partner === 'sms' ? endpoint.routes : [])
  return { endpoint, other, ask, query, journals }
}

describe('the journal', () => {
  it('keeps what was asked and answered, whose it was, and what a behaviour did', async () => {
    const { endpoint, ask, query } = made()
    await ask('POST', '/v1/messages', { reference: 'r1', text: 'Hồ sơ' })
    endpoint.behave([{ route: 'send', share: 1, seed: 1, status: 503, code: 'OUT_OF_SERVICE' }])
    await ask('POST', '/v1/messages', { reference: 'r2', text: 'b' })
    expect(query()).toEqual([
      { seq: 1, at: 42, partner: 'sms', direction: 'in', operation: 'send', method: 'POST', path: '/v1/messages', query: '', status: 202, requestBody: '{"reference":"r1","text":"Hồ sơ"}', answerBody: { text: 'Hồ sơ' }, subject: 'r1' },
      expect.objectContaining({ seq: 2, status: 503, subject: 'r2', behaviour: 'status 503' }),
    ])
  })

  it('notes a broken connection as one without a status', async () => {
    const { endpoint, ask, query } = made()
    endpoint.behave([{ route: 'send', share: 1, seed: 1, reset: 'after' }])
    await ask('POST', '/v1/messages', { reference: 'r1', text: 'a' })
    expect(query()).toMatchObject([{ status: null, behaviour: 'reset after' }])
  })

  it('keeps the last of each partner and forgets the others', async () => {
    const { ask, query, other } = made(3)
    for (let n = 1; n <= 7; n += 1) await ask('POST', '/v1/messages', { reference: `r${n}`, text: 'a' })
    await ask('POST', '/v1/messages', { reference: 'elsewhere', text: 'a' }, other)
    expect(query().map(({ subject, seq }) => [subject, seq])).toEqual([['r5', 5], ['r6', 6], ['r7', 7], ['elsewhere', 8]])
    expect(query({ partner: 'other' }).map(({ subject }) => subject)).toEqual(['elsewhere'])
  })

  it('can be asked', async () => {
    const { ask, query } = made()
    for (let n = 1; n <= 4; n += 1) await ask('POST', '/v1/messages', { reference: `r${n}`, text: n === 3 ? 'r1 again' : 'a' })
    await ask('POST', '/v1/messages', '{')
    await ask('GET', '/v1/messages/7')
    const seqs = (values: Record<string, string>) => query(values).map(({ seq }) => seq)
    expect(seqs({ operation: 'look-up' })).toEqual([6])
    expect(seqs({ status: '400' })).toEqual([5])
    expect(seqs({ reference: 'r1' })).toEqual([1, 3])
    expect(seqs({ after: '4' })).toEqual([5, 6])
    expect(seqs({ limit: '2' })).toEqual([5, 6])
    expect(seqs({ unmatched: 'true' })).toEqual([5])
    expect(JournalQuery.safeParse({ limt: '2' }).success).toBe(false)
    expect(JournalQuery.safeParse({ limit: 'many' }).success).toBe(false)
  })

  it('does not keep the whole of a large body', async () => {
    const { ask, query } = made()
    await ask('POST', '/v1/messages', { reference: 'r', text: 'x'.repeat(900_000) })
    expect(query()[0]!.requestBody.length).toBeLessThan(70_000)
    expect(query()[0]!.requestBody).toMatch(/… \(9000\d\d characters\)$/)
    expect((query()[0]!.answerBody as { text: string }).text).toMatch(/^x{65536}… \(900000 characters\)$/)
  })
})

describe('a request that did not match is explained', () => {
  it.each<[string, string, string, unknown, object]>([
    ['a path with a mistake', 'POST', '/v1/mesages', {}, { differs: 'path', nearest: { name: 'send' }, why: 'nothing is offered at /v1/mesages; the nearest path is /v1/messages (POST)' }],
    ['a path with a field', 'GET', '/v1/message/7', {}, { differs: 'path', nearest: { name: 'look-up' } }],
    ['another method', 'GET', '/v1/messages', {}, { differs: 'method', nearest: { name: 'send', method: 'POST' }, why: '/v1/messages takes POST, not GET' }],
    ['another method at a path with a field', 'DELETE', '/v1/messages/7', {}, { differs: 'method', nearest: { name: 'look-up' } }],
    ['a field of the wrong type', 'POST', '/v1/messages', { reference: 'r', text: 7 }, { differs: 'fields', nearest: { name: 'send' }, why: expect.stringContaining('text: ') }],
    ['a field too many', 'POST', '/v1/messages', { reference: 'r', text: 'a', txet: 'a' }, { differs: 'fields', why: expect.stringContaining('txet') }],
    ['no JSON', 'POST', '/v1/messages', '{', { differs: 'fields', why: 'the body is not JSON' }],
  ])('%s', async (_, method, path, body, expected) => {
    const { ask, query } = made()
    await ask(method, path, body)
    expect(query()[0]!.unmatched).toMatchObject(expected)
  })
  it('also a path of thousands of letters, by its beginning', async () => {
    const { ask, query } = made()
    await ask('POST', `/v1/mesages${'/a'.repeat(7_000)}`, {})
    const compared = vi.spyOn(didYouMean, 'editDistance')
    expect(query()[0]!.unmatched).toMatchObject({ differs: 'path' })
    expect(compared.mock.calls.length).toBeGreaterThan(0)
    for (const texts of compared.mock.calls) for (const text of texts) expect(text.length).toBeLessThan(1_000)
    compared.mockRestore()
  })
  it('only where it is shown', async () => {
    const { ask, query } = made()
    for (let n = 0; n < 5; n += 1) await ask('POST', '/v1/mesages', {})
    const compared = vi.spyOn(didYouMean, 'editDistance')
    expect(query({ limit: '1', unmatched: 'true' })).toMatchObject([{ seq: 5, unmatched: { differs: 'path' } }])
    expect(compared.mock.calls).toHaveLength(routes.length)
    compared.mockRestore()
  })
  it('and one that matched is not', async () => {
    const { ask, query } = made()
    await ask('POST', '/v1/messages', { reference: 'r', text: 'a' })
    expect(query()[0]).not.toHaveProperty('unmatched')
  })
})

describe('in a rehearsal', () => {
  it('there is no journal', () => {
    const world = createWorld({ seed: 1, scenarioStartMs: 0, keys: {} })
    expect(createConduct(world, { system: 'sms', role: 'sms', routes }).journal).toBeUndefined()
  })
})
