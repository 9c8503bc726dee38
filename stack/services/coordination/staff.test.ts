import { beforeEach, describe, expect, it } from 'vitest'
import { StaffDossier, StaffSession } from '../../../contracts/api/staff.ts'
import { EvidenceRow } from '../../../contracts/evidence.ts'
import { control, evidenceOf } from '../test-bench.ts'
import { act, call, codeOf, dossier, drained, logIn, OFFICERS, put, toldTo, useCoordination, type Officer } from './coordination-bench.ts'

const bench = useCoordination()
const session = (body: unknown) => call(bench, 'POST', '/staff/v1/sessions', body)
const find = (token: string, reference = dossier(1).reference, more = '') => call(bench, 'GET', `/staff/v1/dossiers?reference=${reference}${more}`, undefined, token)
const statusOf = async (code = codeOf(1)) => (await bench.pool.query('select status from dossiers where code = $1', [code])).rows[0]?.status
const refusal = (status: number, code: string) => ({ status, body: { error: { code } } })

describe('a staff session', () => {
  it('begins with account and passcode, and says who it is and what they may do', async () => {
    const { account, passcode, unitCode, level, permissions } = OFFICERS.commune
    const { status, body } = await session({ account, passcode })
    expect(status).toBe(201)
    expect(StaffSession.parse(body)).toMatchObject({ account, unitCode, level, permissions })
    expect(body.expiresAt).toBeGreaterThan(Date.now() + 5_000)
  })
  it.each([
    ['cb.H99.commune.000001', 'pc-000001', 'ACCOUNT_UNKNOWN'], ['cb.H01.ministry.000001', 'pc-000001', 'ACCOUNT_UNKNOWN'], ['cb.H01.commune.008000', 'pc-008000', 'ACCOUNT_UNKNOWN'],
    [OFFICERS.commune.account, 'pc-000002', 'PASSCODE_WRONG'],
  ])('of %s with %s is refused: %s', async (account, passcode, code) => { expect(await session({ account, passcode })).toMatchObject(refusal(401, code)) })
  it('is needed for everything else', async () => {
    await put(bench, dossier(1))
    for (const answer of [await find('x'), await act(bench, 'x', 'r', 'receive'), await call(bench, 'POST', `/staff/v1/dossiers/${codeOf(1)}/refunds`, { reference: 'r' })]) expect(answer).toMatchObject(refusal(401, 'TOKEN_INVALID'))
    expect(await statusOf()).toBe('newly-registered')
  })
})

describe('looking a dossier up', () => {
  it('finds it by the reference of its submission', async () => {
    const token = await logIn(bench, OFFICERS.commune)
    expect(await find(token)).toMatchObject(refusal(404, 'DOSSIER_UNKNOWN'))
    await put(bench, dossier(1))
    const { status, body } = await find(token)
    expect({ status, body: StaffDossier.parse(body) }).toEqual({ status: 200, body: {
      dossierCode: codeOf(1), procedureCode: '9.900001', unitCode: 'H01', level: 'commune', applicantName: 'Người Thử 1', status: 'newly-registered', origin: 'direct', feeVnd: 8000, paid: false, dueAt: Date.UTC(2026, 3, 17, 10),
    } })
    expect(bench.neighbours.payments.received).toEqual([])
  })
  it('asks the payment system only where the officer wants to know', async () => {
    await put(bench, dossier(1))
    const token = await logIn(bench, OFFICERS.commune)
    bench.answers.payments = () => ({ status: 200, body: { paid: true } })
    expect((await find(token, undefined, '&payment=1')).body.paid).toBe(true)
    expect(bench.neighbours.payments.received).toMatchObject([{ method: 'GET', path: `/v1/dossiers/${codeOf(1)}/paid` }])
    bench.answers.payments = () => ({ status: 500 })
    expect(await find(token, undefined, '&payment=1')).toMatchObject(refusal(502, 'PAYMENTS_UNAVAILABLE'))
  })
  it('does not take dossiers without a reference for one', async () => {
    await put(bench, dossier(1, { reference: '', origin: 'migrated' }))
    expect(await find(await logIn(bench, OFFICERS.commune), '')).toMatchObject(refusal(404, 'DOSSIER_UNKNOWN'))
  })
})

