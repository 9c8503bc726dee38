import { describe, expect, test } from 'vitest'
import { OPERATION_KINDS } from '../../contracts/kinds.ts'
import { Slug } from '../../contracts/ids.ts'
import { personOf } from '../../contracts/reference/people.ts'
import { scripted } from '../playground/scripted.ts'
import { actsOfFlow, ACTS, FLOW_IDS, flowOf, FLOWS, mainFlowOf } from './index.ts'

test('the flows are the 13 to test, and every act belongs to one of them', () => {
  expect(FLOWS.map(({ id }) => id).toSorted()).toEqual([
    'dossier-sync', 'feedback', 'find-service', 'login', 'pay', 'process', 'receive', 'return-result', 'sms', 'statistics', 'status-sync', 'submit', 'supplement',
  ])
  expect(FLOWS.flatMap(({ id }) => actsOfFlow(id))).toEqual(ACTS)
  for (const act of ACTS) expect(FLOWS.map(({ id }) => id)).toContain(mainFlowOf(act))
})

test('ids, steps and kinds are well formed; no step name is used by two acts; every kind is played', () => {
  const steps = ACTS.flatMap((act) => act.steps)
  expect(new Set(FLOW_IDS).size).toBe(ACTS.length)
  expect(new Set(steps.map(({ step }) => step)).size).toBe(steps.length)
  for (const name of [...FLOW_IDS, ...steps.map(({ step }) => step)]) expect(Slug.safeParse(name).success).toBe(true)
  expect(new Set(steps.map(({ kind }) => kind))).toEqual(new Set(OPERATION_KINDS))
})

describe('login', () => {
  const AUTHORIZE = 'http://vneid.test/authorize?state=s'
  const whole = () => ({
    'GET /auth/login': [{ status: 302, location: AUTHORIZE }],
    'GET /authorize': [{ json: { loginUrl: 'http://vneid.test/authorize/login?request=abc' } }],
    'POST /authorize/login': [{ status: 302, location: 'http://portal.test/auth/callback?code=c&state=s' }],
    'GET /auth/callback': [{ status: 302, location: '/auth/done' }],
  })

  test('yes when the portal has set a session', () => {
    const { journey, concluded, requests } = scripted(whole())
    expect(flowOf('login').run(journey)).toBe(true)
    expect(concluded['login']).toEqual({ outcome: 'ok', system: 'portal', http: { status: 302, remote: '127.0.0.1' } })
    expect(requests.map(({ to }) => to)).toEqual(['front', 'vneid.test', 'vneid', 'front'])
    expect(requests[2]!.body).toEqual({ request: 'abc', personId: personOf(1).personId, passcode: personOf(1).personId.slice(6) })
  })

  test.each([
    ['the portal is closed', 'GET /auth/login', { status: 503, json: { error: { code: 'PORTAL_CLOSED', message: '' } } }, 'fail', 'portal'],
    ['the portal does not redirect', 'GET /auth/login', { status: 200 }, 'info', 'portal'],
    ['VNeID fails', 'GET /authorize', { status: 500 }, 'info', 'vneid'],
    ['VNeID shows no login page', 'GET /authorize', { status: 200 }, 'info', 'vneid'],
    ['VNeID refuses', 'POST /authorize/login', { status: 401, json: { error: { code: 'LOGIN_REFUSED', message: '' } } }, 'fail', 'vneid'],
    ['the state does not fit', 'GET /auth/callback', { status: 400, json: { error: { code: 'STATE_UNKNOWN', message: '' } } }, 'fail', 'portal'],
    ['no answer to the callback', 'GET /auth/callback', { status: 0, error: 'reset', servedBy: 'gateway-north' }, 'info', 'gateway-north'],
  ] as const)('%s', (_, at, answer, outcome, system) => {
    const { journey, concluded } = scripted({ ...whole(), [at]: [answer] })
    expect(flowOf('login').run(journey)).toBe(false)
    expect(concluded['login']).toMatchObject({ outcome, system, error: expect.any(String) })
  })
})

describe('find-service', () => {
  const hit = { procedureCode: '9.900004.000.00.00.H01', title: 'Cấp phiếu lý lịch tư pháp', unitCode: 'H01', feeVnd: 200_000 }

  test('takes the code as found: on the old portal its own', () => {
    const { journey, concluded } = scripted({ 'GET /api/services': [{ json: { services: [{ ...hit, title: 'Khác' }, { ...hit, title: hit.title.normalize('NFD') }] } }] })
    expect(flowOf('find-service').run(journey)).toBe(true)
    expect(journey.learnt.service).toEqual({ procedureCode: hit.procedureCode, unitCode: 'H01', feeVnd: 200_000 })
    expect(concluded['find']).toMatchObject({ outcome: 'ok', procedureCode: hit.procedureCode })
  })

  test('a list without it is a no; no list is unclear; both end the journey', () => {
    const missing = scripted({ 'GET /api/services': [{ json: { services: [] } }] })
    expect(flowOf('find-service').run(missing.journey)).toBe(false)
    expect(missing.concluded['find']).toMatchObject({ outcome: 'fail', error: expect.stringContaining('SERVICE_NOT_FOUND') })
    const broken = scripted({ 'GET /api/services': [{ text: '<html>' }] })
    expect(flowOf('find-service').run(broken.journey)).toBe(false)
    expect(broken.concluded['find']).toMatchObject({ outcome: 'info' })
  })
})

