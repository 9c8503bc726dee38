import { beforeEach, describe, expect, it } from 'vitest'
import { EvidenceRow } from '../../../contracts/evidence.ts'
import { personOf } from '../../../contracts/reference/people.ts'
import { PROCEDURES } from '../../../contracts/reference/procedures.ts'
import { control, evidenceOf } from '../test-bench.ts'
import { call, countDossiers, loggedIn, openPortal, OWN_SERVICES, PAID_PROCEDURE, push, pushed, submission, usePortal } from './portal-bench.ts'

const bench = usePortal()

describe('while closed', () => {
  it('nobody outside is served and nothing is stored', async () => {
    const cookie = await loggedIn(bench, personOf(1).personId)
    for (const answer of [
      await push(bench, '/sync/v1/dossiers', pushed(1)), await call(bench, 'POST', '/api/dossiers', { body: submission('r1'), cookie }),
      await call(bench, 'GET', '/api/services?q=&province=ha-noi'), await call(bench, 'GET', '/auth/login?reference=r1'),
    ]) expect(answer).toMatchObject({ status: 503, body: { error: { code: 'PORTAL_CLOSED' } }, servedBy: 'portal' })
    expect(await countDossiers(bench)).toBe(0)
  })
  it('closing returns only when what began before is answered, and what it stored is there', async () => {
    await openPortal(bench)
    const pushes = Array.from({ length: 40 }, (_, index) => push(bench, '/sync/v1/dossiers', pushed(index)))
    await pushes[0]
    await control(bench.config, { action: 'mode', mode: 'closed' })
    const stored = await countDossiers(bench)
    const statuses = (await Promise.all(pushes)).map((answer) => answer.status)
    expect(statuses.filter((status) => status === 201)).toHaveLength(stored)
    expect(statuses.every((status) => status === 201 || status === 503)).toBe(true)
    expect(await countDossiers(bench)).toBe(stored)
  })
  it('"frozen" is no mode of the new portal', async () => { expect((await control(bench.config, { action: 'mode', mode: 'frozen' })).status).toBe(400) })
})

describe('services', () => {
  beforeEach(() => openPortal(bench))
  it.each(['khai sinh', 'KHAI SINH', 'Đăng ký khai sinh', 'dang ky khai sinh', 'Đăng ký khai sinh'.normalize('NFD'), '9.900002'])('are found by %j', async (text) => {
    const { body } = await call(bench, 'GET', `/api/services?q=${encodeURIComponent(text)}&province=hue`)
    expect(body.services).toContainEqual({ procedureCode: '9.900002', title: 'Đăng ký khai sinh', unitCode: 'H02', feeVnd: 0, redirectUrl: null })
  })
  it('that a ministry takes itself lead to its own service', async () => {
    const { body } = await call(bench, 'GET', '/api/services?q=9.900019&province=hue')
    expect(body.services).toEqual([expect.objectContaining({ procedureCode: '9.900019', unitCode: 'G12', redirectUrl: `${OWN_SERVICES['partner-finance']}/public/v1/dossiers` })])
  })
  it('are all there for an empty text and none for nonsense; taken back, they are gone', async () => {
    expect((await call(bench, 'GET', '/api/services?q=&province=hue')).body.services).toHaveLength(PROCEDURES.length)
    expect((await call(bench, 'GET', '/api/services?q=zzzz&province=hue')).body.services).toEqual([])
    await call(bench, 'POST', '/internal/v1/catalogue', { body: { procedures: [] } })
    expect((await call(bench, 'GET', '/api/services?q=&province=hue')).body.services).toEqual([])
  })
})

describe('routes for the inside', () => {
  it.each(['/internal/v1/catalogue', '/%69nternal/v1/catalogue'])('%s does not exist for what came through an edge, open or closed', async (path) => {
    await openPortal(bench)
    const forwarded = { body: { procedures: [] }, headers: { 'x-forwarded-for': '203.0.113.7' } }
    expect((await call(bench, 'POST', path, forwarded)).body.error.code).toBe('ROUTE_UNKNOWN')
    expect((await call(bench, 'GET', '/api/services?q=&province=hue')).body.services).toHaveLength(PROCEDURES.length)
    await control(bench.config, { action: 'mode', mode: 'closed' })
    expect([404, 503]).toContain((await call(bench, 'POST', path, forwarded)).status)
  })
})

describe('evidence', () => {
  it('is one snapshot of everything, in the form of the contract', async () => {
    await openPortal(bench)
    const cookie = await loggedIn(bench, personOf(1).personId)
    const { body } = await call(bench, 'POST', '/api/dossiers', { body: submission('r1'), cookie })
    await push(bench, '/sync/v1/dossiers', pushed(2))
    await push(bench, '/sync/v1/statuses', { reference: 's1', dossierCode: pushed(2).dossierCode, status: 'done', at: Date.UTC(2026, 3, 10, 16) })
    const rows = await evidenceOf(bench.config)
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
    await bench.pool.query(`insert into dossiers (code, procedure_code, unit_code, partner_id, applicant_id, applicant_name, applicant_birth_date, status, origin, submitted_at)
      select 'H01-200101-' || n, '9.900001', 'H01', 'ha-noi', '999', 'Người Thử', '1990-01-01', 'done', 'migrated', now() from generate_series(100001, 106000) n`)
    expect(await evidenceOf(bench.config)).toHaveLength(6_000)
  })
})