describe('scope', () => {
  const ministryLevel = { unitCode: 'G08', partner: 'justice', level: 'ministry', territory: null }
  it.each<[string, Record<string, unknown>, Officer, 'receive' | 'process' | 'none']>([
    ['a commune\'s', {}, 'commune', 'process'], ['a commune\'s', {}, 'province', 'process'], ['a commune\'s', {}, 'ministry', 'none'], ['a commune\'s', {}, 'elsewhere', 'none'], ['a commune\'s', {}, 'anywhere', 'receive'],
    ['a province\'s', { level: 'province' }, 'commune', 'none'], ['a province\'s', { level: 'province' }, 'province', 'process'],
    ['of a central system in the province', { unitCode: 'G08', partner: 'justice' }, 'commune', 'process'], ['of a central system in the province', { unitCode: 'G08', partner: 'justice' }, 'ministry', 'process'],
    ['a ministry\'s', ministryLevel, 'ministry', 'process'], ['a ministry\'s', ministryLevel, 'province', 'none'], ['a ministry\'s', ministryLevel, 'otherMinistry', 'none'], ['a ministry\'s', ministryLevel, 'anywhere', 'receive'],
  ])('%s dossier %j: %s may %s', async (_name, change, officer, may) => {
    await put(bench, dossier(1, change))
    const token = await logIn(bench, OFFICERS[officer])
    expect((await find(token)).status).toBe(may === 'none' ? 403 : 200)
    expect((await act(bench, token, 'a1', 'receive')).status).toBe(may === 'none' ? 403 : 201)
    expect((await act(bench, token, 'a2', 'process')).status).toBe(may === 'process' ? 201 : 403)
    if (may !== 'process') expect(await act(bench, token, 'a2', 'process')).toMatchObject(refusal(403, 'SCOPE_FORBIDDEN'))
    expect(await statusOf()).toBe({ none: 'newly-registered', receive: 'received', process: 'in-process' }[may])
  })
})

