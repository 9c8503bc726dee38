import { createHash, createHmac, randomBytes } from 'node:crypto'
import type pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { EvidenceRow } from '../../../contracts/evidence.ts'
import type { ServiceConfig } from '../../../contracts/process.ts'
import { PARTNERS } from '../../../contracts/reference/partners.ts'
import { personOf } from '../../../contracts/reference/people.ts'
import { PROCEDURES } from '../../../contracts/reference/procedures.ts'
import type { RunningService } from '../service.ts'
import { businessUrl, control, evidenceOf, pendingOf, serviceDatabase, startNeighbour, startTestPostgres, testConfig, type Neighbour, type Received } from '../test-bench.ts'
import { start } from './index.ts'

const PROVINCES = PARTNERS.filter((partner) => partner.kind === 'province').map((partner) => partner.id)
const KEYS = { justice: 'key-of-justice', 'ha-noi': 'key-of-ha-noi' }
const PAID_PROCEDURE = PROCEDURES.find((procedure) => procedure.feeVnd > 0 && procedure.handledBy === 'province')!

type Answer = { status: number; body?: unknown } | Promise<{ status: number; body?: unknown }>
let postgres: Awaited<ReturnType<typeof startTestPostgres>>
let coordination: Neighbour
let payments: Neighbour
let notifications: Neighbour
let coordinationAnswers: (request: Received) => Answer
let paymentsAnswer: (request: Received) => Answer
let notificationsAnswer: (request: Received) => Answer

beforeAll(async () => {
  postgres = await startTestPostgres()
  coordination = await startNeighbour((request) => coordinationAnswers(request))
  payments = await startNeighbour((request) => paymentsAnswer(request))
  notifications = await startNeighbour((request) => notificationsAnswer(request))
})
afterAll(async () => {
  await Promise.all([coordination, payments, notifications].map((neighbour) => neighbour?.close()))
  await postgres?.stop()
})

let config: ServiceConfig
let pool: pg.Pool
let portal: RunningService

beforeEach(async () => {
  coordinationAnswers = ({ body }) => ({ status: 200, body: { accepted: (body.dossiers ?? body.statuses).length } })
  paymentsAnswer = ({ body }) => ({ status: 201, body: { transactionCode: `T-${body.reference}`, qr: 'QR', amountVnd: body.amountVnd, bank: body.bank, expiresAt: 1 } })
  notificationsAnswer = () => ({ status: 202, body: { messageId: 'M1', status: 'accepted' } })
  for (const neighbour of [coordination, payments, notifications]) neighbour.received.length = 0
  const database = await serviceDatabase(postgres.url, 'portal')
  pool = database.pool
  config = testConfig('portal', {
    databaseUrl: database.url, keys: KEYS,
    urls: { coordination: coordination.url, payments: payments.url, notifications: notifications.url, vneid: 'http://127.0.0.1:9' },
  })
  portal = await start(config)
  return async () => { await portal.close(); await pool.end() }
})

async function call(method: string, path: string, options: { body?: unknown; cookie?: string; headers?: Record<string, string> } = {}) {
  const answer = await fetch(businessUrl(config) + path, {
    method, redirect: 'manual',
    headers: { ...options.headers, ...(options.cookie && { cookie: options.cookie }), ...(options.body !== undefined && { 'content-type': 'application/json' }) },
    body: options.body === undefined ? undefined : JSON.stringify(options.body),
  })
  const text = await answer.text()
  return { status: answer.status, body: text ? JSON.parse(text) : undefined, servedBy: answer.headers.get('x-served-by') }
}

/** A session as the callback leaves it in the table. */
async function loggedIn(personId: string): Promise<string> {
  const value = randomBytes(16).toString('hex')
  await pool.query('insert into sessions (id, person_id, level, reference, begun_at) values ($1, $2, 2, $3, now())',
    [createHash('sha256').update(value).digest('hex').slice(0, 32), personId, randomBytes(8).toString('hex')])
  return `sid=${value}`
}

