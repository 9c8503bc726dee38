import { createHmac } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import { startReceiver, type Receiver, type Treatment } from '../delivery/recording-receiver.ts'
import { serveSimulator, type Served } from '../served-simulator.ts'
import { testWorld } from '../testing/spoken.ts'
import { BANKS, bankSimulator } from './simulator.ts'
import { withCrc } from './viet-qr.ts'

const KEY = 'the key of the bank'
const START = Date.parse('2026-04-10T21:00:00+07:00')
const [VCB, BIDV] = BANKS

let receiver: Receiver
let served: Served
let simulator: ReturnType<typeof bankSimulator>
afterEach(async () => { await served.close(); await receiver.close() })

async function start(options: { treat?: (nth: number) => Treatment; row?: typeof VCB; scenarioNow?: () => number } = {}): Promise<void> {
  receiver = await startReceiver(options.treat ?? (() => ({ status: 200 })))
  const row = options.row ?? VCB!
  const world = testWorld({ seed: 7, scenarioStartMs: START, keys: { [row.id]: KEY } })
  if (options.scenarioNow) world.scenarioNow = options.scenarioNow
  served = await serveSimulator(() => simulator = bankSimulator({ world, row, retry: { firstRetryMs: 1, capMs: 5 } }))
}

const order = (changes: object = {}) => ({
  transactionCode: 'TX1', account: '0011', accountName: 'Kho bạc', amountVnd: 135_000, reference: 'op-create', expiresAt: START + 60_000, callbackUrl: `${receiver.url}/callbacks/v1/bank`, ...changes,
})
const issue = async (changes: object = {}): Promise<string> => (await served.post('/v1/qr', order(changes))).body.qr
const scan = (qr: string, changes: object = {}) => served.post('/v1/scan', { qr, personId: '999000000011', reference: 'op-scan', ...changes })

/** Waits until nothing is owed any more, by the events of the loop. */
async function drained(): Promise<void> { while (simulator.pending() > 0) await new Promise(setImmediate) }

