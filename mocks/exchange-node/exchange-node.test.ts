import { createHmac } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import type { Delivered, MessageState } from '../../contracts/partner-api/roles/exchange-node.ts'
import type { Treatment } from '../delivery/recording-receiver.ts'
import { codeOf, startBench, START, type Bench } from '../specialised/confirming-bench.ts'
import type { NodeOptions } from './node.ts'
import { exchangeNodeSimulator } from './simulator.ts'

let bench: Bench
afterEach(() => bench.close())

/** `justice` has an address, everybody else fetches. */
async function start({ treat = () => ({ status: 200 }), ...options }: Partial<NodeOptions> & { treat?: (nth: number) => Treatment } = {}): Promise<void> {
  bench = await startBench((orders) => {
    const addresses: Record<string, string> = {}
    const simulator = exchangeNodeSimulator({ ...orders, addresses, ...options })
    addressesOf = addresses
    return simulator
  }, { treat })
  addressesOf['justice'] = `${bench.receiver.url}/inbox`
}
let addressesOf: Record<string, string>

function ask(path: string, body: object, party: string, key = `key of ${party}`) {
  return bench.post(path, body, { 'x-partner': party, 'x-signature': createHmac('sha256', key).update(JSON.stringify(body)).digest('hex') })
}
const message = (n: number, changes: object = {}) => ({ messageId: `m-${n}`, from: 'portal', to: 'justice', kind: 'dossier', reference: `op-${n}`, sentAt: START, payload: { dossierCode: `G08-260410-50000${n}`, name: 'Người Thử' }, ...changes })
const send = (n: number, changes: object = {}, party = 'portal') => ask('/v1/messages', message(n, changes), party)
const fetchAll = async (party = 'justice', max = 100): Promise<Delivered[]> => (await ask('/v1/fetches', { party, max }, party)).body.messages
const acknowledge = (n: number, result = 'accepted', { party = 'justice', ...changes }: { party?: string; reason?: string } = {}) => ask('/v1/acknowledgements', { messageId: `m-${n}`, party, result, ...changes }, party)
const state = async (n: number): Promise<MessageState> => (await bench.get(`/v1/messages?messageId=m-${n}`)).body
const inbox = () => bench.receiver.received.filter(({ path }) => path === '/inbox').map(({ body }) => JSON.parse(body) as Delivered)
const ids = (messages: readonly { messageId: string }[]) => messages.map(({ messageId }) => messageId)

describe('a message with an address to go to', () => {
  it('is delivered as it came, signed, acknowledged, and its sender is told', async () => {
    await start()
    expect(await send(1, { ackUrl: `${bench.receiver.url}/acks` })).toMatchObject({ status: 202, body: { messageId: 'm-1', sequence: 1, state: 'queued' } })
    await bench.drained()
    expect(inbox()).toEqual([{ ...message(1), sequence: 1 }])
    const { headers, body } = bench.receiver.received[0]!
    expect(headers).toMatchObject({ 'x-system': 'exchange-node', 'x-op': 'op-1', 'x-signature': createHmac('sha256', 'key of exchange-node').update(body).digest('hex') })
    expect(await state(1)).toMatchObject({ state: 'delivered', attempts: 1 })
    expect(await acknowledge(1, 'rejected', { reason: 'sai đơn vị' })).toMatchObject({ status: 200, body: { state: 'rejected', reason: 'sai đơn vị' } })
    await bench.drained()
    expect(JSON.parse(bench.receiver.received.find(({ path }) => path === '/acks')!.body)).toMatchObject({ messageId: 'm-1', state: 'rejected', reason: 'sai đơn vị' })
    expect(bench.evidence('message')).toMatchObject([{ key: 'message/m-1', op: 'op-1', status: 'rejected', fields: { from: 'portal', to: 'justice', kind: 'dossier', sequence: 1, attempts: 1 } }])
  })

  it('waits for those before it, also while they are tried again', async () => {
    await start({ treat: (nth) => nth <= 3 ? (nth === 1 ? 'reset' : { status: 503 }) : { status: 200 } })
    await Promise.all([1, 2, 3].map((n) => send(n)))
    await bench.drained()
    const order = ids(inbox())
    expect(order.filter((id, at) => order.indexOf(id) === at)).toEqual(ids(inbox().toSorted((a, b) => a.sequence - b.sequence)).filter((id, at, all) => all.indexOf(id) === at))
    expect(order).toHaveLength(6)
    expect(new Set(order.slice(0, 4)).size).toBe(1)
  })

  it('is given up after so many attempts, its sender is told, and the next one goes', async () => {
    await start({ maxAttempts: 3, treat: (nth) => nth <= 3 ? { status: 500 } : { status: 200 } })
    await send(1, { ackUrl: `${bench.receiver.url}/acks` })
    await send(2)
    await bench.drained()
    expect([(await state(1)).state, (await state(1)).attempts, (await state(2)).state]).toEqual(['undeliverable', 3, 'delivered'])
    expect(JSON.parse(bench.receiver.received.find(({ path }) => path === '/acks')!.body)).toMatchObject({ state: 'undeliverable', reason: 'not taken in 3 attempts' })
    expect(codeOf(await acknowledge(1))).toBe('409 NOT_DELIVERED')
  })

  it('does not wait for messages of another pair', async () => {
    await start({ treat: () => ({ status: 200 }) })
    addressesOf['health'] = 'http://127.0.0.1:9/nobody'
    await send(1, { to: 'health' })
    await send(2)
    await bench.receiver.count(1)
    expect(ids(inbox())).toEqual(['m-2'])
    expect((await state(1)).state).toBe('queued')
  })

  it.each<[string, object, string[]]>([
    ['lost: the node takes it for delivered', { lose: true }, ['m-2']],
    ['doubled', { copies: 2 }, ['m-1', 'm-1', 'm-2']],
    ['overtaken by the next', { afterNext: true }, ['m-2', 'm-1']],
  ])('is under a behaviour %s', async (_title, behaviour, expected) => {
    await start()
    bench.simulator.endpoint.behave([{ route: 'deliver', share: 1, seed: 1, ...behaviour }])
    await send(1)
    bench.simulator.endpoint.behave([])
    await send(2)
    await bench.drained()
    expect(ids(inbox()).toSorted()).toEqual(expected.toSorted())
    if (!('copies' in behaviour)) expect(ids(inbox())).toEqual(expected)
    expect([(await state(1)).state, (await state(2)).state]).toEqual(['delivered', 'delivered'])
  })
})

