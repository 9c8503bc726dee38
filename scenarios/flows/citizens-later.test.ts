/** What citizens do beside submitting and paying: on a ministry's own service, later with their dossier, with feedback; and officers without an account. */
import { describe, expect, test } from 'vitest'
import { PROCEDURES } from '../../contracts/reference/procedures.ts'
import { personOf } from '../../contracts/reference/people.ts'
import { CITIZEN, scripted } from '../playground/scripted.ts'
import { flowOf } from './index.ts'
import { MAX_LOOKS } from './wait-for.ts'

const refusal = (status: number, code: string) => ({ status, json: { error: { code, message: '' } } })

describe('a ministry\'s own service', () => {
  const procedure = PROCEDURES.find(({ code }) => code === '9.900020')!
  const citizen = { ...CITIZEN, procedure }
  const LINK = 'http://police.test/public/v1/dossiers'
  const hit = { procedureCode: procedure.code, title: procedure.title.vi, unitCode: 'G15', feeVnd: procedure.feeVnd }

  test('is found with its link', () => {
    const { journey } = scripted({ 'GET /api/services': [{ json: { services: [{ ...hit, redirectUrl: LINK }] } }] }, { citizen })
    expect(flowOf('find-service').run(journey)).toBe(true)
    expect(journey.learnt.service).toMatchObject({ redirectUrl: LINK })
  })

  test.each([[null], [undefined]])('a hit with link %s is a no: nobody could go on from there', (redirectUrl) => {
    const { journey, concluded } = scripted({ 'GET /api/services': [{ json: { services: [{ ...hit, redirectUrl }] } }] }, { citizen })
    expect(flowOf('find-service').run(journey)).toBe(false)
    expect(concluded['find']).toMatchObject({ outcome: 'fail', error: expect.stringContaining('REDIRECT_MISSING') })
  })

  const learnt = { service: { procedureCode: procedure.code, unitCode: 'G15', feeVnd: 0, redirectUrl: LINK } }

  test('takes the dossier at the link', () => {
    const { journey, concluded, requests } = scripted({ 'POST /public/v1/dossiers': [{ status: 201, json: { dossierCode: 'G15-260410-8000001', unitCode: 'G15', status: 'newly-registered' } }] }, { citizen, learnt: { ...learnt } })
    expect(flowOf('apply').run(journey)).toBe(true)
    expect(requests).toEqual([{ to: 'police.test', method: 'POST', path: '/public/v1/dossiers', body: expect.objectContaining({ reference: 'op.apply', procedureCode: procedure.code, personId: CITIZEN.person.personId }) }])
    expect(concluded['apply']).toMatchObject({ outcome: 'ok', system: 'partner-public-security', dossierCode: 'G15-260410-8000001', unitCode: 'G15', fields: { partner: 'public-security', unitCode: 'G15' } })
  })

  test.each([
    ['down', { status: 503 }, 'info'], ['refusing', refusal(400, 'BODY_INVALID'), 'fail'], ['answering half', { status: 201, text: '{"do' }, 'info'],
  ] as const)('that is %s', (_, answer, outcome) => {
    const { journey, concluded } = scripted({ 'POST /public/v1/dossiers': [answer] }, { citizen, learnt: { ...learnt } })
    expect(flowOf('apply').run(journey)).toBe(false)
    expect(concluded['apply']).toMatchObject({ outcome, fields: { partner: 'public-security' } })
  })

  test('without a link found it is a mistake of the journey', () => {
    expect(() => flowOf('apply').run(scripted({}, { citizen }).journey)).toThrow('put find-service before it')
  })
})