describe('a bank', () => {
  it('issues a QR, debits its scan once, and tells the payment system by a signed callback', async () => {
    await start()
    const qr = await issue()
    const paid = await scan(qr)
    expect(paid).toMatchObject({ status: 200, body: { bankReference: expect.stringMatching(/^VCB\d{11}$/), paidAt: START } })
    await receiver.count(1)
    const { path, headers, body } = receiver.received[0]!
    expect(path).toBe('/callbacks/v1/bank')
    expect(JSON.parse(body)).toEqual({ transactionCode: 'TX1', bankReference: paid.body.bankReference, reference: 'op-scan', amountVnd: 135_000, paidAt: START })
    expect(headers).toMatchObject({ 'x-bank': 'bank-vcb', 'x-signature': createHmac('sha256', KEY).update(body).digest('hex'), 'x-op': 'op-scan' })
    expect(await scan(qr)).toMatchObject({ status: 200, body: paid.body })
    expect(await scan(qr, { reference: 'op-other' })).toMatchObject({ status: 409, body: { error: { code: 'ALREADY_PAID' } } })
    await drained()
    expect(receiver.received).toHaveLength(1)
    expect(served.evidence('debit')).toMatchObject([{ key: `debit/${paid.body.bankReference}`, op: 'op-scan', fields: { transactionCode: 'TX1', amountVnd: 135_000, personId: '999000000011' } }])
    expect(served.evidence('qr')).toMatchObject([{ key: 'qr/TX1', op: 'op-create', status: 'issued' }])
  })

  it('repeats the callback until it is taken, and counts it as pending until then', async () => {
    const treatments: Treatment[] = [{ status: 500 }, 'reset', { status: 401 }, { status: 200 }]
    await start({ treat: (nth) => treatments[nth - 1] ?? { status: 200 } })
    await scan(await issue())
    await receiver.count(3)
    expect(simulator.pending()).toBe(1)
    await receiver.count(4)
    await drained()
    expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1)
    expect(receiver.received).toHaveLength(4)
  })

  it('refuses an expired QR on the scenario clock, and debits nothing', async () => {
    let now = START
    await start({ scenarioNow: () => now })
    const qr = await issue()
    now = START + 60_001
    expect(await scan(qr)).toMatchObject({ status: 410, body: { error: { code: 'QR_EXPIRED' } } })
    expect(served.evidence('debit')).toEqual([])
    now = START + 60_000
    const paid = await scan(qr)
    expect(paid.status).toBe(200)
    now = START + 70_000
    expect((await scan(qr)).body).toEqual(paid.body)
  })

  it('refuses what it has not issued, cannot read, or was altered', async () => {
    await start({ row: BIDV! })
    const qr = await issue()
    expect(await scan(`${qr.slice(0, -1)}x`)).toMatchObject({ status: 400, body: { error: { code: 'QR_UNREADABLE' } } })
    expect(await scan(withCrc(qr.slice(0, -8).replace('5406135000', '5406135001')))).toMatchObject({ status: 422, body: { error: { code: 'QR_ALTERED' } } })
    expect(await scan(withCrc(qr.slice(0, -8).replaceAll('TX1', 'TX2')))).toMatchObject({ status: 404, body: { error: { code: 'QR_UNKNOWN' } } })
    expect(await scan(withCrc(qr.slice(0, -8).replace('970418', '970436')))).toMatchObject({ status: 404 })
    expect(served.evidence('debit')).toEqual([])
  })

  it('gives the same QR for the same order, and none for an order that contradicts it', async () => {
    await start()
    const qr = await issue()
    expect(await issue()).toBe(qr)
    expect(await served.post('/v1/qr', order({ amountVnd: 1 }))).toMatchObject({ status: 409, body: { error: { code: 'TRANSACTION_EXISTS' } } })
    expect(await served.post('/v1/qr', order({ amountVnd: 0.5 }))).toMatchObject({ status: 400, body: { error: { code: 'REQUEST_INVALID', message: expect.stringContaining('amountVnd') } } })
    expect(served.evidence('qr')).toHaveLength(1)
  })

  it('debits once however many scan at once', async () => {
    await start()
    const qr = await issue()
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => scan(qr, { reference: `op-${i}`, personId: `9990000000${10 + i}` })))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...Array(19).fill(409)])
    expect(served.evidence('debit')).toHaveLength(1)
    await drained()
    expect(receiver.received).toHaveLength(1)
  })

  it('has the debits of a period in its statement', async () => {
    let now = START
    await start({ scenarioNow: () => now })
    for (const n of [1, 2, 3]) {
      now = START + n * 1_000
      await scan(await issue({ transactionCode: `TX${n}`, amountVnd: n }), { reference: `op-${n}` })
    }
    const { body } = await served.get(`/v1/statement?from=${START + 2_000}&to=${START + 3_000}`)
    expect(body.entries).toMatchObject([{ transactionCode: 'TX2', amountVnd: 2, reference: 'op-2', paidAt: START + 2_000, account: '0011' }])
    expect((await served.get('/v1/statement')).status).toBe(400)
  })

  describe('crediting back', () => {
    const credit = (changes: object = {}) => served.post('/v1/credits', { reference: 'op-back', transactionCode: 'TX1', amountVnd: 135_000, ...changes })

    it('gives its payer what was debited, once, and shows it on the statement', async () => {
      await start()
      const debit = await scan(await issue())
      const { status, body } = await credit()
      expect({ status, body }).toEqual({ status: 201, body: { bankReference: expect.stringMatching(/^VCB\d{11}$/) } })
      expect(body.bankReference).not.toBe(debit.body.bankReference)
      expect(await credit()).toMatchObject({ status: 200, body })
      expect(await credit({ reference: 'op-other' })).toMatchObject({ status: 409, body: { error: { code: 'ALREADY_CREDITED' } } })
      expect(served.evidence('credit')).toMatchObject([{ key: 'credit/op-back', op: 'op-back', fields: { transactionCode: 'TX1', amountVnd: 135_000, personId: '999000000011' } }])
      const { entries } = (await served.get(`/v1/statement?from=${START}&to=${START + 1}`)).body
      expect(entries.map(({ kind, reference, amountVnd }: any) => [kind, reference, amountVnd])).toEqual([['debit', 'op-scan', 135_000], ['credit', 'op-back', 135_000]])
    })

    it('is refused for what was not debited, or for another amount', async () => {
      await start()
      const qr = await issue()
      expect(await credit()).toMatchObject({ status: 404, body: { error: { code: 'TRANSACTION_UNKNOWN' } } })
      await scan(qr)
      expect(await credit({ amountVnd: 135_001 })).toMatchObject({ status: 409, body: { error: { code: 'AMOUNT_MISMATCH' } } })
      expect((await credit({ amountVnd: 0 })).status).toBe(400)
      expect(served.evidence('credit')).toEqual([])
    })

    it('is done once however many order it at once', async () => {
      await start()
      await scan(await issue())
      const all = await Promise.all(Array.from({ length: 10 }, (_, n) => credit({ reference: `op-${n}` })))
      expect(all.map(({ status }) => status).toSorted()).toEqual([201, ...Array<number>(9).fill(409)])
      expect(served.evidence('credit')).toHaveLength(1)
    })
  })

  it('keeps a QR whose answer goes out late as delayed, and those of others as issued', async () => {
    await start()
    simulator.endpoint.behave([{ route: 'qr', share: 0.5, delayMs: 20, seed: 3 }])
    await Promise.all(Array.from({ length: 40 }, (_, i) => issue({ transactionCode: `TX${i}`, reference: `op-${i}` })))
    const statuses = Map.groupBy(served.evidence('qr'), (row) => row.status)
    expect(statuses.get('delayed')!.length).toBeGreaterThan(8)
    expect(statuses.get('issued')!.length).toBeGreaterThan(8)
  })
})
