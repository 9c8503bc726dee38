import { afterEach, describe, expect, it } from 'vitest'
import { codeOf, DOSSIER, startBench, START, type Bench } from '../specialised/confirming-bench.ts'
import { taxSimulator } from './simulator.ts'

let bench: Bench
afterEach(() => bench.close())
const start = async (options?: Parameters<typeof startBench>[1]) => { bench = await startBench(taxSimulator, options) }
const assess = async (n: number, changes: object = {}) => bench.post('/v1/assessments', {
  reference: `op-${n}`, dossierCode: DOSSIER, callbackUrl: `${bench.receiver.url}/v1/confirmations`, kind: 'land-transfer', payerId: '999000000421', baseVnd: 1_000_000_001, ...changes,
})
const pay = (reference: string, changes: object = {}) => bench.post('/v1/payments', { reference, number: 'TB00000001', amountVnd: 25_000_002, ...changes })
const issued = async () => { await start(); await assess(1); await bench.drained() }

describe('tax', () => {
  it('issues a notice whose items add up, and confirms when it is paid', async () => {
    await issued()
    const notice = async () => (await bench.get('/v1/notices?reference=op-1')).body
    expect(await notice()).toMatchObject({
      number: 'TB00000001', status: 'issued', amountVnd: 25_000_002, paidAt: null, dueAt: START + 30 * 86_400_000,
      items: [{ tax: 'thu nhập cá nhân', ratePermille: 20, amountVnd: 20_000_001 }, { tax: 'lệ phí trước bạ', ratePermille: 5, amountVnd: 5_000_001 }],
    })
    expect(await pay('op-pay')).toMatchObject({ status: 201, body: { status: 'paid', paidAt: START } })
    expect(codeOf(await pay('op-pay'))).toBe('200')
    await bench.drained()
    expect(bench.confirmations().map(({ status, sequence, amountVnd }) => [status, sequence, amountVnd])).toEqual([['issued', 1, 25_000_002], ['paid', 2, 25_000_002]])
    expect(await notice()).toMatchObject({ status: 'paid', paidAt: START })
    expect(bench.evidence('order')).toMatchObject([{ op: 'op-1', status: 'paid', fields: { amountVnd: 25_000_002, paidBy: 'op-pay' } }])
  })

  it.each([['land-transfer', 0, 'exempt', 0], ['land-inheritance', 1_000_000_000, 'exempt', 0], ['house-registration', 1, 'issued', 1], ['land-transfer', 9_007_199_254_740, 'issued', 225_179_981_369]])(
    '%s on %i is %s: %i', async (kind, baseVnd, status, amountVnd) => {
      await start()
      await assess(1, { kind, baseVnd })
      await bench.drained()
      expect(bench.confirmations()).toMatchObject([{ status, amountVnd }])
    })

  it.each<[string, () => Promise<unknown>, () => ReturnType<typeof pay>, string]>([
    ['a notice that there is not', issued, () => pay('op-pay', { number: 'TB00000009' }), '404 NOTICE_UNKNOWN'],
    ['one that is not issued yet', async () => { await start({ stepMs: [60_000, 60_000] }); await assess(1) }, () => pay('op-pay'), '409 NOTHING_TO_PAY'],
    ['one that owes nothing', async () => { await start(); await assess(1, { baseVnd: 0 }); await bench.drained() }, () => pay('op-pay'), '409 NOTHING_TO_PAY'],
    ['another amount', issued, () => pay('op-pay', { amountVnd: 25_000_001 }), '409 AMOUNT_MISMATCH'],
    ['a second time by another', async () => { await issued(); await pay('op-pay') }, () => pay('op-other'), '409 ALREADY_PAID'],
    ['parts of a dong', issued, () => pay('op-pay', { amountVnd: 1.5 }), '400 REQUEST_INVALID'],
  ])('does not take payment of %s', async (_title, before, request, expected) => {
    await before()
    expect(codeOf(await request())).toBe(expected)
  })

  it('keeps a reference to its order', async () => {
    await issued()
    expect(codeOf(await assess(1))).toBe('200')
    expect(codeOf(await assess(1, { baseVnd: 5 }))).toBe('409 REFERENCE_TAKEN')
    expect(codeOf(await bench.get('/v1/notices?reference=op-9'))).toBe('404 ORDER_UNKNOWN')
  })
})
