import { describe, expect, it } from 'vitest'
import { EvidenceRow } from '../../../contracts/evidence.ts'
import { Figures, PaymentReceipt, PaymentRefund } from '../../../contracts/api/inside.ts'
import { evidenceOf, pendingOf } from '../test-bench.ts'
import { callback, DOSSIER, issues, usePayments } from './payments-bench.ts'

const bench = usePayments()
const { answers, call, callBack, create, drained, payOnline, told } = bench
const counter = (change: Record<string, unknown> = {}) => call('POST', '/v1/counter-payments', { reference: 'c1', dossierCode: DOSSIER, unitCode: 'H01.12', amountVnd: 8000, ...change })
const refund = (reference = 'back1', dossierCode = DOSSIER) => call('POST', '/v1/refunds', { reference, dossierCode })
const figures = async (query = '') => Figures.parse((await call('GET', `/v1/figures${query}`)).body).figures
const rows = async (type: string) => (await evidenceOf(bench.config)).filter((row) => row.key.startsWith(`${type}/`))
const credits = () => bench.bank.received.filter(({ path }) => path === '/v1/credits')

describe('receipts', () => {
  it('are issued once for whatever was paid, and reach the portal however often it is away', async () => {
    const first = await payOnline('p1')
    answers.portal = () => ({ status: 503 })
    await payOnline('p2', { dossierCode: 'H02-260410-000002', unitCode: 'H02' })
    await counter({ dossierCode: 'H03-260410-000003' })
    await callBack(callback(first, { reference: 'scan-p1', bankReference: 'VCB-p1' }))
    expect(await pendingOf(bench.config)).toBeGreaterThan(0)
    answers.portal = () => ({ status: 200 })
    await drained()
    const receipts = new Map(told('receipts').map((receipt) => [receipt.transactionCode, PaymentReceipt.parse(receipt)]))
    expect([...receipts.values()].map(({ reference, dossierCode, amountVnd }) => [reference, dossierCode, amountVnd])).toEqual([
      ['scan-p1', DOSSIER, 8000], ['scan-p2', 'H02-260410-000002', 8000], ['c1', 'H03-260410-000003', 8000]])
    expect(new Set([...receipts.values()].map(({ receiptNumber }) => receiptNumber)).size).toBe(3)
    const evidence = await rows('receipt')
    expect(evidence.map((row) => [row.key, row.op])).toEqual([...receipts].map(([code, { reference }]) => [`receipt/${code}`, reference]))
    for (const row of evidence) expect(EvidenceRow.safeParse(row).error).toBeUndefined()
  })

  it('are not issued for what was not paid', async () => {
    await create()
    answers.bank = () => ({ status: 500 })
    await create({ reference: 'p2' })
    expect(await rows('receipt')).toEqual([])
    expect(await pendingOf(bench.config)).toBe(0)
  })

  it('that the portal refuses hold up no others', async () => {
    answers.portal = ({ path, body }) => ({ status: path === '/internal/v1/receipts' && body.receipts.some((one: any) => one.reference === 'scan-p1') ? 400 : 200 })
    for (const reference of ['p1', 'p2', 'p3']) await payOnline(reference, { dossierCode: `H01-260410-00000${reference}` })
    const delivered = () => bench.portal.received.filter(({ path, body }) => path === '/internal/v1/receipts' && body.receipts.every((one: any) => one.reference !== 'scan-p1')).flatMap(({ body }) => body.receipts)
    while (await pendingOf(bench.config) > 1) await new Promise(setImmediate)
    expect(new Set(delivered().map(({ reference }) => reference))).toEqual(new Set(['scan-p2', 'scan-p3']))
  })
})

describe('at the counter', () => {
  it('is paid once, also where a QR is open, and the portal is told under the officer\'s reference', async () => {
    await create()
    const { status, body } = await counter()
    expect({ status, body }).toEqual({ status: 201, body: { transactionCode: 'T260410000000002', amountVnd: 8000 } })
    expect(await counter()).toEqual({ status: 200, body })
    await drained()
    expect(told('payment-statuses')).toEqual([{ transactionCode: body.transactionCode, dossierCode: DOSSIER, status: 'paid', reference: 'c1', paidAt: bench.config.scenarioStartMs }])
    expect(await rows('counter')).toMatchObject([{ key: `counter/${body.transactionCode}`, op: 'c1', fields: { transactionCode: body.transactionCode, dossierCode: DOSSIER, amountVnd: 8000 } }])
    expect((await rows('payment')).map((row) => row.op)).toEqual(['p1'])
    expect(await rows('paid')).toEqual([])
  })

  it('is paid by one of many officers at the same moment', async () => {
    const all = await Promise.all(Array.from({ length: 10 }, (_, n) => counter({ reference: `c${n}` })))
    expect(all.map(({ status }) => status).toSorted()).toEqual([201, ...Array(9).fill(409)])
    expect((await figures())['payments.paid']).toBe(1)
  })

  it.each<[number, string, Record<string, unknown>]>([
    [409, 'ALREADY_PAID', {}], [422, 'BENEFICIARY_UNKNOWN', { unitCode: 'H99' }], [400, 'BODY_INVALID', { amountVnd: 0 }], [400, 'BODY_INVALID', { account: '1' }],
    [409, 'REFERENCE_REUSED', { reference: 'p1' }],
  ])('answers %i %s to %j after a payment online, and keeps nothing', async (status, code, change) => {
    await payOnline('p1')
    expect(await counter(change)).toMatchObject({ status, body: { error: { code } } })
    expect(await rows('counter')).toEqual([])
  })

  it('says whether a dossier is paid', async () => {
    const paid = async () => (await call('GET', `/v1/dossiers/${DOSSIER}/paid`)).body
    expect(await paid()).toEqual({ paid: false })
    await create()
    expect(await paid()).toEqual({ paid: false })
    await counter()
    expect(await paid()).toEqual({ paid: true })
  })
})