describe('later, with one\'s own dossier', () => {
  const list = (status: string) => ({ json: { dossiers: [{ dossierCode: 'D', procedureCode: '9.900004', unitCode: 'H01', status }] } })

  test('a supplement is sent when it was asked for', () => {
    const { journey, concluded, requests, stoodBy } = scripted({
      'GET /api/dossiers': [list('newly-registered'), list('received'), list('supplement-asked')], 'POST /api/dossiers/D/supplements': [{ status: 201, json: { dossierCode: 'D', status: 'in-process' } }],
    })
    expect(flowOf('answer-supplement').run(journey)).toBe(true)
    expect(stoodBy()).toBe(400)
    expect(requests.at(-1)!.body).toEqual({ reference: 'op.supplement-answer', text: expect.any(String) })
    expect(concluded['supplement-answer']).toMatchObject({ outcome: 'ok', system: 'portal', dossierCode: 'D', unitCode: 'H01', observed: 'in-process', fields: { partner: 'ha-noi' } })
  })

  test('a dossier is withdrawn after it was received', () => {
    const { journey, concluded, requests } = scripted({ 'GET /api/dossiers': [list('received')], 'POST /api/dossiers/D/withdrawals': [{ status: 201, json: { dossierCode: 'D', status: 'withdrawn' } }] })
    expect(flowOf('withdraw').run(journey)).toBe(true)
    expect(requests.at(-1)!.body).toEqual({ reference: 'op.withdraw', reason: expect.any(String) })
    expect(concluded['withdraw']).toMatchObject({ outcome: 'ok', observed: 'withdrawn' })
  })

  test.each([
    ['an empty list', { json: { dossiers: [] } }, 'NOT_HERE: the list of own dossiers is empty', MAX_LOOKS],
    ['another status', list('done'), 'NOT_YET: the dossier is "done"', MAX_LOOKS],
    ['no list', { text: '<html>' }, 'ANSWER_UNREADABLE: no list of dossiers', 1],
    ['a session that is over', refusal(401, 'SESSION_MISSING'), 'SESSION_MISSING', 1],
  ])('%s is a no, for nothing was asked', (_, answer, error, looks) => {
    const { journey, concluded, requests } = scripted({ 'GET /api/dossiers': [answer] })
    expect(flowOf('withdraw').run(journey)).toBe(false)
    expect(concluded['withdraw']).toMatchObject({ outcome: 'fail', error, fields: { partner: 'ha-noi' } })
    expect(requests).toHaveLength(looks)
  })

  test.each([['refused', refusal(409, 'TRANSITION_FORBIDDEN'), 'fail'], ['unanswered', { status: 0, error: 'reset' }, 'info'], ['half answered', { status: 201, text: '{' }, 'info']] as const)('%s', (_, answer, outcome) => {
    const { journey, concluded } = scripted({ 'GET /api/dossiers': [list('received')], 'POST /api/dossiers/D/withdrawals': [answer] })
    expect(flowOf('withdraw').run(journey)).toBe(false)
    expect(concluded['withdraw']).toMatchObject({ outcome, dossierCode: 'D' })
  })
})

describe('feedback', () => {
  const citizen = { ...CITIZEN, topic: 'land' as const }

  test('is sent by topic and province, then read', () => {
    const { journey, concluded, requests } = scripted({ 'POST /api/feedback': [{ status: 201, json: { feedbackCode: 'PA-1', unitCode: 'H01.02', status: 'sent', answer: null } }], 'GET /api/feedback/PA-1': [{ json: { status: 'sent', unitCode: 'H01.02' } }] }, { citizen })
    expect(flowOf('feedback').run(journey)).toBe(true)
    expect(requests[0]!.body).toMatchObject({ reference: 'op.feedback-send', topic: 'land', provinceId: 'ha-noi' })
    expect(concluded['feedback-send']).toMatchObject({ outcome: 'ok', unitCode: 'H01.02', fields: { topic: 'land', provinceId: 'ha-noi', unitCode: 'H01.02', feedbackCode: 'PA-1' } })
    expect(concluded['feedback-read']).toMatchObject({ outcome: 'ok', observed: 'sent', unitCode: 'H01.02' })
  })

  test('a yes without a code is unclear and not read; one that its sender cannot see is a no', () => {
    const torn = scripted({ 'POST /api/feedback': [{ status: 201, text: '{"feed' }] }, { citizen })
    expect(flowOf('feedback').run(torn.journey)).toBe(false)
    expect(torn.concluded).toEqual({ 'feedback-send': expect.objectContaining({ outcome: 'info', fields: { topic: 'land', provinceId: 'ha-noi' } }) })
    const hidden = scripted({ 'POST /api/feedback': [{ status: 201, json: { feedbackCode: 'PA-1', unitCode: 'H01.02' } }], 'GET /api/feedback/PA-1': [refusal(404, 'FEEDBACK_UNKNOWN')] }, { citizen })
    expect(flowOf('feedback').run(hidden.journey)).toBe(false)
    expect(hidden.concluded['feedback-read']).toMatchObject({ outcome: 'fail', error: 'FEEDBACK_UNKNOWN' })
  })
})

