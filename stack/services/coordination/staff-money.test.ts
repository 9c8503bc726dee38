import { beforeEach, describe, expect, it } from 'vitest'
import { act, call, codeOf, dossier, logIn, OFFICERS, put, useCoordination } from './coordination-bench.ts'

const bench = useCoordination()
let token: string
beforeEach(async () => {
  await put(bench, dossier(1), dossier(2, { procedureCode: '9.900017', feeVnd: 800_000 }), dossier(3, { feeVnd: 0 }))
  token = await logIn(bench, OFFICERS.commune)
  bench.answers.payments = () => ({ status: 201, body: { transactionCode: 'T1', amountVnd: 8000 } })
})
const collect = (reference: string, number = 1) => call(bench, 'POST', `/staff/v1/dossiers/${codeOf(number)}/counter-payments`, { reference }, token)
const refund = (reference: string, number = 1) => call(bench, 'POST', `/staff/v1/dossiers/${codeOf(number)}/refunds`, { reference }, token)
const asked = () => bench.neighbours.payments.received

describe('paying at the counter', () => {
  it('is the payment system\'s: unit and fee go there, its answer comes back', async () => {
    expect(await collect('c1')).toEqual({ status: 201, body: { transactionCode: 'T1', amountVnd: 8000 } })
    bench.answers.payments = () => ({ status: 200, body: { transactionCode: 'T1', amountVnd: 8000 } })
    expect((await collect('c1')).status).toBe(200)
    await collect('c2', 2)
    expect(asked().map(({ path }) => path)).toEqual(['/v1/counter-payments', '/v1/counter-payments', '/v1/counter-payments'])
    expect(asked()[0]!.body).toEqual({ reference: 'c1', dossierCode: codeOf(1), unitCode: 'H01', amountVnd: 8000 })
    expect(asked()[2]!.body).toMatchObject({ amountVnd: 800_000, purpose: 'fine' })
  })
  it('is refused where nothing is owed, without asking', async () => {
    expect((await collect('c3', 3)).body.error.code).toBe('NOTHING_TO_PAY')
    await act(bench, token, 'a1', 'refuse')
    expect(await collect('c1')).toMatchObject({ status: 409, body: { error: { code: 'NOTHING_TO_PAY' } } })
    expect(asked()).toEqual([])
  })
  it.each([[409, 'ALREADY_PAID', 409], [422, 'BENEFICIARY_UNKNOWN', 422], [500, 'PAYMENTS_UNAVAILABLE', 502]])('%i %s of the payment system is passed on as %i', async (status, code, expected) => {
    bench.answers.payments = () => ({ status, body: { error: { code, message: 'so' } } })
    expect(await collect('c1')).toMatchObject({ status: expected, body: { error: { code } } })
  })
  it('needs the permission and the scope', async () => {
    token = await logIn(bench, OFFICERS.elsewhere)
    expect(await collect('c1')).toMatchObject({ status: 403, body: { error: { code: 'SCOPE_FORBIDDEN' } } })
    token = await logIn(bench, OFFICERS.anywhere)
    expect((await collect('c1')).body.error.code).toBe('SCOPE_FORBIDDEN')
    await bench.pool.query(`insert into staff_exceptions (account, withheld) values ($1, '{collect-payment}')`, [OFFICERS.province.account])
    do token = await logIn(bench, OFFICERS.province); while ((await collect('c1')).status === 201)
    expect((await collect('c1')).body.error.code).toBe('PERMISSION_MISSING')
    expect(await refund('f1')).toMatchObject({ status: 409 })
  })
})

describe('paying back', () => {
  it.each([['refuse', ['refuse']], ['stop', ['receive', 'stop']]] as const)('is ordered for a dossier that ended by "%s"', async (_name, actions) => {
    for (const [index, action] of actions.entries()) await act(bench, token, `a${index}`, action)
    expect(await refund('f1')).toEqual({ status: 201, body: { transactionCode: 'T1', amountVnd: 8000 } })
    expect(asked()).toMatchObject([{ path: '/v1/refunds', body: { reference: 'f1', dossierCode: codeOf(1) } }])
  })
  it('is ordered for one that the citizen withdrew', async () => {
    await call(bench, 'POST', '/v1/statuses', { statuses: [{ reference: 'w1', dossierCode: codeOf(1), status: 'withdrawn', at: Date.UTC(2026, 3, 10, 15), source: 'citizen' }] })
    expect((await refund('f1')).status).toBe(201)
  })
  it('is refused while the dossier goes on, without asking; what the payment system refuses is passed on', async () => {
    expect(await refund('f1')).toMatchObject({ status: 409, body: { error: { code: 'NOT_REFUNDABLE' } } })
    expect(asked()).toEqual([])
    await act(bench, token, 'a1', 'refuse')
    bench.answers.payments = () => ({ status: 404, body: { error: { code: 'NOTHING_PAID', message: 'so' } } })
    expect(await refund('f1')).toMatchObject({ status: 404, body: { error: { code: 'NOTHING_PAID' } } })
  })
})
