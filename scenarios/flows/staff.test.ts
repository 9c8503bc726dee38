/** Acts of staff: what they ask for, what they wait for, and every refusal. */
import { describe, expect, test } from 'vitest'
import { STATUS_OF_ACTION, type StaffAction } from '../../contracts/staff-actions.ts'
import type { Fate } from '../cast/fate.ts'
import { OFFICER, scripted } from '../playground/scripted.ts'
import { flowOf } from './index.ts'
import { MAX_LOOKS } from './wait-for.ts'

const DOSSIER = { dossierCode: 'D', procedureCode: '9.900004', unitCode: 'H01', level: 'province', applicantName: 'N', status: 'newly-registered', origin: 'direct', feeVnd: 200_000, paid: false, dueAt: null }
const LOOK = 'GET /staff/v1/dossiers'
const NOT_HERE = { status: 404, json: { error: { code: 'DOSSIER_UNKNOWN', message: '' } } }
const found = (changes: object = {}) => ({ json: { ...DOSSIER, ...changes } })
const refusal = (status: number, code: string) => ({ status, json: { error: { code, message: '' } } })
const officerOf = (...fates: Fate[]) => ({ officer: { ...OFFICER, handles: { ...OFFICER.handles!, fates: () => new Set(fates) } }, learnt: { staff: { token: 'T' } } })

describe('staff-login', () => {
  test('yes with a token, which the acts after it carry', () => {
    const { journey, concluded, requests } = scripted({ 'POST /staff/v1/sessions': [{ status: 201, json: { token: 'T' } }] })
    expect(flowOf('staff-login').run(journey)).toBe(true)
    expect(requests).toEqual([{ to: 'coordination', method: 'POST', path: '/staff/v1/sessions', body: { account: 'cb.H01.province.000007', passcode: 'pc-000007' } }])
    expect(concluded['staff-login']).toMatchObject({ outcome: 'ok', system: 'coordination', unitCode: 'H01', fields: { account: 'cb.H01.province.000007' } })
    expect(journey.learnt.staff).toEqual({ token: 'T' })
  })

  test.each([
    ['no such account', refusal(401, 'ACCOUNT_UNKNOWN'), 'fail', 'ACCOUNT_UNKNOWN'],
    ['a yes without a token', { status: 201 }, 'info', 'ANSWER_UNREADABLE: no token'],
    ['no answer', { status: 0, error: 'EOF (1000)' }, 'info', 'EOF (1000)'],
  ])('%s ends the journey', (_, answer, outcome, error) => {
    const { journey, concluded } = scripted({ 'POST /staff/v1/sessions': [answer] })
    expect(flowOf('staff-login').run(journey)).toBe(false)
    expect(concluded['staff-login']).toMatchObject({ outcome, error })
  })
})