async function openPortal(): Promise<void> {
  const procedures = PROCEDURES.map(({ code, title, ...rest }) => ({ procedureCode: code, title: title.vi, ...rest, provinces: PROVINCES }))
  expect((await call('POST', '/internal/v1/catalogue', { body: { procedures } })).body).toEqual({ published: PROCEDURES.length })
  expect(await control(config, { action: 'mode', mode: 'open' })).toEqual({ status: 200, body: { mode: 'open' } })
}

function submission(reference: string, person = personOf(1), procedureCode = PAID_PROCEDURE.code) {
  return { reference, procedureCode, provinceId: 'ha-noi', applicantName: person.name, applicantBirthDate: person.birthDate, phone: person.phone, note: '' }
}

function pushed(number: number, change: Record<string, unknown> = {}) {
  const person = personOf(number)
  return {
    reference: `sync.${number}.push.0000000000`, dossierCode: `G08-260410-${String(number).padStart(6, '0')}`, procedureCode: PAID_PROCEDURE.code, unitCode: 'G08',
    applicantId: person.personId, applicantName: person.name, applicantBirthDate: person.birthDate, status: 'received', submittedAt: Date.UTC(2026, 3, 10, 15), note: '', ...change,
  }
}

function push(path: string, body: unknown, partner: keyof typeof KEYS = 'justice', key = KEYS[partner]) {
  const signature = createHmac('sha256', key).update(JSON.stringify(body)).digest('hex')
  return call('POST', path, { body, headers: { 'x-partner': partner, 'x-signature': signature } })
}

async function drained(): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const look = () => { pendingOf(config).then((pending) => (pending === 0 ? resolve() : setImmediate(look)), reject) }
  look()
  return promise
}

const countDossiers = async () => (await pool.query('select count(*)::int as n from dossiers')).rows[0].n

describe('while closed', () => {
  it('nobody outside is served and nothing is stored', async () => {
    const cookie = await loggedIn(personOf(1).personId)
    for (const answer of [
      await push('/sync/v1/dossiers', pushed(1)), await call('POST', '/api/dossiers', { body: submission('r1'), cookie }),
      await call('GET', '/api/services?q=&province=ha-noi'), await call('GET', '/auth/login?reference=r1'),
    ]) expect(answer).toMatchObject({ status: 503, body: { error: { code: 'PORTAL_CLOSED' } }, servedBy: 'portal' })
    expect(await countDossiers()).toBe(0)
  })
  it('closing returns only when what began before is answered, and what it stored is there', async () => {
    await openPortal()
    const pushes = Array.from({ length: 40 }, (_, index) => push('/sync/v1/dossiers', pushed(index)))
    await pushes[0]
    await control(config, { action: 'mode', mode: 'closed' })
    const stored = await countDossiers()
    const statuses = (await Promise.all(pushes)).map((answer) => answer.status)
    expect(statuses.filter((status) => status === 201)).toHaveLength(stored)
    expect(statuses.every((status) => status === 201 || status === 503)).toBe(true)
    expect(await countDossiers()).toBe(stored)
  })
  it('"frozen" is no mode of the new portal', async () => { expect((await control(config, { action: 'mode', mode: 'frozen' })).status).toBe(400) })
})

