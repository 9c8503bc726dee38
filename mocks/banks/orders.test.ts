import { describe, expect, it } from 'vitest'
import { BUDGET, openBank, START } from './bank-bench.ts'

const refused = (status: number, code: string) => ({ status, body: { error: { code } } })

describe('the choice of a bank', () => {
  it.each([
    ['bank-vcb', 'bank', ['VCB']], ['bank-vnpay', 'gateway', ['VCB', 'BIDV', 'VIETINBANK', 'AGRIBANK', 'MB']], ['bank-treasury', 'treasury', ['VCB', 'BIDV', 'VIETINBANK', 'AGRIBANK']],
  ])('%s (%s) offers %j', async (id, kind, codes) => {
    await using bank = await openBank(id)
    const { status, body } = await bank.served.get('/v1/banks')
    expect({ status, kind: body.kind, codes: body.banks.map(({ code }: any) => code) }).toEqual({ status: 200, kind, codes })
    expect(body.banks.every(({ available }: any) => available)).toBe(true)
  })

  it('is refused where the bank is not offered or does not serve, and goes on once it does', async () => {
    await using bank = await openBank('bank-vnpay')
    const close = (available: boolean) => bank.simulator.control!({ action: 'bank.available', bankCode: 'BIDV', available })
    expect(await bank.order({ bankCode: 'NONE' })).toMatchObject(refused(422, 'BANK_UNKNOWN'))
    close(false)
    expect((await bank.served.get('/v1/banks')).body.banks.filter(({ available }: any) => !available)).toMatchObject([{ code: 'BIDV' }])
    expect(await bank.order({ bankCode: 'BIDV' })).toMatchObject(refused(503, 'BANK_UNAVAILABLE'))
    expect(await bank.order({ bankCode: 'VCB', transactionCode: 'TX2' })).toMatchObject({ status: 201 })
    close(true)
    expect(await bank.order({ bankCode: 'BIDV' })).toMatchObject({ status: 201 })
    close(false)
    expect(await bank.order({ bankCode: 'BIDV' }), 'what was ordered before stays ordered').toMatchObject({ status: 201 })
    expect(() => bank.simulator.control!({ action: 'bank.available', bankCode: 'NONE', available: false })).toThrow('BANK_NOT_OFFERED: bank-vnpay does not offer the bank "NONE" · bankCode · use one of: VCB')
  })

  it('can time out: the order is done, its answer late, and kept as delayed', async () => {
    await using bank = await openBank('bank-vnpay')
    bank.simulator.endpoint.behave([{ route: 'qr', share: 1, delayMs: 60_000, seed: 1 }])
    let answered = false
    void bank.order().then(() => { answered = true }, () => {})
    while (bank.served.evidence('qr').length === 0) await new Promise(setImmediate)
    expect(bank.served.evidence('qr')).toMatchObject([{ key: 'qr/TX1', status: 'delayed' }])
    expect(answered).toBe(false)
  })
})

describe('the Treasury', () => {
  it('asks for the budget code and keeps it for the statement', async () => {
    await using bank = await openBank('bank-treasury')
    expect(await bank.order({ budget: undefined })).toMatchObject(refused(422, 'BUDGET_CODE_MISSING'))
    expect(await bank.order({ budget: { ...BUDGET, chapter: '18' } })).toMatchObject(refused(400, 'REQUEST_INVALID'))
    const qr = await bank.issue()
    expect(await bank.order({ budget: { ...BUDGET, subItem: '2717' } })).toMatchObject(refused(409, 'TRANSACTION_EXISTS'))
    expect((await bank.scan(qr)).body.bankReference).toMatch(/^KB\d{11}$/)
    expect((await bank.served.get('/v1/statement?day=2026-04-10')).body.entries).toMatchObject([{ transactionCode: 'TX1', budget: BUDGET }])
  })

  it('is the only one that asks for it', async () => {
    await using bank = await openBank('bank-bidv')
    expect((await bank.order()).status).toBe(201)
    expect((await bank.order({ transactionCode: 'TX2', budget: BUDGET })).status).toBe(201)
  })
})

