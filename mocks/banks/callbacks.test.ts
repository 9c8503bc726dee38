import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Behaviour } from '../../contracts/api/admin.ts'
import type { Treatment } from '../delivery/recording-receiver.ts'
import { BANK_KEY, openBank, START, type BankBench } from './bank-bench.ts'

/** Orders and pays the nth transaction, with these behaviours set. */
async function pay(bank: BankBench, n: number, behaviours: Behaviour[] = []): Promise<void> {
  bank.simulator.endpoint.behave(behaviours)
  await bank.scan(await bank.issue({ transactionCode: `TX${n}` }), { reference: `op-${n}` })
}
const onCallbacks = (behaviour: Partial<Behaviour>): Behaviour[] => [{ route: 'callback', share: 1, seed: 1, ...behaviour }]
const calledBack = (bank: BankBench) => bank.receiver.received.map(({ headers }) => headers['x-op'])

describe('callbacks of payments', () => {
  it('are as a rule one each', async () => {
    await using bank = await openBank()
    for (const n of [1, 2, 3]) await pay(bank, n)
    await bank.drained()
    expect(calledBack(bank).toSorted()).toEqual(['op-1', 'op-2', 'op-3'])
  })

  it('lost never come and are owed to nobody, though the payer was debited', async () => {
    await using bank = await openBank()
    await pay(bank, 1, onCallbacks({ lose: true }))
    await pay(bank, 2)
    await bank.drained()
    expect(calledBack(bank)).toEqual(['op-2'])
    expect(bank.served.evidence('debit')).toHaveLength(2)
  })

  it('twice are the same bytes twice', async () => {
    await using bank = await openBank()
    await pay(bank, 1, onCallbacks({ copies: 2 }))
    await bank.receiver.count(2)
    await bank.drained()
    expect(bank.receiver.received).toHaveLength(2)
    expect(new Set(bank.receiver.received.map(({ body, headers }) => body + headers['x-signature'])).size).toBe(1)
  })

  it('overtaken by the next that is taken', async () => {
    await using bank = await openBank()
    await pay(bank, 1, onCallbacks({ afterNext: true }))
    await pay(bank, 2)
    await bank.receiver.count(2)
    expect(calledBack(bank)).toEqual(['op-2', 'op-1'])
  })

  it('late are owed until then, by a clock that can be moved', async () => {
    await using bank = await openBank()
    await pay(bank, 1, onCallbacks({ delayMs: 60_000 }))
    await pay(bank, 2)
    await bank.receiver.count(1)
    expect(calledBack(bank)).toEqual(['op-2'])
    while (bank.simulator.pending() > 1) await new Promise(setImmediate)
    bank.advance(59_000)
    expect(bank.simulator.pending()).toBe(1)
    bank.advance(1_000)
    await bank.receiver.count(2)
    await bank.drained()
    expect(calledBack(bank)).toEqual(['op-2', 'op-1'])
  })
})

describe('a refund', () => {
  it('is reported, signed, until the report is taken, where the order asks for it', async () => {
    const treatments: Treatment[] = [{ status: 200 }, { status: 500 }, 'reset', { status: 200 }]
    await using bank = await openBank('bank-vcb', (nth) => treatments[nth - 1]!)
    await bank.scan(await bank.issue())
    await bank.receiver.count(1)
    bank.clock.now = START + 5_000
    const { body: { bankReference } } = await bank.credit({ callbackUrl: `${bank.receiver.url}/refunds` })
    await bank.receiver.count(4)
    await bank.drained()
    const reports = bank.receiver.received.slice(1)
    expect(new Set(reports.map(({ path, body }) => path + body)).size).toBe(1)
    const { path, body, headers } = reports[0]!
    expect({ path, report: JSON.parse(body) }).toEqual({ path: '/refunds', report: { transactionCode: 'TX1', bankReference, reference: 'op-back', amountVnd: 135_000, paidAt: START + 5_000 } })
    expect(headers).toMatchObject({ 'x-bank': 'bank-vcb', 'x-op': 'op-back', 'x-signature': createHmac('sha256', BANK_KEY).update(body).digest('hex') })
  })

  it('is not reported where the order does not ask for it, nor twice for the same order', async () => {
    await using bank = await openBank()
    await bank.scan(await bank.issue())
    await bank.credit()
    await bank.credit({ callbackUrl: `${bank.receiver.url}/refunds` })
    await bank.drained()
    expect(bank.receiver.received.map(({ path }) => path)).toEqual(['/callbacks/v1/bank'])
  })

  it.each<[title: string, id: string, amounts: [amountVnd: number, status: number, code?: string][]]>([
    ['whole at a bank', 'bank-vcb', [[100_000, 409, 'AMOUNT_MISMATCH'], [135_000, 201], [135_000, 409, 'ALREADY_CREDITED']]],
    ['in parts at a gateway, to what was paid and no more', 'bank-vnpay', [[100_000, 201], [35_001, 409, 'REFUND_EXCEEDS_DEBIT'], [35_000, 201], [1, 409, 'REFUND_EXCEEDS_DEBIT']]],
    ['whole at a gateway', 'bank-vnpay', [[135_000, 201], [1, 409, 'REFUND_EXCEEDS_DEBIT']]],
  ])('%s', async (_title, id, amounts) => {
    await using bank = await openBank(id)
    await bank.scan(await bank.issue())
    const answers: [number, number, string?][] = []
    for (const [n, [amountVnd]] of amounts.entries()) {
      const { status, body } = await bank.credit({ amountVnd, reference: `op-back-${n}` })
      answers.push(body.error ? [amountVnd, status, body.error.code] : [amountVnd, status])
    }
    expect(answers).toEqual(amounts)
    const given = amounts.filter(([, status]) => status === 201).map(([amountVnd]) => amountVnd)
    expect(bank.served.evidence('credit').map(({ fields }) => fields['amountVnd'])).toEqual(given)
    expect((await bank.state('TX1')).body.creditedVnd).toBe(135_000)
  })

  it('under a reference that stands for something else is refused', async () => {
    await using bank = await openBank('bank-vnpay')
    await bank.scan(await bank.issue())
    await bank.scan(await bank.issue({ transactionCode: 'TX2' }), { reference: 'op-scan-2' })
    expect((await bank.credit({ amountVnd: 1_000 })).status).toBe(201)
    expect((await bank.credit({ amountVnd: 1_000 })).status, 'the same again').toBe(200)
    const refused = { status: 409, body: { error: { code: 'REFERENCE_REUSED' } } }
    expect(await bank.credit({ amountVnd: 2_000 }), 'another amount').toMatchObject(refused)
    expect(await bank.credit({ amountVnd: 1_000, transactionCode: 'TX2' }), 'another transaction').toMatchObject(refused)
    expect(await bank.credit({ amountVnd: 1_000, reference: 'op-scan' }), 'a payment').toMatchObject(refused)
    expect(bank.served.evidence('credit')).toHaveLength(1)
  })
})