describe('a direct submission', () => {
  beforeEach(openPortal)

  it('is stored, given a number, a due date, and forwarded to whoever handles it', async () => {
    const cookie = await loggedIn(personOf(1).personId)
    const answer = await call('POST', '/api/dossiers', { body: submission('r1'), cookie })
    expect(answer).toMatchObject({ status: 201, servedBy: 'portal', body: { procedureCode: PAID_PROCEDURE.code, unitCode: 'H01', status: 'newly-registered', feeVnd: PAID_PROCEDURE.feeVnd, submittedAt: config.scenarioStartMs } })
    expect(answer.body.dossierCode).toMatch(/^H01-260410-5\d{6}$/)
    expect(answer.body.dueAt).toBe(Date.UTC(2026, 3, 17, 10))
    await coordination.arrived(1)
    expect(coordination.received[0]).toMatchObject({ path: '/v1/dossiers', body: { dossiers: [{
      reference: 'r1', dossierCode: answer.body.dossierCode, origin: 'direct', partner: 'ha-noi', unitCode: 'H01', applicantName: personOf(1).name, submittedAt: config.scenarioStartMs,
    }] } })
    await drained()
    expect((await call('GET', '/api/dossiers', { cookie })).body.dossiers).toEqual([answer.body])
  })

  it('with the same reference 50 times at once is one dossier and one answer', async () => {
    const cookie = await loggedIn(personOf(1).personId)
    const answers = await Promise.all(Array.from({ length: 50 }, () => call('POST', '/api/dossiers', { body: submission('r1'), cookie })))
    expect(answers.filter((answer) => answer.status === 201)).toHaveLength(1)
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(49)
    expect(new Set(answers.map((answer) => JSON.stringify(answer.body))).size).toBe(1)
    expect(await countDossiers()).toBe(1)
  })

  it('of a procedure with an open dossier is refused, also 20 at the same moment', async () => {
    const cookie = await loggedIn(personOf(1).personId)
    const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => call('POST', '/api/dossiers', { body: submission(`r${index}`), cookie })))
    expect(answers.filter((answer) => answer.status === 201)).toHaveLength(1)
    expect(answers.filter((answer) => answer.status === 409 && answer.body.error.code === 'DUPLICATE_OPEN_DOSSIER')).toHaveLength(19)
    expect(await countDossiers()).toBe(1)
  })

  it('is refused beside an open dossier that was synced or migrated, and accepted beside a finished one', async () => {
    const cookie = await loggedIn(personOf(7).personId)
    await push('/sync/v1/dossiers', pushed(7))
    expect((await call('POST', '/api/dossiers', { body: submission('r1', personOf(7)), cookie })).status).toBe(409)
    await pool.query(`update dossiers set status = 'done', origin = 'migrated'`)
    expect((await call('POST', '/api/dossiers', { body: submission('r2', personOf(7)), cookie })).status).toBe(201)
  })

  it('of another procedure or another person is accepted', async () => {
    const cookie = await loggedIn(personOf(1).personId)
    expect((await call('POST', '/api/dossiers', { body: submission('r1'), cookie })).status).toBe(201)
    expect((await call('POST', '/api/dossiers', { body: submission('r2', personOf(1), '9.900002'), cookie })).status).toBe(201)
    expect((await call('POST', '/api/dossiers', { body: submission('r3', personOf(2)), cookie: await loggedIn(personOf(2).personId) })).status).toBe(201)
  })

  it('passes over a number that is taken', async () => {
    const { rows: [{ n }] } = await pool.query(`select nextval('dossier_number')::int as n`)
    await push('/sync/v1/dossiers', pushed(1, { dossierCode: `H01-260410-${n + 1}`, unitCode: 'H01' }), 'ha-noi')
    const answer = await call('POST', '/api/dossiers', { body: submission('r1', personOf(2)), cookie: await loggedIn(personOf(2).personId) })
    expect(answer).toMatchObject({ status: 201, body: { dossierCode: `H01-260410-${n + 2}` } })
  })

  it.each([
    ['without a session', {}, undefined, 401, 'LOGIN_REQUIRED'],
    ['of a procedure that nobody published', { procedureCode: '9.999999' }, 'session', 404, 'PROCEDURE_UNKNOWN'],
    ['in a province that is none', { provinceId: 'atlantis' }, 'session', 400, 'PROVINCE_UNKNOWN'],
    ['with an unknown member', { account: '123' }, 'session', 400, 'BODY_INVALID'],
    ['with U+0000 in a text', { note: 'a\u0000b' }, 'session', 400, 'BODY_INVALID'],
    ['with a date that the calendar does not have', { applicantBirthDate: '2001-02-30' }, 'session', 400, 'BODY_INVALID'],
    ['with the year 0', { applicantBirthDate: '0000-01-01' }, 'session', 400, 'BODY_INVALID'],
  ])('%s is refused and not stored', async (_, change, session, status, code) => {
    const cookie = session && await loggedIn(personOf(1).personId)
    expect(await call('POST', '/api/dossiers', { body: { ...submission('r1'), ...change }, cookie })).toMatchObject({ status, body: { error: { code } } })
    expect(await countDossiers()).toBe(0)
  })
})

