import { beforeEach, describe, expect, it } from 'vitest'
import { personOf } from '../../../contracts/reference/people.ts'
import { call, countDossiers, drained, loggedIn, openPortal, PAID_PROCEDURE, push, pushed, submission, usePortal } from './portal-bench.ts'

const bench = usePortal()

describe('a direct submission', () => {
  beforeEach(() => openPortal(bench))

  it('is stored, given a number, a due date, and forwarded to whoever handles it', async () => {
    const cookie = await loggedIn(bench, personOf(1).personId)
    const answer = await call(bench, 'POST', '/api/dossiers', { body: submission('r1'), cookie })
    expect(answer).toMatchObject({ status: 201, servedBy: 'portal', body: { procedureCode: PAID_PROCEDURE.code, unitCode: 'H01', status: 'newly-registered', feeVnd: PAID_PROCEDURE.feeVnd, submittedAt: bench.config.scenarioStartMs } })
    expect(answer.body.dossierCode).toMatch(/^H01-260410-5\d{6}$/)
    expect(answer.body.dueAt).toBe(Date.UTC(2026, 3, 17, 10))
    await bench.neighbours.coordination.arrived(1)
    expect(bench.neighbours.coordination.received[0]).toMatchObject({ path: '/v1/dossiers', body: { dossiers: [{
      reference: 'r1', dossierCode: answer.body.dossierCode, origin: 'direct', partner: 'ha-noi', unitCode: 'H01', applicantName: personOf(1).name, submittedAt: bench.config.scenarioStartMs,
      level: PAID_PROCEDURE.level, territory: 'H01', feeVnd: PAID_PROCEDURE.feeVnd, dueAt: Date.UTC(2026, 3, 17, 10),
    }] } })
    await drained(bench)
    expect((await call(bench, 'GET', '/api/dossiers', { cookie })).body.dossiers).toEqual([answer.body])
  })

  it('with the same reference 50 times at once is one dossier and one answer', async () => {
    const cookie = await loggedIn(bench, personOf(1).personId)
    const answers = await Promise.all(Array.from({ length: 50 }, () => call(bench, 'POST', '/api/dossiers', { body: submission('r1'), cookie })))
    expect(answers.filter((answer) => answer.status === 201)).toHaveLength(1)
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(49)
    expect(new Set(answers.map((answer) => JSON.stringify(answer.body))).size).toBe(1)
    expect(await countDossiers(bench)).toBe(1)
  })

  it('with the same reference for another procedure is refused, and nothing is stored', async () => {
    const cookie = await loggedIn(bench, personOf(1).personId)
    expect((await call(bench, 'POST', '/api/dossiers', { body: submission('r1'), cookie })).status).toBe(201)
    expect(await call(bench, 'POST', '/api/dossiers', { body: submission('r1', personOf(1), '9.900002'), cookie })).toMatchObject({ status: 409, body: { error: { code: 'CONFLICT' } } })
    expect(await countDossiers(bench)).toBe(1)
  })

  it('of a procedure with an open dossier is refused, also 20 at the same moment', async () => {
    const cookie = await loggedIn(bench, personOf(1).personId)
    const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => call(bench, 'POST', '/api/dossiers', { body: submission(`r${index}`), cookie })))
    expect(answers.filter((answer) => answer.status === 201)).toHaveLength(1)
    expect(answers.filter((answer) => answer.status === 409 && answer.body.error.code === 'DUPLICATE_OPEN_DOSSIER')).toHaveLength(19)
    expect(await countDossiers(bench)).toBe(1)
  })

  it('is refused beside an open dossier that was synced or migrated, and accepted beside a finished one', async () => {
    const cookie = await loggedIn(bench, personOf(7).personId)
    await push(bench, '/sync/v1/dossiers', pushed(7))
    expect((await call(bench, 'POST', '/api/dossiers', { body: submission('r1', personOf(7)), cookie })).status).toBe(409)
    await bench.pool.query(`update dossiers set status = 'done', origin = 'migrated'`)
    expect((await call(bench, 'POST', '/api/dossiers', { body: submission('r2', personOf(7)), cookie })).status).toBe(201)
  })

  it('of another procedure or another person is accepted', async () => {
    const cookie = await loggedIn(bench, personOf(1).personId)
    expect((await call(bench, 'POST', '/api/dossiers', { body: submission('r1'), cookie })).status).toBe(201)
    expect((await call(bench, 'POST', '/api/dossiers', { body: submission('r2', personOf(1), '9.900002'), cookie })).status).toBe(201)
    expect((await call(bench, 'POST', '/api/dossiers', { body: submission('r3', personOf(2)), cookie: await loggedIn(bench, personOf(2).personId) })).status).toBe(201)
  })

  it.each([['9.900005', 'G15', 'commune', 'H01'], ['9.900014', 'G06', 'ministry', null]])('of %s says who handles it: unit %s, level %s, territory %s', async (code, unitCode, level, territory) => {
    await call(bench, 'POST', '/api/dossiers', { body: submission('r1', personOf(1), code), cookie: await loggedIn(bench, personOf(1).personId) })
    await bench.neighbours.coordination.arrived(1)
    expect(bench.neighbours.coordination.received[0]!.body.dossiers).toMatchObject([{ unitCode, level, territory }])
  })

  it('passes over a number that is taken', async () => {
    const { rows: [{ n }] } = await bench.pool.query(`select nextval('dossier_number')::int as n`)
    await push(bench, '/sync/v1/dossiers', pushed(1, { dossierCode: `H01-260410-${n + 1}`, unitCode: 'H01' }), 'ha-noi')
    const answer = await call(bench, 'POST', '/api/dossiers', { body: submission('r1', personOf(2)), cookie: await loggedIn(bench, personOf(2).personId) })
    expect(answer).toMatchObject({ status: 201, body: { dossierCode: `H01-260410-${n + 2}` } })
  })

  it.each([
    ['without a session', {}, undefined, 401, 'LOGIN_REQUIRED'],
    ['of a procedure that nobody published', { procedureCode: '9.999999' }, 'session', 404, 'PROCEDURE_UNKNOWN'],
    ['of a procedure that its ministry takes itself', { procedureCode: '9.900019' }, 'session', 409, 'REDIRECTED'],
    ['in a province that is none', { provinceId: 'atlantis' }, 'session', 400, 'PROVINCE_UNKNOWN'],
    ['with an unknown member', { account: '123' }, 'session', 400, 'BODY_INVALID'],
    ['with U+0000 in a text', { note: 'a\u0000b' }, 'session', 400, 'BODY_INVALID'],
    ['with a date that the calendar does not have', { applicantBirthDate: '2001-02-30' }, 'session', 400, 'BODY_INVALID'],
    ['with the year 0', { applicantBirthDate: '0000-01-01' }, 'session', 400, 'BODY_INVALID'],
  ])('%s is refused and not stored', async (_, change, session, status, code) => {
    const cookie = session && await loggedIn(bench, personOf(1).personId)
    expect(await call(bench, 'POST', '/api/dossiers', { body: { ...submission('r1'), ...change }, cookie })).toMatchObject({ status, body: { error: { code } } })
    expect(await countDossiers(bench)).toBe(0)
  })
})