describe('a message that is fetched', () => {
  it('comes in order, again until it is acknowledged, and only to its recipient', async () => {
    await start()
    for (const n of [1, 2, 3]) await send(n, { to: 'health' })
    expect(bench.simulator.pending()).toBe(3)
    expect(codeOf(await acknowledge(1, 'accepted', { party: 'health' }))).toBe('409 NOT_DELIVERED')
    expect(ids(await fetchAll('health', 2))).toEqual(['m-1', 'm-2'])
    await acknowledge(1, 'accepted', { party: 'health' })
    expect(ids(await fetchAll('health'))).toEqual(['m-2', 'm-3'])
    expect([bench.simulator.pending(), ids(await fetchAll('justice'))]).toEqual([0, []])
    expect((await bench.get('/v1/queues?party=health')).body).toEqual({ party: 'health', total: 3, queued: 0, delivered: 2, accepted: 1, rejected: 0, undeliverable: 0 })
  })
})

describe('a node', () => {
  it('takes a message once, however often it comes', async () => {
    await start()
    const answers = await Promise.all(Array.from({ length: 10 }, () => send(1)))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([...Array(9).fill(200), 202])
    await bench.drained()
    expect(inbox()).toHaveLength(1)
  })

  it.each<[string, () => ReturnType<typeof send>, string]>([
    ['other content under the same id', async () => { await send(1); return send(1, { kind: 'status' }) }, '409 MESSAGE_ID_TAKEN'],
    ['a recipient that there is not', () => send(1, { to: 'nobody' }), '404 RECIPIENT_UNKNOWN'],
    ['who speaks for another', () => send(1, { from: 'justice' }), '403 PARTY_MISMATCH'],
    ['who fetches for another', () => ask('/v1/fetches', { party: 'health' }, 'justice'), '403 PARTY_MISMATCH'],
    ['who signs with another key', () => ask('/v1/messages', message(1), 'portal', 'x'), '401 SIGNATURE_INVALID'],
    ['an acknowledgement of what does not exist', () => acknowledge(9), '404 MESSAGE_UNKNOWN'],
    ['an acknowledgement of another\'s message', async () => { await send(1, { to: 'health' }); return acknowledge(1) }, '404 MESSAGE_UNKNOWN'],
    ['a second acknowledgement that says otherwise', async () => { await send(1); await bench.drained(); await acknowledge(1); return acknowledge(1, 'rejected') }, '409 ALREADY_ACKNOWLEDGED'],
    ['the queue of nobody', () => bench.get('/v1/queues?party=nobody'), '404 RECIPIENT_UNKNOWN'],
    ['a message that there is not', () => bench.get('/v1/messages?messageId=m-9'), '404 MESSAGE_UNKNOWN'],
    ['a message without a recipient', () => send(1, { to: '' }), '400 REQUEST_INVALID'],
  ])('refuses %s', async (_title, request, expected) => {
    await start()
    expect(codeOf(await request())).toBe(expected)
  })

  it('takes the same acknowledgement again, and no more messages than its queue holds', async () => {
    await start({ maxQueue: 2 })
    for (const n of [1, 2]) await send(n, { to: 'health' })
    expect(codeOf(await send(3, { to: 'health' }))).toBe('507 QUEUE_FULL')
    await fetchAll('health')
    for (const expected of ['200', '200']) expect(codeOf(await acknowledge(1, 'accepted', { party: 'health' }))).toBe(expected)
    expect(codeOf(await send(3, { to: 'health' }))).toBe('202')
  })
})