describe('a session', () => {
  beforeEach(openPortal)
  it('shows its own dossiers and nobody else\'s, and ends at once', async () => {
    const [first, second] = [await loggedIn(personOf(1).personId), await loggedIn(personOf(2).personId)]
    const { body: { dossierCode } } = await call('POST', '/api/dossiers', { body: submission('r1'), cookie: first })
    expect((await call('GET', `/api/dossiers/${dossierCode}`, { cookie: first })).status).toBe(200)
    expect((await call('GET', `/api/dossiers/${dossierCode}`, { cookie: second })).status).toBe(404)
    expect((await call('GET', '/api/dossiers', { cookie: second })).body).toEqual({ dossiers: [] })
    expect((await call('POST', `/api/dossiers/${dossierCode}/payments`, { cookie: second, body: { reference: 'p', bank: 'bank-vcb' } })).status).toBe(404)
    expect((await call('POST', `/api/dossiers/${dossierCode}/messages`, { cookie: second, body: { reference: 'p', phone: '0990000001' } })).status).toBe(404)
    expect((await call('POST', '/api/dossiers', { body: submission('r1'), cookie: second })).body.error.code).toBe('CONFLICT')
    await pool.query('update sessions set ended_at = now() where person_id = $1', [personOf(1).personId])
    expect((await call('GET', `/api/dossiers/${dossierCode}`, { cookie: first })).status).toBe(401)
  })
  it('finds a migrated dossier by the code that it had', async () => {
    await push('/sync/v1/dossiers', pushed(3))
    await pool.query(`update dossiers set legacy_code = 'H01.2024.000007', origin = 'migrated'`)
    expect(await call('GET', '/api/dossiers/H01.2024.000007', { cookie: await loggedIn(personOf(3).personId) })).toMatchObject({ status: 200, body: { dossierCode: pushed(3).dossierCode } })
  })
})

describe('services', () => {
  beforeEach(openPortal)
  it.each(['khai sinh', 'KHAI SINH', 'Đăng ký khai sinh', 'dang ky khai sinh', 'Đăng ký khai sinh'.normalize('NFD'), '9.900002'])('are found by %j', async (text) => {
    const { body } = await call('GET', `/api/services?q=${encodeURIComponent(text)}&province=hue`)
    expect(body.services).toContainEqual({ procedureCode: '9.900002', title: 'Đăng ký khai sinh', unitCode: 'H02', feeVnd: 0 })
  })
  it('are all there for an empty text and none for nonsense; taken back, they are gone', async () => {
    expect((await call('GET', '/api/services?q=&province=hue')).body.services).toHaveLength(PROCEDURES.length)
    expect((await call('GET', '/api/services?q=zzzz&province=hue')).body.services).toEqual([])
    await call('POST', '/internal/v1/catalogue', { body: { procedures: [] } })
    expect((await call('GET', '/api/services?q=&province=hue')).body.services).toEqual([])
  })
})