describe('a session', () => {
  beforeEach(() => openPortal(bench))
  it('shows its own dossiers and nobody else\'s, and ends at once', async () => {
    const [first, second] = [await loggedIn(bench, personOf(1).personId), await loggedIn(bench, personOf(2).personId)]
    const { body: { dossierCode } } = await call(bench, 'POST', '/api/dossiers', { body: submission('r1'), cookie: first })
    expect((await call(bench, 'GET', `/api/dossiers/${dossierCode}`, { cookie: first })).status).toBe(200)
    expect((await call(bench, 'GET', `/api/dossiers/${dossierCode}`, { cookie: second })).status).toBe(404)
    expect((await call(bench, 'GET', '/api/dossiers', { cookie: second })).body).toEqual({ dossiers: [] })
    expect((await call(bench, 'POST', `/api/dossiers/${dossierCode}/payments`, { cookie: second, body: { reference: 'p', bank: 'bank-vcb' } })).status).toBe(404)
    expect((await call(bench, 'POST', `/api/dossiers/${dossierCode}/messages`, { cookie: second, body: { reference: 'p', phone: '0990000001' } })).status).toBe(404)
    expect((await call(bench, 'POST', '/api/dossiers', { body: submission('r1'), cookie: second })).body.error.code).toBe('CONFLICT')
    await bench.pool.query('update sessions set ended_at = now() where person_id = $1', [personOf(1).personId])
    expect((await call(bench, 'GET', `/api/dossiers/${dossierCode}`, { cookie: first })).status).toBe(401)
  })
  it('finds a migrated dossier by the code that it had', async () => {
    await push(bench, '/sync/v1/dossiers', pushed(3))
    await bench.pool.query(`update dossiers set legacy_code = 'H01.2024.000007', origin = 'migrated'`)
    expect(await call(bench, 'GET', '/api/dossiers/H01.2024.000007', { cookie: await loggedIn(bench, personOf(3).personId) })).toMatchObject({ status: 200, body: { dossierCode: pushed(3).dossierCode } })
  })
})
