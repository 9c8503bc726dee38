import { beforeEach, describe, expect, it } from 'vitest'
import { personOf } from '../../../contracts/reference/people.ts'
import { PROCEDURES } from '../../../contracts/reference/procedures.ts'
import { evidenceOf } from '../test-bench.ts'
import { call, loggedIn, openPortal, PAID_PROCEDURE, submission, usePortal } from './portal-bench.ts'

const bench = usePortal()

describe('paying and messages', () => {
  let cookie: string
  let code: string
  beforeEach(async () => {
    await openPortal(bench)
    cookie = await loggedIn(bench, personOf(1).personId)
    code = (await call(bench, 'POST', '/api/dossiers', { body: submission('r1'), cookie })).body.dossierCode
  })
  const pay = (reference = 'p1', change = {}) => call(bench, 'POST', `/api/dossiers/${code}/payments`, { cookie, body: { reference, bank: 'bank-vcb', ...change } })
  const tell = (status: string, reference?: string) => call(bench, 'POST', '/internal/v1/payment-statuses', { body: { transactionCode: 'T-p1', dossierCode: code, status, reference, paidAt: status === 'paid' ? Date.now() : null } })
  const statusOf = async (withCookie = cookie) => (await call(bench, 'GET', '/api/payments/T-p1', { cookie: withCookie }))

  it('hands on unit code and amount, never an account number', async () => {
    expect(await pay()).toMatchObject({ status: 201, body: { transactionCode: 'T-p1', amountVnd: PAID_PROCEDURE.feeVnd } })
    expect(bench.neighbours.payments.received[0]).toEqual({ method: 'POST', path: '/v1/transactions', body: { reference: 'p1', dossierCode: code, unitCode: 'H01', amountVnd: PAID_PROCEDURE.feeVnd, bank: 'bank-vcb' } })
    expect((await pay('p2', { account: '0011' })).status).toBe(400)
    expect((await pay('p2', { accountNumber: '0011' })).status).toBe(400)
    expect(bench.neighbours.payments.received).toHaveLength(1)
  })
  it('says of a fine that it is one', async () => {
    const fine = PROCEDURES.find((procedure) => procedure.payment === 'fine')!
    const { body } = await call(bench, 'POST', '/api/dossiers', { body: submission('r2', personOf(1), fine.code), cookie })
    await call(bench, 'POST', `/api/dossiers/${body.dossierCode}/payments`, { cookie, body: { reference: 'p2', bank: 'bank-vcb' } })
    expect(bench.neighbours.payments.received[0]!.body).toMatchObject({ reference: 'p2', amountVnd: fine.feeVnd, purpose: 'fine' })
  })
  it('learns what was paid at the counter, under the officer\'s reference, and asks for nothing more', async () => {
    expect((await tell('paid', 'counter1')).status).toBe(200)
    expect((await evidenceOf(bench.config)).filter((row) => row.key.startsWith('paid/'))).toMatchObject([
      { key: 'paid/T-p1', op: 'counter1', fields: { transactionCode: 'T-p1', dossierCode: code, amountVnd: PAID_PROCEDURE.feeVnd } }])
    expect(await pay()).toMatchObject({ status: 409, body: { error: { code: 'NOTHING_TO_PAY' } } })
  })
  it('paid is paid once and never falls back', async () => {
    await pay()
    expect((await statusOf()).body).toEqual({ transactionCode: 'T-p1', status: 'qr-issued' })
    expect((await tell('expired')).status).toBe(200)
    await tell('paid', 'scan1')
    await tell('failed')
    await tell('paid', 'scan2')
    expect((await statusOf()).body.status).toBe('paid')
    expect((await statusOf(await loggedIn(bench, personOf(2).personId))).status).toBe(404)
    expect((await pay('p2')).body.error.code).toBe('NOTHING_TO_PAY')
    expect((await pay('p1')).status).toBe(201)
    expect((await statusOf()).body.status).toBe('paid')
    expect((await evidenceOf(bench.config)).filter((row) => /^(payment|paid)\//.test(row.key))).toMatchObject([
      { key: 'payment/T-p1', op: 'p1', status: 'paid' }, { key: 'paid/T-p1', op: 'scan1', fields: { transactionCode: 'T-p1', dossierCode: code, amountVnd: PAID_PROCEDURE.feeVnd } },
    ])
  })
  it('a paid status of a creation that was never answered is kept with the fee', async () => {
    await tell('paid', 'scan1')
    expect((await bench.pool.query('select * from payments')).rows).toMatchObject([{ transaction_code: 'T-p1', reference: null, paid_reference: 'scan1', status: 'paid', amount_vnd: PAID_PROCEDURE.feeVnd }])
    expect((await call(bench, 'POST', '/internal/v1/payment-statuses', { body: { transactionCode: 'T', dossierCode: 'H01-260410-000000', status: 'paid' } })).status).toBe(404)
  })
  it.each([
    [504, { error: { code: 'BANK_TIMEOUT', message: 'late' } }, 504, 'BANK_TIMEOUT'], [502, {}, 502, 'BANK_UNAVAILABLE'],
    [422, { error: { code: 'BENEFICIARY_UNKNOWN', message: 'none' } }, 409, 'BENEFICIARY_UNKNOWN'],
  ])('a %i of the payment system is said, and the dossier goes on', async (status, body, expected, errorCode) => {
    bench.answers.payments = () => ({ status, body })
    expect(await pay()).toMatchObject({ status: expected, body: { error: { code: errorCode } } })
    expect((await call(bench, 'GET', `/api/dossiers/${code}`, { cookie })).status).toBe(200)
  })
  it('there is nothing to pay for a free procedure', async () => {
    const free = await call(bench, 'POST', '/api/dossiers', { body: submission('r2', personOf(1), '9.900002'), cookie })
    expect((await call(bench, 'POST', `/api/dossiers/${free.body.dossierCode}/payments`, { cookie, body: { reference: 'p', bank: 'bank-vcb' } })).body.error.code).toBe('NOTHING_TO_PAY')
  })
  it.each([[202, 202, undefined], [504, 504, 'SMS_TIMEOUT'], [500, 502, 'SMS_UNAVAILABLE']])('notifications\' %i becomes %i', async (status, expected, errorCode) => {
    bench.answers.notifications = () => ({ status, body: { messageId: 'M1', status: 'accepted' } })
    const answer = await call(bench, 'POST', `/api/dossiers/${code}/messages`, { cookie, body: { reference: 'm1', phone: '0990000001' } })
    expect(answer.status).toBe(expected)
    if (errorCode) expect(answer.body.error.code).toBe(errorCode)
    else expect(answer.body).toEqual({ messageId: 'M1', status: 'accepted' })
    expect(bench.neighbours.notifications.received[0]!.body).toEqual({ reference: 'm1', dossierCode: code, phone: '0990000001', template: 'dossier-received' })
  })
})