describe('an action', () => {
  let token: string
  beforeEach(async () => {
    await put(bench, dossier(1))
    token = await logIn(bench, OFFICERS.commune)
  })

  it('moves the dossier, is kept once, and reaches portal and partner in order', async () => {
    for (const [reference, action, status] of [['a1', 'receive', 'received'], ['a2', 'ask-supplement', 'supplement-asked'], ['a3', 'process', 'in-process'], ['a4', 'finish', 'done'], ['a5', 'return-result', 'result-returned']] as const) {
      expect(await act(bench, token, reference, action)).toEqual({ status: 201, body: { dossierCode: codeOf(1), status } })
    }
    expect(await act(bench, token, 'a1', 'receive')).toEqual({ status: 200, body: { dossierCode: codeOf(1), status: 'received' } })
    await drained(bench)
    const told = toldTo(bench, 'portal')
    expect(told.map(({ reference, status, source, dossierCode }) => [reference, status, source, dossierCode])).toEqual(
      [['a1', 'received'], ['a2', 'supplement-asked'], ['a3', 'in-process'], ['a4', 'done'], ['a5', 'result-returned']].map((pair) => [...pair, 'staff', codeOf(1)]))
    for (const [index, { at }] of told.entries()) expect(at).toBeGreaterThan(index === 0 ? 0 : told[index - 1].at)
    expect(toldTo(bench, 'partner-ha-noi').toSorted((a, b) => a.at - b.at)).toEqual(told)
    const rows = await evidenceOf(bench.config)
    for (const row of rows) expect(EvidenceRow.safeParse(row).error).toBeUndefined()
    expect(rows.find(({ key }) => key === 'event/a1')).toMatchObject({ op: 'a1', status: 'received', fields: { dossierCode: codeOf(1), source: 'staff' } })
    expect(rows.find(({ key }) => key === `dossier/${codeOf(1)}`)).toMatchObject({ status: 'result-returned', fields: { level: 'commune', feeVnd: 8000, dueAt: Date.UTC(2026, 3, 17, 10) } })
  })

  it('30 times at once is done once; of 30 that exclude each other one is done', async () => {
    const same = await Promise.all(Array.from({ length: 30 }, () => act(bench, token, 'a1', 'receive')))
    expect(same.map(({ status }) => status).toSorted()).toEqual([...Array<number>(29).fill(200), 201])
    await put(bench, dossier(2))
    const others = await Promise.all(Array.from({ length: 30 }, (_, n) => act(bench, token, `b${n}`, n % 2 ? 'receive' : 'refuse', codeOf(2))))
    const done = others.filter(({ status }) => status === 201)
    expect(new Set(done.map(({ body }) => body.status)).size).toBe(1)
    expect(others.filter(({ status }) => status === 409).every(({ body }) => body.error.code === 'TRANSITION_FORBIDDEN')).toBe(true)
    expect((await bench.pool.query('select count(*)::int as n from dossier_events where dossier_code = $1', [codeOf(2)])).rows[0].n).toBe(done.length)
  })

  it('that the process forbids is refused and leaves no trace', async () => {
    await act(bench, token, 'a1', 'refuse')
    expect(await act(bench, token, 'a2', 'process')).toMatchObject(refusal(409, 'TRANSITION_FORBIDDEN'))
    expect(await act(bench, token, 'a1', 'receive')).toMatchObject(refusal(409, 'CONFLICT'))
    await drained(bench)
    expect(toldTo(bench, 'portal').map(({ reference }) => reference)).toEqual(['a1'])
  })

  it('on a dossier that is not here, or without a permission, or that is none, is refused', async () => {
    expect(await act(bench, token, 'a1', 'receive', 'H01-260410-999999')).toMatchObject(refusal(404, 'DOSSIER_UNKNOWN'))
    expect(await act(bench, token, 'a1', 'burn' as 'receive')).toMatchObject(refusal(400, 'BODY_INVALID'))
    expect(await act(bench, token, '', 'receive')).toMatchObject(refusal(400, 'BODY_INVALID'))
    expect((await bench.pool.query('select count(*)::int as n from dossier_events')).rows[0].n).toBe(0)
  })

  it('takes the scenario clock\'s time, and never one before the status that it follows', async () => {
    const later = Date.UTC(2026, 3, 11)
    await call(bench, 'POST', '/v1/statuses', { statuses: [{ reference: 's1', dossierCode: codeOf(1), status: 'received', at: later }] })
    await control(bench.config, { action: 'clock', startedAtMs: Date.now(), timeScale: 1, scenarioStartMs: bench.config.scenarioStartMs })
    await act(bench, token, 'a1', 'process')
    await drained(bench)
    expect(toldTo(bench, 'portal')).toMatchObject([{ reference: 'a1', at: later + 1 }])
    expect(await statusOf()).toBe('in-process')
  })

  it('on a dossier that a partner synced up reaches it, on a migrated one nobody but the portal', async () => {
    await put(bench, dossier(2, { origin: 'synced', partner: 'justice' }), dossier(3, { origin: 'migrated', partner: 'justice' }))
    await act(bench, token, 'a2', 'receive', codeOf(2))
    await act(bench, token, 'a3', 'receive', codeOf(3))
    await drained(bench)
    expect(toldTo(bench, 'partner-justice').map(({ reference }) => reference)).toEqual(['a2'])
    expect(toldTo(bench, 'portal').map(({ reference }) => reference).toSorted()).toEqual(['a2', 'a3'])
  })
})