describe('a synced dossier', () => {
  beforeEach(openPortal)

  it('is stored and sent on, and the same again changes nothing', async () => {
    expect(await push('/sync/v1/dossiers', pushed(1))).toMatchObject({ status: 201, body: { result: 'created' } })
    expect(await push('/sync/v1/dossiers', pushed(1))).toMatchObject({ status: 200, body: { result: 'unchanged' } })
    expect(await push('/sync/v1/dossiers', pushed(1, { submittedAt: Date.UTC(2026, 3, 10, 16) }))).toMatchObject({ status: 200 })
    await drained()
    expect(coordination.received.flatMap((request) => request.body.dossiers)).toEqual([expect.objectContaining({ reference: pushed(1).reference, origin: 'synced', partner: 'justice', submittedAt: pushed(1).submittedAt })])
  })

  it('50 times at once is created once', async () => {
    const results = (await Promise.all(Array.from({ length: 50 }, () => push('/sync/v1/dossiers', pushed(1))))).map((answer) => answer.body.result)
    expect(results.toSorted()).toEqual(['created', ...Array.from({ length: 49 }, () => 'unchanged')])
    await drained()
    expect(coordination.received.flatMap((request) => request.body.dossiers)).toHaveLength(1)
  })

  it('is never put to the business check', async () => {
    const { personId } = personOf(5)
    await call('POST', '/api/dossiers', { body: submission('r1', personOf(5)), cookie: await loggedIn(personId) })
    expect((await push('/sync/v1/dossiers', pushed(5))).status).toBe(201)
    expect((await push('/sync/v1/dossiers', pushed(6, { applicantId: personId }))).status).toBe(201)
  })

  it.each([['other text', { note: 'khác' }], ['another reference', { reference: 'other' }], ['the same reference under another code', { dossierCode: 'G08-260410-999999' }]])(
    'with %s is a conflict', async (_, change) => {
      await push('/sync/v1/dossiers', pushed(1))
      expect(await push('/sync/v1/dossiers', pushed(1, change))).toMatchObject({ status: 409, body: { error: { code: 'CONFLICT' } } })
      expect(await countDossiers()).toBe(1)
    })

  it('is refused with a wrong signature, an unknown partner, a bad body', async () => {
    expect((await push('/sync/v1/dossiers', pushed(1), 'justice', 'another key')).body.error.code).toBe('SIGNATURE_INVALID')
    expect((await call('POST', '/sync/v1/dossiers', { body: pushed(1), headers: { 'x-partner': '__proto__', 'x-signature': 'aa' } })).status).toBe(401)
    for (const change of [{ status: 'lost' }, { dossierCode: 'x' }, { applicantBirthDate: '31/12/1999' }, { submittedAt: 1e300 }, { extra: 1 }]) {
      expect((await push('/sync/v1/dossiers', pushed(1, change))).status).toBe(400)
    }
    expect(await countDossiers()).toBe(0)
  })

  it('that PostgreSQL cannot take fails alone, not the others of its group', async () => {
    const answers = await Promise.all([...Array.from({ length: 9 }, (_, index) => push('/sync/v1/dossiers', pushed(index))), push('/sync/v1/dossiers', pushed(10, { applicantBirthDate: '0000-01-01' }))])
    expect(answers.map((answer) => answer.status)).toEqual([...Array.from({ length: 9 }, () => 201), 400])
  })

  it('waits in the outbox while coordination is away, and arrives afterwards', async () => {
    coordinationAnswers = () => ({ status: 503 })
    await push('/sync/v1/dossiers', pushed(1))
    await coordination.arrived(2)
    expect(await pendingOf(config)).toBe(1)
    coordinationAnswers = () => ({ status: 200 })
    await drained()
  })
})

describe('a synced status', () => {
  beforeEach(async () => { await openPortal(); await push('/sync/v1/dossiers', pushed(1)) })
  const status = (reference: string, next: string, partner: keyof typeof KEYS = 'justice') =>
    push('/sync/v1/statuses', { reference, dossierCode: pushed(1).dossierCode, status: next, at: Date.UTC(2026, 3, 10, 16) }, partner)
  const statusNow = async () => (await pool.query('select status from dossiers')).rows[0].status

  it('moves the dossier once, also when 50 come at once, and goes on to coordination', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => status('s1', 'in-process')))
    expect(answers.map((answer) => answer.status).toSorted()).toEqual([...Array.from({ length: 49 }, () => 200), 201])
    expect(await statusNow()).toBe('in-process')
    await drained()
    expect(coordination.received.flatMap((request) => request.body.statuses ?? [])).toEqual([{ reference: 's1', dossierCode: pushed(1).dossierCode, status: 'in-process', at: Date.UTC(2026, 3, 10, 16) }])
  })
  it('an old one again, after the dossier has moved on, is unchanged', async () => {
    await status('s1', 'in-process')
    await status('s2', 'done')
    expect(await status('s1', 'in-process')).toMatchObject({ status: 200, body: { result: 'unchanged' } })
    expect(await statusNow()).toBe('done')
  })
  it('that the process forbids is refused and leaves no trace', async () => {
    await status('s1', 'done')
    expect(await status('s2', 'in-process')).toMatchObject({ status: 409, body: { error: { code: 'TRANSITION_FORBIDDEN' } } })
    expect((await pool.query('select count(*)::int as n from dossier_events')).rows[0].n).toBe(1)
    expect(await statusNow()).toBe('done')
  })
  it('of a dossier that is not there, or another partner\'s, is refused', async () => {
    expect((await push('/sync/v1/statuses', { reference: 's', dossierCode: 'G08-260410-777777', status: 'done', at: Date.UTC(2026, 3, 10) })).status).toBe(404)
    expect((await status('s1', 'in-process', 'ha-noi')).status).toBe(404)
    expect(await statusNow()).toBe('received')
  })
  it('with a reference that carried another status is a conflict', async () => {
    await status('s1', 'in-process')
    expect((await status('s1', 'done')).body.error.code).toBe('CONFLICT')
  })
})