describe('a refund', () => {
  it('of an online payment goes back through its bank, once, and then the portal is told', async () => {
    const paid = await payOnline('p1')
    answers.bank = (request) => (request.path === '/v1/credits' && credits().length < 3 ? { status: 503 } : issues(request))
    expect(await refund()).toEqual({ status: 201, body: { transactionCode: paid, amountVnd: 8000 } })
    expect(await refund()).toEqual({ status: 200, body: { transactionCode: paid, amountVnd: 8000 } })
    expect(await rows('refund')).toMatchObject([{ key: 'refund/back1', op: 'back1', fields: { transactionCode: paid, dossierCode: DOSSIER, amountVnd: 8000, bank: 'bank-vcb' } }])
    await drained()
    expect(credits()).toHaveLength(3)
    expect(credits()[2]!.body).toEqual({ reference: 'back1', transactionCode: paid, amountVnd: 8000 })
    expect(told('refunds').map((one) => PaymentRefund.parse(one))).toEqual([
      { reference: 'back1', transactionCode: paid, dossierCode: DOSSIER, amountVnd: 8000, bank: 'bank-vcb', refundedAt: bench.config.scenarioStartMs }])
    expect(await rows('refund')).toMatchObject([{ status: 'refunded' }])
  })

  it('stays in sight while the bank does not take it, and the portal is not told', async () => {
    await payOnline('p1')
    await drained()
    answers.bank = () => ({ status: 404 })
    await refund()
    await bench.bank.arrived(3)
    expect(await pendingOf(bench.config)).toBe(1)
    expect(await rows('refund')).toMatchObject([{ status: 'ordered' }])
    expect(told('refunds')).toEqual([])
  })

  it('of a counter payment is paid out there, without a bank', async () => {
    const { body: { transactionCode } } = await counter()
    expect((await refund()).status).toBe(201)
    await drained()
    expect(credits()).toEqual([])
    expect(told('refunds')).toMatchObject([{ reference: 'back1', transactionCode, bank: null }])
    expect(await rows('refund')).toMatchObject([{ status: 'refunded', fields: { bank: null } }])
  })

  it('is ordered by one of many at the same moment; others learn that it was', async () => {
    await payOnline('p1')
    const all = await Promise.all(Array.from({ length: 10 }, (_, n) => refund(`back${n}`)))
    expect(all.map(({ status }) => status).toSorted()).toEqual([201, ...Array(9).fill(409)])
    expect(new Set(all.map(({ body }) => body.error?.code))).toEqual(new Set([undefined, 'ALREADY_REFUNDED']))
    await drained()
    expect(credits()).toHaveLength(1)
  })

  it('of nothing is none, and a reference serves one dossier', async () => {
    expect(await refund()).toMatchObject({ status: 404, body: { error: { code: 'NOTHING_PAID' } } })
    await payOnline('p1')
    await refund()
    expect(await refund('back1', 'H02-260410-000002')).toMatchObject({ status: 409, body: { error: { code: 'REFERENCE_REUSED' } } })
  })

  it('takes each of two payments of a dossier in turn', async () => {
    const { body: { transactionCode: late } } = await create()
    await counter()
    await callBack(callback(late))
    expect([(await refund('back1')).body.transactionCode, (await refund('back2')).body.transactionCode].toSorted()).toEqual([late, 'T260410000000002'])
    expect((await refund('back3')).body.error.code).toBe('ALREADY_REFUNDED')
  })
})

describe('figures', () => {
  it('sum to the whole, of the country and of a unit', async () => {
    const dossier = (n: number, unit = 'H01') => ({ dossierCode: `${unit}-260410-00000${n}`, unitCode: unit })
    await payOnline('p1', { ...dossier(1), purpose: 'fine', amountVnd: 800_000 })
    await payOnline('p2', { ...dossier(2, 'H02'), purpose: 'social-insurance' })
    await create({ reference: 'p3', ...dossier(3) })
    await counter({ reference: 'c4', ...dossier(4), purpose: 'fee', amountVnd: 5_000 })
    answers.bank = () => ({ status: 500 })
    await create({ reference: 'p5', ...dossier(5) })
    await bench.pool.query(`update transactions set status = 'expired' where reference = 'p3'`)
    answers.bank = issues
    await create({ reference: 'p6', ...dossier(6) })
    await refund('back1', dossier(1).dossierCode)
    expect(await figures()).toEqual({
      'payments.asked': 6, 'payments.paid': 3, 'payments.failed': 1, 'payments.expired': 1, 'payments.open': 1,
      'payments.fee': 1, 'payments.fine': 1, 'payments.social-insurance': 1, 'money.paidVnd': 813_000, 'refunds': 1, 'money.refundedVnd': 800_000,
    })
    expect(await figures('?unit=H02&level=province')).toMatchObject({ 'payments.asked': 1, 'payments.paid': 1, 'payments.social-insurance': 1, 'money.paidVnd': 8_000, 'refunds': 0, 'money.refundedVnd': 0 })
    expect(await figures('?unit=H0')).toMatchObject({ 'payments.asked': 0, 'money.paidVnd': 0 })
  })
})