describe('submit', () => {
  test('sends the code that was found, and says where copies are due', () => {
    const { journey, concluded, requests } = scripted({ 'POST /api/dossiers': [{ status: 201, json: { dossierCode: 'H01-260410-000001', unitCode: 'H01', feeVnd: 5 } }] },
      { learnt: { service: { procedureCode: 'old', unitCode: 'H01', feeVnd: 5 } } })
    expect(flowOf('submit').run(journey)).toBe(true)
    expect(requests[0]!.body).toMatchObject({ reference: 'op.submit', procedureCode: 'old', provinceId: 'ha-noi' })
    expect(concluded['submit']).toMatchObject({ outcome: 'ok', dossierCode: 'H01-260410-000001', unitCode: 'H01', fields: { applicantName: personOf(1).name, procedureCode: 'old', unitCode: 'H01', partner: 'ha-noi' } })
    expect(journey.learnt.dossier).toEqual({ code: 'H01-260410-000001', feeVnd: 5 })
  })

  test('a yes without a code is unclear: something may be stored', () => {
    const { journey, concluded } = scripted({ 'POST /api/dossiers': [{ status: 201, text: '{"dossierCo' }] })
    expect(flowOf('submit').run(journey)).toBe(false)
    expect(concluded['submit']).toMatchObject({ outcome: 'info', fields: { partner: 'ha-noi' } })
  })
})

describe('read-dossier', () => {
  test('old numbers become names; the newest dossier is read', () => {
    const { journey, concluded } = scripted({
      'GET /api/dossiers': [{ servedBy: 'legacy', json: { dossiers: [{ dossierCode: 'H01.2026.000009' }, { dossierCode: 'H01.2026.000001' }] } }],
      'GET /api/dossiers/H01.2026.000009': [{ servedBy: 'legacy', json: { status: '4', procedureCode: 'p', unitCode: 'H01' } }],
    })
    expect(flowOf('read-dossier').run(journey)).toBe(true)
    expect(concluded['read']).toMatchObject({ outcome: 'ok', system: 'legacy', observed: 'in-process', dossierCode: 'H01.2026.000009' })
  })

  test('an empty list is an answer that observes nothing; somebody else\'s dossier is a no', () => {
    const empty = scripted({ 'GET /api/dossiers': [{ json: { dossiers: [] } }] })
    expect(flowOf('read-dossier').run(empty.journey)).toBe(true)
    expect(empty.concluded['read']).not.toHaveProperty('observed')
    const hidden = scripted({ 'GET /api/dossiers': [{ json: { dossiers: [{ dossierCode: 'X' }] } }], 'GET /api/dossiers/X': [{ status: 404 }] })
    expect(flowOf('read-dossier').run(hidden.journey)).toBe(false)
    expect(hidden.concluded['read']).toMatchObject({ outcome: 'fail', dossierCode: 'X' })
  })
})