describe('paying and messages', () => {
  let cookie: string
  let code: string
  beforeEach(async () => {
    await openPortal()
    cookie = await loggedIn(personOf(1).personId)
    code = (await call('POST', '/api/dossiers', { body: submission('r1'), cookie })).body.dossierCode
  })
  const pay = (reference = 'p1', change = {}) => call('POST', `/api/dossiers/${code}/payments`, { cookie, body: { reference, bank: 'bank-vcb', ...change } })
  const tell = (status: string, reference?: string) => call('POST', '/internal/v1/payment-statuses', { body: { transactionCode: 'T-p1', dossierCode: code, status, reference, paidAt: status === 'paid' ? Date.now() : null } })
  const statusOf = async (withCookie = cookie) => (await call('GET', '/api/payments/T-p1', { cookie: withCookie }))

  it('hands on unit code and amount, never an account number', async () => {
    expect(await pay()).toMatchObject({ status: 201, body: { transactionCode: 'T-p1', amountVnd: PAID_PROCEDURE.feeVnd } })
    expect(payments.received[0]).toEqual({ method: 'POST', path: '/v1/transactions', body: { reference: 'p1', dossierCode: code, unitCode: 'H01', amountVnd: PAID_PROCEDURE.feeVnd, bank: 'bank-vcb' } })
    expect((await pay('p2', { account: '0011' })).status).toBe(400)
    expect((await pay('p2', { accountNumber: '0011' })).status).toBe(400)
    expect(payments.received).toHaveLength(1)
  })
  it('paid is paid once and never falls back', async () => {
    await pay()
    expect((await statusOf()).body).toEqual({ transactionCode: 'T-p1', status: 'qr-issued' })
    expect((await tell('expired')).status).toBe(200)
    await tell('paid', 'scan1')
    await tell('failed')
    await tell('paid', 'scan2')
    expect((await statusOf()).body.status).toBe('paid')
    expect((await statusOf(await loggedIn(personOf(2).personId))).status).toBe(404)
    expect((await pay('p2')).body.error.code).toBe('NOTHING_TO_PAY')
    expect((await pay('p1')).status).toBe(201)
    expect((await statusOf()).body.status).toBe('paid')
    expect((await evidenceOf(config)).filter((row) => /^(payment|paid)\//.test(row.key))).toMatchObject([
      { key: 'payment/T-p1', op: 'p1', status: 'paid' }, { key: 'paid/T-p1', op: 'scan1', fields: { transactionCode: 'T-p1', dossierCode: code, amountVnd: PAID_PROCEDURE.feeVnd } },
    ])
  })
  it('a paid status of a creation that was never answered is kept with the fee', async () => {
    await tell('paid', 'scan1')
    expect((await pool.query('select * from payments')).rows).toMatchObject([{ transaction_code: 'T-p1', reference: null, paid_reference: 'scan1', status: 'paid', amount_vnd: PAID_PROCEDURE.feeVnd }])
    expect((await call('POST', '/internal/v1/payment-statuses', { body: { transactionCode: 'T', dossierCode: 'H01-260410-000000', status: 'paid' } })).status).toBe(404)
  })
  it.each([
    [504, { error: { code: 'BANK_TIMEOUT', message: 'late' } }, 504, 'BANK_TIMEOUT'], [502, {}, 502, 'BANK_UNAVAILABLE'],
    [422, { error: { code: 'BENEFICIARY_UNKNOWN', message: 'none' } }, 409, 'BENEFICIARY_UNKNOWN'],
  ])('a %i of the payment system is said, and the dossier goes on', async (status, body, expected, errorCode) => {
    paymentsAnswer = () => ({ status, body })
    expect(await pay()).toMatchObject({ status: expected, body: { error: { code: errorCode } } })
    expect((await call('GET', `/api/dossiers/${code}`, { cookie })).status).toBe(200)
  })
  it('there is nothing to pay for a free procedure', async () => {
    const free = await call('POST', '/api/dossiers', { body: submission('r2', personOf(1), '9.900002'), cookie })
    expect((await call('POST', `/api/dossiers/${free.body.dossierCode}/payments`, { cookie, body: { reference: 'p', bank: 'bank-vcb' } })).body.error.code).toBe('NOTHING_TO_PAY')
  })
  it.each([[202, 202, undefined], [504, 504, 'SMS_TIMEOUT'], [500, 502, 'SMS_UNAVAILABLE']])('notifications\' %i becomes %i', async (status, expected, errorCode) => {
    notificationsAnswer = () => ({ status, body: { messageId: 'M1', status: 'accepted' } })
    const answer = await call('POST', `/api/dossiers/${code}/messages`, { cookie, body: { reference: 'm1', phone: '0990000001' } })
    expect(answer.status).toBe(expected)
    if (errorCode) expect(answer.body.error.code).toBe(errorCode)
    else expect(answer.body).toEqual({ messageId: 'M1', status: 'accepted' })
    expect(notifications.received[0]!.body).toEqual({ reference: 'm1', dossierCode: code, phone: '0990000001', template: 'dossier-received' })
  })
})