describe('acts on a dossier', () => {
  test.each([
    ['receive', 'receive', 'receive', 'newly-registered'],
    ['refuse', 'refuse', 'refuse', 'newly-registered'],
    ['supplement', 'supplement-ask', 'ask-supplement', 'received'],
    ['stop', 'stop', 'stop', 'received'],
    ['return-result', 'return', 'return-result', 'done'],
  ] as const)('%s: finds it by the citizen\'s reference, acts, says where copies are due', (act, step, action, status) => {
    const { journey, concluded, requests } = scripted({ [LOOK]: [found({ status })], 'POST /staff/v1/dossiers/D/actions': [{ status: 201, json: { dossierCode: 'D', status: STATUS_OF_ACTION[action] } }] }, officerOf('received'))
    expect(flowOf(act).run(journey)).toBe(true)
    expect(requests.map(({ path }) => path)).toEqual([`/staff/v1/dossiers?reference=${OFFICER.handles!.reference}`, '/staff/v1/dossiers/D/actions'])
    expect(requests[1]!.body).toEqual({ reference: `op.${step}`, action, note: expect.any(String) })
    expect(concluded[step]).toEqual({
      outcome: 'ok', system: 'coordination', http: { status: 201, remote: '127.0.0.1' }, dossierCode: 'D', procedureCode: '9.900004', unitCode: 'H01', observed: STATUS_OF_ACTION[action], fields: { partner: 'ha-noi' },
    })
  })

  test('processing goes on to the end', () => {
    const { journey, concluded, requests } = scripted({
      [LOOK]: [found({ status: 'received' }), found({ status: 'in-process' })],
      'POST /staff/v1/dossiers/D/actions': [{ status: 201, json: { status: 'in-process' } }, { status: 201, json: { status: 'done' } }],
    }, officerOf('received'))
    expect(flowOf('process').run(journey)).toBe(true)
    expect(requests.flatMap(({ body }) => (body as { action?: StaffAction } | undefined)?.action ?? [])).toEqual(['process', 'finish'])
    expect([concluded['process']!.observed, concluded['finish']!.observed]).toEqual(['in-process', 'done'])
  })

  test('what could not be processed is not finished', () => {
    const { journey, concluded } = scripted({ [LOOK]: [found({ status: 'received' })], 'POST /staff/v1/dossiers/D/actions': [refusal(409, 'TRANSITION_FORBIDDEN')] }, officerOf('received'))
    expect(flowOf('process').run(journey)).toBe(false)
    expect(Object.keys(concluded)).toEqual(['process'])
  })

  test('waits until the dossier is here and its turn has come; where a supplement is due, until it came', () => {
    const { journey, requests, stoodBy } = scripted({
      [LOOK]: [NOT_HERE, found({ status: 'newly-registered' }), found({ status: 'received' }), found({ status: 'supplement-asked' }), found({ status: 'in-process' })],
      'POST /staff/v1/dossiers/D/actions': [{ status: 201, json: { status: 'stopped' } }],
    }, officerOf('received', 'supplement', 'stopped'))
    expect(flowOf('stop').run(journey)).toBe(true)
    expect(requests.filter(({ method }) => method === 'GET')).toHaveLength(5)
    expect(stoodBy()).toBe(800)
  })

  test.each([
    ['never here', [NOT_HERE], 'NOT_HERE: the coordination system has no dossier of this reference', MAX_LOOKS],
    ['never in turn', [found({ status: 'withdrawn' })], 'NOT_YET: the dossier is "withdrawn"', MAX_LOOKS],
    ['another\'s scope', [refusal(403, 'SCOPE_FORBIDDEN')], 'SCOPE_FORBIDDEN', 1],
    ['look timed out', [{ status: 0, error: 'request timeout (1050)' }], 'request timeout (1050)', 1],
    ['torn look', [{ text: '{"dossier' }], 'ANSWER_UNREADABLE: no dossier with a status', 1],
  ])('%s: a no, for nothing was asked', (_, looks, error, asked) => {
    const { journey, concluded, requests } = scripted({ [LOOK]: looks }, officerOf('received'))
    expect(flowOf('receive').run(journey)).toBe(false)
    expect(concluded['receive']).toMatchObject({ outcome: 'fail', error, observed: 'received', fields: { partner: 'ha-noi' } })
    expect(requests).toHaveLength(asked)
  })

  test.each([
    ['forbidden transition', refusal(409, 'TRANSITION_FORBIDDEN'), 'fail'],
    ['no permission', refusal(403, 'PERMISSION_MISSING'), 'fail'],
    ['a bug', { status: 500 }, 'info'],
    ['no answer', { status: 0, error: 'reset' }, 'info'],
    ['a torn yes', { status: 201, text: '{"sta' }, 'info'],
  ] as const)('%s to the act itself', (_, answer, outcome) => {
    const { journey, concluded } = scripted({ [LOOK]: [found()], 'POST /staff/v1/dossiers/D/actions': [answer] }, officerOf('received'))
    expect(flowOf('receive').run(journey)).toBe(false)
    expect(concluded['receive']).toMatchObject({ outcome, dossierCode: 'D', error: expect.any(String) })
  })

  test('an officer without a dossier is a mistake of the plan', () => {
    const { handles: _, ...nobody } = OFFICER
    expect(() => flowOf('receive').run(scripted({}, { officer: nobody }).journey)).toThrow('needs dossiersOf')
  })
})