describe('pay', () => {
  const learnt = { dossier: { code: 'D', feeVnd: 200_000 } }
  const created = { 'POST /api/dossiers/D/payments': [{ status: 201, json: { transactionCode: 'T', qr: 'Q', amountVnd: 200_000 } }], 'POST /v1/scan': [{ json: { bankReference: 'B', paidAt: 1 } }] }

  test('looks until paid', () => {
    const { journey, concluded, paused } = scripted({ ...created, 'GET /api/payments/T': [{ json: { status: 'qr-issued' } }, { json: { status: 'qr-issued' } }, { json: { status: 'paid' } }] }, { learnt })
    expect(flowOf('pay').run(journey)).toBe(true)
    expect(concluded['pay-scan']).toMatchObject({ outcome: 'ok', system: 'bank-vcb', amountVnd: 200_000, fields: { bank: 'vcb', transactionCode: 'T', amountVnd: 200_000 } })
    expect(concluded['pay-read']).toMatchObject({ observed: 'paid' })
    expect(paused()).toBe(400)
  })

  test('stops looking after two seconds, with what it saw last', () => {
    const { journey, concluded, requests } = scripted({ ...created, 'GET /api/payments/T': [{ json: { status: 'qr-issued' } }] }, { learnt })
    flowOf('pay').run(journey)
    expect(concluded['pay-read']).toMatchObject({ outcome: 'ok', observed: 'qr-issued' })
    expect(requests.filter(({ path }) => path === '/api/payments/T')).toHaveLength(10)
  })

  test('a bank that says yes in a torn answer leaves it open whether it was paid', () => {
    const { journey, concluded } = scripted({ ...created, 'POST /v1/scan': [{ text: '{"torn' }] }, { learnt })
    flowOf('pay').run(journey)
    expect(concluded['pay-scan']).toMatchObject({ outcome: 'info', error: 'ANSWER_UNREADABLE: no bankReference' })
  })

  test('a bank that times out leaves it open whether there is a transaction; the journey goes on', () => {
    const { journey, concluded } = scripted({ 'POST /api/dossiers/D/payments': [{ status: 504, json: { error: { code: 'BANK_TIMEOUT', message: 'vcb' } } }] }, { learnt })
    expect(flowOf('pay').run(journey)).toBe(true)
    expect(concluded).toEqual({ 'pay-create': { outcome: 'info', system: 'portal', http: { status: 504, remote: '127.0.0.1' }, error: 'BANK_TIMEOUT: vcb', dossierCode: 'D', fields: { bank: 'vcb' } } })
  })

  test('nothing is asked where nothing is due', () => {
    for (const nothing of [{}, { dossier: { code: 'D', feeVnd: 0 } }]) {
      const { journey, requests } = scripted({}, { learnt: nothing })
      expect(flowOf('pay').run(journey)).toBe(true)
      expect(requests).toEqual([])
    }
  })
})

describe('sms and logout', () => {
  test('a gateway that times out is unclear, and the journey goes on', () => {
    const { journey, concluded } = scripted({ 'POST /api/dossiers/D/messages': [{ status: 504, json: { error: { code: 'SMS_TIMEOUT', message: '' } } }] }, { learnt: { dossier: { code: 'D', feeVnd: 0 } } })
    expect(flowOf('sms').run(journey)).toBe(true)
    expect(concluded['sms']).toMatchObject({ outcome: 'info', error: 'SMS_TIMEOUT', dossierCode: 'D' })
  })

  test('a yes in a torn answer is unclear', () => {
    const { journey, concluded } = scripted({ 'POST /api/dossiers/D/messages': [{ status: 202, text: '{"torn' }] }, { learnt: { dossier: { code: 'D', feeVnd: 0 } } })
    flowOf('sms').run(journey)
    expect(concluded['sms']).toMatchObject({ outcome: 'info', error: 'ANSWER_UNREADABLE: no messageId' })
  })

  test('logout is a yes only when VNeID agrees', () => {
    const answers = (status: number) => ({ 'POST /auth/logout': [{ json: { endSessionUrl: 'http://vneid.test/logout?x=1' } }], 'GET /logout': [{ status }] })
    const both = scripted(answers(302))
    flowOf('logout').run(both.journey)
    expect(both.concluded['logout']).toMatchObject({ outcome: 'ok', system: 'portal' })
    const one = scripted(answers(400))
    flowOf('logout').run(one.journey)
    expect(one.concluded['logout']).toMatchObject({ outcome: 'fail', system: 'vneid' })
  })
})

describe('pushes', () => {
  const desk = (answer: object) => scripted({ 'POST /desk/statuses': [{ status: 201, json: answer }] })
  test.each([
    ['acknowledged', { sync: 'acknowledged', portalStatus: 201, errorCode: null, message: null }, 'ok', undefined],
    ['blocked', { sync: 'refused', portalStatus: 403, errorCode: 'WAF_BLOCKED', message: 'rule 1' }, 'fail', 'WAF_BLOCKED: rule 1'],
    ['refused without a code', { sync: 'refused', portalStatus: 422, errorCode: null, message: null }, 'fail', 'HTTP 422'],
    ['not connected', { sync: 'not-connected', portalStatus: null, errorCode: null, message: null }, 'fail', 'not-connected'],
    ['timed out behind the desk', { sync: 'unknown', portalStatus: null, errorCode: null, message: 'timeout' }, 'info', 'unknown: timeout'],
    ['an answer that nobody defined', { sync: 'maybe' }, 'info', 'ANSWER_UNREADABLE: sync is "maybe"'],
  ])('%s', (_, answer, outcome, error) => {
    const { journey, concluded } = desk(answer)
    expect(flowOf('status-sync').run(journey)).toBe(outcome === 'ok')
    expect(concluded['push-status']).toMatchObject({ outcome, system: 'partner-health', observed: 'done', fields: { partner: 'health' }, dossierCode: 'G06-260410-7000001' })
    expect(concluded['push-status']!.error).toBe(error)
  })

  test('a flow without its kind of push is a mistake of the plan', () => {
    expect(() => flowOf('dossier-sync').run(scripted({}).journey)).toThrow('status-sync')
  })
})