describe('an officer without an account', () => {
  const push = { kind: 'handling' as const, partner: 'ha-noi', region: 'north', unitCode: 'H01', reference: 'citizens.0.submit.0123456789' }
  const acknowledged = { status: 201, json: { sync: 'acknowledged', portalStatus: 201, errorCode: null, message: null } }

  test('finds the dossier at the partner, puts it in process, finishes it', () => {
    const { journey, concluded, requests, stoodBy } = scripted({ 'GET /desk/dossiers': [refusal(404, 'DOSSIER_UNKNOWN'), { json: { dossierCode: 'D', status: 'newly-registered' } }], 'POST /desk/statuses': [acknowledged] }, { push })
    expect(flowOf('status-sync').run(journey)).toBe(true)
    expect(stoodBy()).toBe(200)
    expect(requests.map(({ to, body }) => [to, (body as { status?: string } | undefined)?.status])).toEqual([['partner-ha-noi', undefined], ['partner-ha-noi', undefined], ['partner-ha-noi', 'in-process'], ['partner-ha-noi', 'done']])
    expect(concluded['push-status']).toMatchObject({ outcome: 'ok', observed: 'in-process', dossierCode: 'D', unitCode: 'H01', fields: { partner: 'ha-noi' } })
    expect(concluded['push-done']).toMatchObject({ outcome: 'ok', observed: 'done', dossierCode: 'D' })
  })

  test('never finds it: a no, and nothing is pushed', () => {
    const { journey, concluded, requests } = scripted({ 'GET /desk/dossiers': [refusal(404, 'DOSSIER_UNKNOWN')] }, { push })
    expect(flowOf('status-sync').run(journey)).toBe(false)
    expect(concluded).toEqual({ 'push-status': expect.objectContaining({ outcome: 'fail', error: expect.stringMatching(/^NOT_HERE/), fields: { partner: 'ha-noi' } }) })
    expect(requests).toHaveLength(MAX_LOOKS)
  })
})

describe('foreigners and companies', () => {
  test.each([
    ['foreigner', 0, { personKind: 'foreigner' }],
    ['company', 1, { personKind: 'company' }],
  ] as const)('a %s says so when logging in', (kind, index, fields) => {
    const { journey, concluded } = scripted({ 'GET /auth/login': [refusal(503, 'PORTAL_CLOSED')] }, { citizen: { ...CITIZEN, person: personOf(index, kind) } })
    expect(flowOf('login').run(journey)).toBe(false)
    expect(concluded['login']!.fields).toMatchObject(fields)
  })

  test('a company with a foreign representative says that too; a citizen says nothing', () => {
    const foreign = Array.from({ length: 40 }, (_, index) => personOf(index, 'company')).find(({ representative }) => representative!.foreign)!
    for (const [person, fields] of [[foreign, { personKind: 'company', foreignRepresentative: true }], [personOf(3), undefined]] as const) {
      const { journey, concluded } = scripted({ 'GET /auth/login': [refusal(503, 'PORTAL_CLOSED')] }, { citizen: { ...CITIZEN, person } })
      flowOf('login').run(journey)
      expect(concluded['login']!.fields).toEqual(fields)
    }
  })
})