describe('evidence', () => {
  it('is one snapshot of everything, in the form of the contract', async () => {
    await openPortal()
    const cookie = await loggedIn(personOf(1).personId)
    const { body } = await call('POST', '/api/dossiers', { body: submission('r1'), cookie })
    await push('/sync/v1/dossiers', pushed(2))
    await push('/sync/v1/statuses', { reference: 's1', dossierCode: pushed(2).dossierCode, status: 'done', at: Date.UTC(2026, 3, 10, 16) })
    const rows = await evidenceOf(config)
    for (const row of rows) expect(EvidenceRow.safeParse(row).error).toBeUndefined()
    expect(rows).toContainEqual(expect.objectContaining({ key: `dossier/${body.dossierCode}`, op: 'r1', status: 'newly-registered', fields: {
      applicantName: personOf(1).name, procedureCode: PAID_PROCEDURE.code, unitCode: 'H01', applicantId: personOf(1).personId, partner: 'ha-noi', origin: 'direct', legacyCode: null, feeVnd: PAID_PROCEDURE.feeVnd,
    } }))
    expect(rows).toContainEqual(expect.objectContaining({ key: `dossier/${pushed(2).dossierCode}`, op: pushed(2).reference, status: 'done' }))
    expect(rows).toContainEqual(expect.objectContaining({ key: 'event/s1', op: 's1', status: 'done', fields: { dossierCode: pushed(2).dossierCode, source: 'justice' } }))
    expect(rows.filter((row) => row.key.startsWith('service/'))).toHaveLength(PROCEDURES.length)
    expect(rows.filter((row) => row.key.startsWith('session/'))).toHaveLength(1)
    expect(JSON.stringify(rows)).not.toContain(cookie.slice(4))
  })
  it('of more rows than one fetch is whole', async () => {
    await pool.query(`insert into dossiers (code, procedure_code, unit_code, partner_id, applicant_id, applicant_name, applicant_birth_date, status, origin, submitted_at)
      select 'H01-200101-' || n, '9.900001', 'H01', 'ha-noi', '999', 'Người Thử', '1990-01-01', 'done', 'migrated', now() from generate_series(100001, 106000) n`)
    expect(await evidenceOf(config)).toHaveLength(6_000)
  })
})