describe('a QR', () => {
  it('can be asked for what became of it', async () => {
    await using bank = await openBank('bank-vnpay')
    const status = async (code: string) => (await bank.state(code)).body.status
    const qr = await bank.issue()
    for (const code of ['TX2', 'TX3']) await bank.issue({ transactionCode: code })
    expect(await bank.state('TX1')).toMatchObject({ status: 200, body: { transactionCode: 'TX1', status: 'issued', amountVnd: 135_000, expiresAt: START + 60_000, bankReference: null, paidAt: null, creditedVnd: 0 } })
    const paid = await bank.scan(qr)
    await bank.cancel('TX2')
    bank.clock.now = START + 60_001
    expect(await Promise.all(['TX1', 'TX2', 'TX3'].map(status))).toEqual(['paid', 'cancelled', 'expired'])
    await bank.credit({ amountVnd: 35_000 })
    expect((await bank.state('TX1')).body).toMatchObject({ ...paid.body, creditedVnd: 35_000 })
    expect(await bank.state('TX9')).toMatchObject(refused(404, 'TRANSACTION_UNKNOWN'))
  })

  it('can be cancelled until it is paid or has expired; then nobody can pay it', async () => {
    await using bank = await openBank()
    const qr = await bank.issue()
    const cancelled = await bank.cancel('TX1')
    expect(cancelled).toMatchObject({ status: 200, body: { status: 'cancelled' } })
    expect(await bank.cancel('TX1')).toMatchObject({ status: 200, body: cancelled.body })
    expect(await bank.cancel('TX1', 'op-other')).toMatchObject(refused(409, 'ALREADY_CANCELLED'))
    expect(await bank.scan(qr)).toMatchObject(refused(410, 'QR_CANCELLED'))
    expect(bank.served.evidence('debit')).toEqual([])
    expect(bank.served.evidence('qr')).toMatchObject([{ key: 'qr/TX1', status: 'cancelled' }])
    const other = await bank.issue({ transactionCode: 'TX2' })
    await bank.scan(other)
    expect(await bank.cancel('TX2')).toMatchObject(refused(409, 'ALREADY_PAID'))
    await bank.issue({ transactionCode: 'TX3' })
    bank.clock.now = START + 60_001
    expect(await bank.cancel('TX3')).toMatchObject(refused(410, 'QR_EXPIRED'))
    expect(await bank.cancel('TX9')).toMatchObject(refused(404, 'TRANSACTION_UNKNOWN'))
  })
})

describe('a scan', () => {
  it('is refused once the clock was moved past the expiry, and the QR is then cancelled by nobody', async () => {
    await using bank = await openBank('bank-treasury')
    const qr = await bank.issue()
    bank.advance(60_000)
    expect((await bank.state('TX1')).body.status, 'to the last moment').toBe('issued')
    bank.advance(1)
    expect((await bank.state('TX1')).body.status).toBe('expired')
    expect(await bank.scan(qr)).toMatchObject(refused(410, 'QR_EXPIRED'))
    expect(await bank.cancel('TX1')).toMatchObject(refused(410, 'QR_EXPIRED'))
  })

  it.each<[title: string, changes: object, answer: object]>([
    ['the same again', {}, { status: 200 }],
    ['the same, saying the amount', { amountVnd: 135_000 }, { status: 200 }],
    ['another amount', { amountVnd: 135_001 }, refused(422, 'AMOUNT_MISMATCH')],
    ['another payer', { reference: 'op-other', personId: '999000000022' }, refused(409, 'ALREADY_PAID')],
    ['the same payer a second time', { reference: 'op-other' }, refused(409, 'ALREADY_PAID')],
    ['another payer under the same reference', { personId: '999000000022' }, refused(409, 'REFERENCE_REUSED')],
  ])('of a paid QR: %s', async (_title, changes, answer) => {
    await using bank = await openBank()
    const qr = await bank.issue()
    await bank.scan(qr)
    expect(await bank.scan(qr, changes)).toMatchObject(answer)
    expect(bank.served.evidence('debit')).toHaveLength(1)
    await bank.drained()
    expect(bank.receiver.received).toHaveLength(1)
  })

  it('of another amount debits nothing', async () => {
    await using bank = await openBank()
    expect(await bank.scan(await bank.issue(), { amountVnd: 1 })).toMatchObject(refused(422, 'AMOUNT_MISMATCH'))
    expect(bank.served.evidence('debit')).toEqual([])
  })

  it('under a reference that stands for another QR is refused', async () => {
    await using bank = await openBank()
    await bank.scan(await bank.issue())
    expect(await bank.scan(await bank.issue({ transactionCode: 'TX2' }))).toMatchObject(refused(409, 'REFERENCE_REUSED'))
  })

  it('knows a QR of another bank or scheme as one, and as none of its own', async () => {
    await using gateway = await openBank('bank-vnpay')
    await using bank = await openBank('bank-vcb')
    expect(await gateway.scan(await bank.issue())).toMatchObject(refused(404, 'QR_UNKNOWN'))
    expect(await bank.scan(await gateway.issue())).toMatchObject(refused(404, 'QR_UNKNOWN'))
  })
})
