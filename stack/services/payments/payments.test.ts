import { describe, expect, it } from 'vitest'
import { PARTNERS } from '../../../contracts/reference/partners.ts'
import { businessUrl, control, evidenceOf, pendingOf } from '../test-bench.ts'
import { ACCOUNTS } from './accounts.ts'
import { callback, issues, usePayments } from './payments-bench.ts'

const bench = usePayments()
const { call, create, callBack, answers } = bench
const statusOf = async (code: string) => (await call('GET', `/v1/transactions/${code}`)).body.status
const only = async () => (await bench.pool.query('select * from transactions')).rows[0]

describe('accounts', () => {
  it('exist for every unit, each once, at banks and at the Treasury', () => {
    expect(new Set(ACCOUNTS.map((account) => account.unitCode))).toEqual(new Set(PARTNERS.map((partner) => partner.unitCode)))
    expect(new Set(ACCOUNTS.map((account) => account.account)).size).toBe(ACCOUNTS.length)
    expect(new Set(ACCOUNTS.map((account) => account.heldAt))).toEqual(new Set(['bank-vcb', 'bank-bidv', 'state-treasury']))
    for (const { account } of ACCOUNTS) expect(account).toMatch(/^[0-9A-Za-z]{1,19}$/)
  })
})

describe('creating a transaction', () => {
  it('looks the beneficiary up by unit code and has the bank issue the QR', async () => {
    const { status, body } = await create({ unitCode: 'H01.12' })
    expect({ status, body }).toEqual({ status: 201, body: { transactionCode: 'T260410000000001', qr: 'QR-T260410000000001', amountVnd: 8000, bank: 'bank-vcb', expiresAt: expect.any(Number) } })
    const account = ACCOUNTS.find(({ unitCode }) => unitCode === 'H01')!
    expect(bench.bank.received).toEqual([{ method: 'POST', path: '/v1/qr', body: {
      transactionCode: body.transactionCode, account: account.account, accountName: account.accountName, amountVnd: 8000, reference: 'p1', expiresAt: body.expiresAt, callbackUrl: `${businessUrl(bench.config)}/callbacks/v1/bank`,
    } }])
    expect(await statusOf(body.transactionCode)).toBe('qr-issued')
  })

  it('is done once a reference, also at the same moment', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => create()))
    expect(all.map(({ status }) => status).sort()).toEqual([...Array<number>(19).fill(200), 201])
    expect(new Set(all.map(({ body }) => body.transactionCode)).size).toBe(1)
    expect(bench.bank.received).toHaveLength(1)
    expect((await create({ amountVnd: 9000 })).body.error.code).toBe('REFERENCE_REUSED')
  })

  it.each([
    [422, 'BENEFICIARY_UNKNOWN', { unitCode: 'H99' }], [422, 'BENEFICIARY_UNKNOWN', { unitCode: 'H012' }], [422, 'BANK_UNKNOWN', { bank: 'portal' }],
    [400, 'BODY_INVALID', { account: '001' }], [400, 'BODY_INVALID', { amountVnd: 0 }], [400, 'BODY_INVALID', { amountVnd: 1.5 }],
  ])('answers %i %s to %j and keeps nothing', async (status, code, change) => {
    expect(await create(change)).toMatchObject({ status, body: { error: { code } } })
    expect(bench.bank.received).toHaveLength(0)
    expect(await only()).toBeUndefined()
  })

  it('fails as bank-timeout where the bank does not answer in two seconds, and says so again', async () => {
    answers.bank = () => new Promise<never>(() => {})
    expect(await create()).toMatchObject({ status: 504, body: { error: { code: 'BANK_TIMEOUT' } } })
    answers.bank = issues
    expect(await create()).toMatchObject({ status: 504, body: { error: { code: 'BANK_TIMEOUT' } } })
    expect(bench.bank.received).toHaveLength(1)
    expect((await evidenceOf(bench.config))).toMatchObject([{ key: 'payment/T260410000000001', op: 'p1', status: 'failed', fields: { bank: 'bank-vcb', reason: 'bank-timeout', unitCode: 'H01', amountVnd: 8000 } }])
  })

  it.each([[{ status: 500 }], [{ status: 400 }], [{ status: 201, body: {} }]])('fails as bank-unavailable on %j', async (answer) => {
    answers.bank = () => answer
    expect(await create()).toMatchObject({ status: 502, body: { error: { code: 'BANK_UNAVAILABLE' } } })
    expect(await only()).toMatchObject({ status: 'failed', reason: 'bank-unavailable', qr: null })
  })
})