describe('money at the counter', () => {
  const counter = (look: object, answer?: object) => scripted({ [LOOK]: [look], ...(answer && { 'POST /staff/v1/dossiers/D/counter-payments': [answer], 'POST /staff/v1/dossiers/D/refunds': [answer] }) }, officerOf('received'))

  test('is taken where it is due', () => {
    const { journey, concluded, requests } = counter(found({ status: 'received' }), { status: 201, json: { transactionCode: 'X', amountVnd: 200_000 } })
    expect(flowOf('pay-at-counter').run(journey)).toBe(true)
    expect(requests[0]!.path).toContain('&payment=1')
    expect(requests[1]!.body).toEqual({ reference: 'op.pay-counter' })
    expect(concluded['pay-counter']).toMatchObject({ outcome: 'ok', dossierCode: 'D', amountVnd: 200_000, fields: { transactionCode: 'X', amountVnd: 200_000 } })
  })

  test.each([['paid by now', { paid: true }], ['free', { feeVnd: 0 }], ['over', { status: 'not-received' }]])('nothing is asked, and no line left, where it is %s', (_, changes) => {
    const { journey, concluded, requests } = counter(found(changes))
    expect(flowOf('pay-at-counter').run(journey)).toBe(true)
    expect(concluded).toEqual({})
    expect(requests).toHaveLength(1)
  })

  test('an answer that never came leaves it open, with the amount that was due; the journey goes on', () => {
    const { journey, concluded } = counter(found(), { status: 504, json: { error: { code: 'PAYMENTS_TIMEOUT', message: '' } } })
    expect(flowOf('pay-at-counter').run(journey)).toBe(true)
    expect(concluded['pay-counter']).toMatchObject({ outcome: 'info', amountVnd: 200_000, fields: { amountVnd: 200_000 } })
  })

  test('is paid back when the dossier has come to nothing, by the bank that it came from', () => {
    const { journey, concluded, stoodBy } = scripted({
      [LOOK]: [found({ status: 'received', paid: true }), found({ status: 'stopped', paid: true })], 'POST /staff/v1/dossiers/D/refunds': [{ status: 201, json: { transactionCode: 'T1', amountVnd: 200_000 } }],
    }, officerOf('received', 'stopped', 'refund'))
    expect(flowOf('refund').run(journey)).toBe(true)
    expect(concluded['refund']).toMatchObject({ outcome: 'ok', amountVnd: 200_000, fields: { bank: 'vcb', transactionCode: 'T1', amountVnd: 200_000 } })
    expect(stoodBy()).toBe(200)
  })

  test('what was never paid is not paid back', () => {
    const { journey, concluded } = counter(found({ status: 'withdrawn' }))
    expect(flowOf('refund').run(journey)).toBe(true)
    expect(concluded).toEqual({})
  })

  test('a yes without a transaction is unclear', () => {
    const { journey, concluded } = counter(found({ status: 'stopped', paid: true }), { status: 201, text: '{"trans' })
    flowOf('refund').run(journey)
    expect(concluded['refund']).toMatchObject({ outcome: 'info', error: 'ANSWER_UNREADABLE: no transaction with an amount' })
  })
})

describe('feedback and reports', () => {
  test('an officer answers what was routed to the unit', () => {
    const { journey, concluded, requests } = scripted({
      'GET /staff/v1/feedback': [NOT_HERE, { json: { feedbackCode: 'PA-1', unitCode: 'H01.05', status: 'sent' } }], 'POST /staff/v1/feedback/PA-1/answers': [{ status: 201, json: { feedbackCode: 'PA-1', status: 'answered' } }],
    })
    expect(flowOf('answer-feedback').run(journey)).toBe(true)
    expect(requests.map(({ to }) => to)).toEqual(['feedback', 'feedback', 'feedback'])
    expect(concluded['feedback-answer']).toMatchObject({ outcome: 'ok', system: 'feedback', unitCode: 'H01.05', fields: { feedbackCode: 'PA-1', unitCode: 'H01.05' } })
  })

  test('feedback that never comes is a no; one that was answered by others too', () => {
    const missing = scripted({ 'GET /staff/v1/feedback': [NOT_HERE] })
    expect(flowOf('answer-feedback').run(missing.journey)).toBe(false)
    expect(missing.concluded['feedback-answer']).toMatchObject({ outcome: 'fail', error: expect.stringMatching(/^NOT_HERE/) })
    const answered = scripted({ 'GET /staff/v1/feedback': [{ json: { feedbackCode: 'PA-1', unitCode: 'H01' } }], 'POST /staff/v1/feedback/PA-1/answers': [refusal(409, 'ALREADY_ANSWERED')] })
    expect(flowOf('answer-feedback').run(answered.journey)).toBe(false)
    expect(answered.concluded['feedback-answer']).toMatchObject({ outcome: 'fail', error: 'ALREADY_ANSWERED' })
  })

  test('a report\'s figures are kept as they were told, also where they do not add up', () => {
    const { journey, concluded, requests } = scripted({ 'GET /v1/report': [{ json: { unit: 'H01', at: 1, figures: { 'dossiers.total': 3, 'dossiers.done': 1, 'dossiers.received': 1 } } }] })
    expect(flowOf('statistics').run(journey)).toBe(true)
    expect(requests[0]).toMatchObject({ to: 'statistics', path: '/v1/report?unit=H01' })
    expect(concluded['report']).toMatchObject({ outcome: 'ok', unitCode: 'H01', fields: { 'unit': 'H01', 'dossiers.total': 3, 'dossiers.done': 1, 'dossiers.received': 1 } })
  })

  test.each([['none', {}], ['no whole number', { figures: { 'dossiers.total': 1.5 }, unit: 'H01' }]])('a report with figures of %s is unclear', (_, json) => {
    const { journey, concluded } = scripted({ 'GET /v1/report': [{ json }] })
    expect(flowOf('statistics').run(journey)).toBe(false)
    expect(concluded['report']).toMatchObject({ outcome: 'info' })
  })
})
