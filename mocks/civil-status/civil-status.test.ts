import { createHmac } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import { personOf } from '../../contracts/reference/people.ts'
import { codeOf, DOSSIER, startBench, START, type Bench } from '../specialised/confirming-bench.ts'
import { civilStatusSimulator } from './simulator.ts'

const PERSON = personOf(42)
let bench: Bench
afterEach(() => bench.close())
const start = async (options?: Parameters<typeof startBench>[1]) => { bench = await startBench(civilStatusSimulator, options) }
const register = (n: number, kind: string, changes: object = {}) => bench.post('/v1/registrations', {
  reference: `op-${n}`, dossierCode: DOSSIER, callbackUrl: `${bench.receiver.url}/v1/confirmations`, kind, personId: PERSON.personId, ...changes,
})
const kinds = async (personId = PERSON.personId) => (await bench.get(`/v1/records?personId=${personId}`)).body.records.map(({ kind }: { kind: string }) => kind)

describe('civil status', () => {
  it('registers for a dossier and confirms it, signed, until it is taken', async () => {
    await start({ treat: (nth) => nth === 1 ? 'reset' : nth === 2 ? { status: 503 } : { status: 200 } })
    expect(await register(1, 'extract')).toMatchObject({ status: 202, body: { number: 'HT00000001', reference: 'op-1', dossierCode: DOSSIER, status: 'accepted' } })
    await bench.drained()
    const { headers, body } = bench.receiver.received[2]!
    expect(headers).toMatchObject({ 'x-system': 'civil-status', 'x-op': 'op-1', 'x-signature': createHmac('sha256', 'key of civil-status').update(body).digest('hex') })
    expect(new Set(bench.receiver.received.map((received) => received.body)).size).toBe(1)
    expect(bench.confirmations()[0]).toEqual({ system: 'civil-status', reference: 'op-1', dossierCode: DOSSIER, number: 'HT00000001', status: 'registered', sequence: 1, at: START, amountVnd: null, note: '' })
    expect((await bench.get('/v1/registrations?reference=op-1')).body.status).toBe('registered')
    expect(bench.evidence('order')).toMatchObject([{ key: 'order/HT00000001', op: 'op-1', status: 'registered', fields: { dossierCode: DOSSIER, kind: 'extract', personId: PERSON.personId } }])
  })

  it('remembers each person apart: nobody is born or dies twice', async () => {
    await start()
    const other = personOf(43).personId
    const tell = async (n: number, kind: string, personId: string) => { await register(n, kind, { personId }); await bench.drained() }
    await tell(1, 'birth', PERSON.personId)
    await tell(2, 'marriage', PERSON.personId)
    await tell(3, 'death', PERSON.personId)
    await tell(4, 'death', PERSON.personId)
    await tell(5, 'marriage', other)
    await tell(6, 'extract', PERSON.personId)
    expect(bench.confirmations().map(({ reference, status }) => [reference, status])).toEqual([
      ['op-1', 'refused'], ['op-2', 'registered'], ['op-3', 'registered'], ['op-4', 'refused'], ['op-5', 'registered'], ['op-6', 'registered']])
    expect([await kinds(), await kinds(other)]).toEqual([['birth', 'marriage', 'death'], ['birth', 'marriage']])
  })

  it('takes the same order once, however often it comes', async () => {
    await start()
    const answers = await Promise.all(Array.from({ length: 10 }, () => register(1, 'marriage')))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([...Array(9).fill(200), 202])
    await bench.drained()
    expect(bench.receiver.received).toHaveLength(1)
    expect(await kinds()).toEqual(['birth', 'marriage'])
  })

  it('shows an order as accepted, and owed, before it is worked on', async () => {
    await start({ stepMs: [60_000, 60_000] })
    await register(1, 'extract')
    expect([bench.simulator.pending(), (await bench.get('/v1/registrations?reference=op-1')).body.status]).toEqual([1, 'accepted'])
  })

  it.each<[string, () => Promise<Parameters<typeof codeOf>[0]>, string]>([
    ['a person that there is not', () => register(1, 'extract', { personId: '001099000001' }), '404 PERSON_UNKNOWN'],
    ['records of nobody', () => bench.get('/v1/records?personId=1'), '404 PERSON_UNKNOWN'],
    ['an order that there is not', () => bench.get('/v1/registrations?reference=op-9'), '404 ORDER_UNKNOWN'],
    ['a kind that there is not', () => register(1, 'adoption'), '400 REQUEST_INVALID'],
    ['a callback that is no address', () => register(1, 'extract', { callbackUrl: 'file:///x' }), '400 REQUEST_INVALID'],
    ['another order under the reference', async () => { await register(1, 'extract'); return register(1, 'marriage') }, '409 REFERENCE_TAKEN'],
  ])('refuses %s', async (_title, request, expected) => {
    await start()
    expect(codeOf(await request())).toBe(expected)
  })
})

describe('a confirmation under a behaviour', () => {
  it.each([
    ['lost', { lose: true }, 0], ['doubled', { copies: 2 }, 2], ['late', { delayMs: 5 }, 1], ['none', { share: 0, lose: true }, 1],
  ])('is %s', async (_title, behaviour, expected) => {
    await start()
    bench.simulator.endpoint.behave([{ route: 'confirm', share: 1, seed: 1, ...behaviour }])
    await register(1, 'extract')
    await bench.drained()
    expect(bench.receiver.received).toHaveLength(expected)
    expect((await bench.get('/v1/registrations?reference=op-1')).body.status).toBe('registered')
  })
})