describe('the bank\'s callback', () => {
  it('pays once, and tells the portal until it is heard', async () => {
    const { body: { transactionCode: code } } = await create()
    const asked = () => bench.told('payment-statuses')
    answers.portal = ({ path }) => ({ status: path === '/internal/v1/payment-statuses' && asked().length < 3 ? 503 : 200 })
    await Promise.all(Array.from({ length: 10 }, () => callBack(callback(code))))
    expect(await callBack(callback(code))).toEqual({ status: 200, body: { transactionCode: code } })
    await bench.drained()
    expect(asked()).toHaveLength(3)
    expect(asked()[2]).toEqual({ transactionCode: code, dossierCode: 'H01-260410-000001', status: 'paid', reference: 'scan1', paidAt: Date.UTC(2026, 3, 10, 15) })
    expect(await evidenceOf(bench.config)).toMatchObject([
      { key: `payment/${code}`, op: 'p1', status: 'paid', fields: { transactionCode: code, dossierCode: 'H01-260410-000001' } },
      { key: `paid/${code}`, op: 'scan1', status: 'paid', fields: { transactionCode: code, amountVnd: 8000, bank: 'bank-vcb' } },
      { key: `receipt/${code}`, op: 'scan1' },
    ])
  })

  it.each<[string, number, string, () => Promise<{ status: number; body: any }>]>([
    ['a wrong key', 401, 'SIGNATURE_INVALID', () => callBack(callback('T260410000000001'), 'bank-vcb', 'other')],
    ['somebody who is no bank', 401, 'SIGNATURE_INVALID', () => callBack(callback('T260410000000001'), 'justice')],
    ['another bank', 404, 'TRANSACTION_UNKNOWN', () => callBack(callback('T260410000000001'), 'bank-bidv')],
    ['another amount', 409, 'AMOUNT_MISMATCH', () => callBack(callback('T260410000000001', { amountVnd: 80000 }))],
    ['an unknown transaction', 404, 'TRANSACTION_UNKNOWN', () => callBack(callback('T0'))],
    ['a body that does not fit', 400, 'BODY_INVALID', () => callBack({ transactionCode: 'T260410000000001' })],
  ])('is refused from %s, and nothing is paid', async (_name, status, code, send) => {
    await create()
    expect(await send()).toMatchObject({ status, body: { error: { code } } })
    expect(await only()).toMatchObject({ status: 'qr-issued', paid_reference: null })
    expect(await pendingOf(bench.config)).toBe(0)
  })

  it('of a second debit over the same transaction is refused', async () => {
    const { body: { transactionCode: code } } = await create()
    await callBack(callback(code))
    expect((await callBack(callback(code, { bankReference: 'VCB2', reference: 'scan2' }))).body.error.code).toBe('ALREADY_PAID')
    expect(await only()).toMatchObject({ paid_reference: 'scan1' })
  })

  it('counts also after a time-out: the money has moved', async () => {
    answers.bank = () => ({ status: 500 })
    await create()
    expect((await callBack(callback('T260410000000001'))).status).toBe(200)
    expect(await only()).toMatchObject({ status: 'paid', reason: null })
  })
})

describe('expiry', () => {
  it('goes by the scenario clock, and never sooner than a client\'s time-out', async () => {
    const { body } = await create()
    // At 140 scenario seconds a second, 15 minutes would be over in 6.4 s.
    expect(body.expiresAt).toBe(bench.config.scenarioStartMs + 10_000 * 140)
    const set = (elapsedMs: number) => control(bench.config, { action: 'clock', startedAtMs: Date.now() - elapsedMs, timeScale: 140, scenarioStartMs: bench.config.scenarioStartMs })
    await set(60_000)
    while (await statusOf(body.transactionCode) === 'qr-issued') await new Promise(setImmediate)
    expect(await statusOf(body.transactionCode)).toBe('expired')
    // Paid at the bank at the last moment: money counts.
    expect((await callBack(callback(body.transactionCode))).status).toBe(200)
    expect(await statusOf(body.transactionCode)).toBe('paid')
  })
})
