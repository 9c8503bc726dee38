import { beforeEach, describe, expect, it } from 'vitest'
import { personOf } from '../../../contracts/reference/people.ts'
import { pendingOf } from '../test-bench.ts'
import { call, countDossiers, drained, type KEYS, loggedIn, openPortal, PAID_PROCEDURE, push, pushed, submission, usePortal } from './portal-bench.ts'

const bench = usePortal()

describe('a synced dossier', () => {
  beforeEach(() => openPortal(bench))

  it('is stored and sent on, and the same again changes nothing', async () => {
    expect(await push(bench, '/sync/v1/dossiers', pushed(1))).toMatchObject({ status: 201, body: { result: 'created' } })
    expect(await push(bench, '/sync/v1/dossiers', pushed(1))).toMatchObject({ status: 200, body: { result: 'unchanged' } })
    expect(await push(bench, '/sync/v1/dossiers', pushed(1, { submittedAt: Date.UTC(2026, 3, 10, 16) }))).toMatchObject({ status: 200 })
    await drained(bench)
    expect(bench.neighbours.coordination.received.flatMap((request) => request.body.dossiers)).toEqual([expect.objectContaining({ reference: pushed(1).reference, origin: 'synced', partner: 'justice', submittedAt: pushed(1).submittedAt, level: PAID_PROCEDURE.level, territory: null, feeVnd: PAID_PROCEDURE.feeVnd })])
  })

  it('50 times at once is created once', async () => {
    const results = (await Promise.all(Array.from({ length: 50 }, () => push(bench, '/sync/v1/dossiers', pushed(1))))).map((answer) => answer.body.result)
    expect(results.toSorted()).toEqual(['created', ...Array.from({ length: 49 }, () => 'unchanged')])
    await drained(bench)
    expect(bench.neighbours.coordination.received.flatMap((request) => request.body.dossiers)).toHaveLength(1)
  })

  it('is never put to the business check', async () => {
    const { personId } = personOf(5)
    await call(bench, 'POST', '/api/dossiers', { body: submission('r1', personOf(5)), cookie: await loggedIn(bench, personId) })
    expect((await push(bench, '/sync/v1/dossiers', pushed(5))).status).toBe(201)
    expect((await push(bench, '/sync/v1/dossiers', pushed(6, { applicantId: personId }))).status).toBe(201)
  })

  it.each([['other text', { note: 'khác' }], ['another reference', { reference: 'other' }], ['the same reference under another code', { dossierCode: 'G08-260410-999999' }]])(
    'with %s is a conflict', async (_, change) => {
      await push(bench, '/sync/v1/dossiers', pushed(1))
      expect(await push(bench, '/sync/v1/dossiers', pushed(1, change))).toMatchObject({ status: 409, body: { error: { code: 'CONFLICT' } } })
      expect(await countDossiers(bench)).toBe(1)
    })

  it('is refused with a wrong signature, from an unknown partner or a bank, with a bad body', async () => {
    expect((await push(bench, '/sync/v1/dossiers', pushed(1), 'justice', 'another key')).body.error.code).toBe('SIGNATURE_INVALID')
    expect((await call(bench, 'POST', '/sync/v1/dossiers', { body: pushed(1), headers: { 'x-partner': '__proto__', 'x-signature': 'aa' } })).status).toBe(401)
    expect((await push(bench, '/sync/v1/dossiers', pushed(1), 'bank-vcb')).body.error.code).toBe('SIGNATURE_INVALID')
    for (const change of [{ status: 'lost' }, { dossierCode: 'x' }, { applicantBirthDate: '31/12/1999' }, { submittedAt: 1e300 }, { extra: 1 }]) {
      expect((await push(bench, '/sync/v1/dossiers', pushed(1, change))).status).toBe(400)
    }
    expect(await countDossiers(bench)).toBe(0)
  })

  it('that PostgreSQL cannot take fails alone, not the others of its group', async () => {
    const answers = await Promise.all([...Array.from({ length: 9 }, (_, index) => push(bench, '/sync/v1/dossiers', pushed(index))), push(bench, '/sync/v1/dossiers', pushed(10, { applicantBirthDate: '0000-01-01' }))])
    expect(answers.map((answer) => answer.status)).toEqual([...Array.from({ length: 9 }, () => 201), 400])
  })

  it('waits in the outbox while coordination is away, and arrives afterwards', async () => {
    bench.answers.coordination = () => ({ status: 503 })
    await push(bench, '/sync/v1/dossiers', pushed(1))
    await bench.neighbours.coordination.arrived(2)
    expect(await pendingOf(bench.config)).toBe(1)
    bench.answers.coordination = () => ({ status: 200 })
    await drained(bench)
  })
})

describe('a synced status', () => {
  beforeEach(async () => { await openPortal(bench); await push(bench, '/sync/v1/dossiers', pushed(1)) })
  const status = (reference: string, next: string, partner: keyof typeof KEYS = 'justice') =>
    push(bench, '/sync/v1/statuses', { reference, dossierCode: pushed(1).dossierCode, status: next, at: Date.UTC(2026, 3, 10, 16) }, partner)
  const statusNow = async () => (await bench.pool.query('select status from dossiers')).rows[0].status

  it('moves the dossier once, also when 50 come at once, and goes on to coordination', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => status('s1', 'in-process')))
    expect(answers.map((answer) => answer.status).toSorted()).toEqual([...Array.from({ length: 49 }, () => 200), 201])
    expect(await statusNow()).toBe('in-process')
    await drained(bench)
    expect(bench.neighbours.coordination.received.flatMap((request) => request.body.statuses ?? [])).toEqual([{ reference: 's1', dossierCode: pushed(1).dossierCode, status: 'in-process', at: Date.UTC(2026, 3, 10, 16) }])
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
    expect((await bench.pool.query('select count(*)::int as n from dossier_events')).rows[0].n).toBe(1)
    expect(await statusNow()).toBe('done')
  })
  it('of a dossier that is not there, or another partner\'s, is refused', async () => {
    expect((await push(bench, '/sync/v1/statuses', { reference: 's', dossierCode: 'G08-260410-777777', status: 'done', at: Date.UTC(2026, 3, 10) })).status).toBe(404)
    expect((await status('s1', 'in-process', 'ha-noi')).status).toBe(404)
    expect(await statusNow()).toBe('received')
  })
  it('with a reference that carried another status is a conflict', async () => {
    await status('s1', 'in-process')
    expect((await status('s1', 'done')).body.error.code).toBe('CONFLICT')
  })
})
