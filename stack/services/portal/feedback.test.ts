import { beforeEach, describe, expect, it } from 'vitest'
import { personOf } from '../../../contracts/reference/people.ts'
import { evidenceOf, pendingOf } from '../test-bench.ts'
import { call, drained, loggedIn, openPortal, sentTo, tellInside, usePortal } from './portal-bench.ts'

const bench = usePortal()
let cookie: string
beforeEach(async () => {
  await openPortal(bench)
  cookie = await loggedIn(bench, personOf(1).personId)
})
const send = (reference: string, change: Record<string, unknown> = {}, as = cookie) =>
  call(bench, 'POST', '/api/feedback', { cookie: as, body: { reference, topic: 'land', provinceId: 'hue', text: 'Chậm', phone: personOf(1).phone, ...change } })
const read = (code: string, as = cookie) => call(bench, 'GET', `/api/feedback/${code}`, { cookie: as })
const reply = (reference: string, feedbackCode: string, text = 'Đã xử lý') => tellInside(bench, 'feedback-answers', { answers: [{ reference, feedbackCode, unitCode: 'H02.02', text, answeredAt: Date.UTC(2026, 3, 10, 16) }] })

describe('feedback', () => {
  it('gets a code, goes to the unit that answers, and to the feedback system', async () => {
    const { status, body } = await send('f1')
    expect({ status, body }).toEqual({ status: 201, body: { feedbackCode: 'PA-260410-000001', unitCode: 'H02.02', status: 'sent', answer: null } })
    await drained(bench)
    expect(bench.neighbours.feedback.received[0]!.path).toBe('/v1/feedback')
    expect(sentTo(bench, 'feedback', 'items')).toEqual([{
      reference: 'f1', feedbackCode: body.feedbackCode, personId: personOf(1).personId, topic: 'land', provinceId: 'hue', unitCode: 'H02.02', text: 'Chậm', sentAt: bench.config.scenarioStartMs,
    }])
    expect(await read(body.feedbackCode)).toMatchObject({ status: 200, body })
  })
  it('with the same reference, also 20 at once, is one feedback', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => send('f1')))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([...Array<number>(19).fill(200), 201])
    expect(new Set(answers.map(({ body }) => body.feedbackCode)).size).toBe(1)
    await drained(bench)
    expect(sentTo(bench, 'feedback', 'items')).toHaveLength(1)
  })
  it('waits while the feedback system is away, in sight', async () => {
    bench.answers.feedback = () => ({ status: 503 })
    await send('f1')
    await bench.neighbours.feedback.arrived(2)
    expect(await pendingOf(bench.config)).toBe(1)
    bench.answers.feedback = () => ({ status: 200 })
    await drained(bench)
  })
  it.each([[{ topic: 'weather' }, 'FEEDBACK_TOPIC_UNKNOWN'], [{ provinceId: 'atlantis' }, 'FEEDBACK_TOPIC_UNKNOWN'], [{ text: '' }, 'BODY_INVALID'], [{ more: 1 }, 'BODY_INVALID']])('with %j is refused: %s', async (change, code) => {
    expect(await send('f1', change)).toMatchObject({ status: 400, body: { error: { code } } })
    expect((await bench.pool.query('select count(*)::int as n from feedback')).rows[0].n).toBe(0)
  })
  it('is its sender\'s alone', async () => {
    const stranger = await loggedIn(bench, personOf(2).personId)
    const { body: { feedbackCode } } = await send('f1')
    expect((await read(feedbackCode, stranger)).status).toBe(404)
    expect(await send('f1', {}, stranger)).toMatchObject({ status: 409, body: { error: { code: 'CONFLICT' } } })
    expect((await send('f2', {}, 'sid=none')).status).toBe(401)
  })
})

describe('an answer', () => {
  it('reaches the citizen; the first one stays, and is evidence of its own', async () => {
    const { body: { feedbackCode } } = await send('f1')
    expect(await reply('a1', feedbackCode)).toMatchObject({ status: 200, body: { accepted: 1 } })
    await reply('a1', feedbackCode)
    await reply('a2', feedbackCode, 'Khác')
    expect((await read(feedbackCode)).body).toEqual({ feedbackCode, unitCode: 'H02.02', status: 'answered', answer: 'Đã xử lý' })
    expect((await evidenceOf(bench.config)).filter(({ key }) => key.startsWith('feedback'))).toMatchObject([
      { key: `feedback/${feedbackCode}`, op: 'f1', status: 'answered', fields: { unitCode: 'H02.02', topic: 'land' } },
      { key: `feedback-answer/${feedbackCode}`, op: 'a1', fields: { feedbackCode, unitCode: 'H02.02' } },
    ])
  })
  it('to feedback that is not here is refused', async () => {
    expect(await reply('a1', 'PA-260410-999999')).toMatchObject({ status: 404, body: { error: { code: 'FEEDBACK_UNKNOWN' } } })
  })
})

describe('receipts and refunds', () => {
  const receipt = { transactionCode: 'T1', dossierCode: 'H01-260410-000001', reference: 'scan1', receiptNumber: 'BL1', amountVnd: 8000, issuedAt: Date.UTC(2026, 3, 10, 16) }
  const refund = { reference: 'refund1', transactionCode: 'T1', dossierCode: 'H01-260410-000001', amountVnd: 8000, bank: null, refundedAt: Date.UTC(2026, 3, 10, 17) }
  it('are kept once, under the operation that they belong to', async () => {
    for (let n = 0; n < 2; n += 1) {
      expect(await tellInside(bench, 'receipts', { receipts: [receipt, { ...receipt, transactionCode: 'T2', reference: 'counter2' }] })).toMatchObject({ status: 200, body: { accepted: 2 } })
      expect(await tellInside(bench, 'refunds', { refunds: [refund] })).toMatchObject({ status: 200, body: { accepted: 1 } })
    }
    expect((await evidenceOf(bench.config)).filter(({ key }) => /^(receipt|refund)\//.test(key))).toMatchObject([
      { key: 'receipt/T1', op: 'scan1', fields: { transactionCode: 'T1', amountVnd: 8000, receiptNumber: 'BL1' } }, { key: 'receipt/T2', op: 'counter2' },
      { key: 'refund/refund1', op: 'refund1', fields: { transactionCode: 'T1', amountVnd: 8000, bank: null } },
    ])
  })
  it.each(['statuses', 'receipts', 'refunds', 'feedback-answers'])('%s do not come through an edge, nor in another form', async (path) => {
    expect((await call(bench, 'POST', `/internal/v1/${path}`, { body: {}, headers: { 'x-forwarded-for': '203.0.113.7' } })).status).toBe(404)
    expect((await tellInside(bench, path, { anything: [] })).status).toBe(400)
  })
})
