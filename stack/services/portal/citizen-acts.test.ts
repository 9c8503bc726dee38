import { beforeEach, describe, expect, it } from 'vitest'
import { personOf } from '../../../contracts/reference/people.ts'
import { evidenceOf } from '../test-bench.ts'
import { call, drained, loggedIn, openPortal, sentTo, submission, tellInside, usePortal } from './portal-bench.ts'

const bench = usePortal()
const LATER = Date.UTC(2026, 3, 10, 16)
let cookie: string
let code: string
beforeEach(async () => {
  await openPortal(bench)
  cookie = await loggedIn(bench, personOf(1).personId)
  code = (await call(bench, 'POST', '/api/dossiers', { body: submission('r1'), cookie })).body.dossierCode
})
const answer = (reference: string, as = cookie) => call(bench, 'POST', `/api/dossiers/${code}/supplements`, { cookie: as, body: { reference, text: 'Bản sao' } })
const withdraw = (reference: string, as = cookie) => call(bench, 'POST', `/api/dossiers/${code}/withdrawals`, { cookie: as, body: { reference, reason: 'Nhầm' } })
const byStaff = (reference: string, status: string, at = LATER) => tellInside(bench, 'statuses', { statuses: [{ reference, dossierCode: code, status, at, source: 'staff' }] })
const read = async () => (await call(bench, 'GET', `/api/dossiers/${code}`, { cookie })).body.status
const refusal = (status: number, errorCode: string) => ({ status, body: { error: { code: errorCode } } })

describe('a supplement', () => {
  it('that was asked is answered once, and reaches coordination as the citizen\'s', async () => {
    await byStaff('a1', 'supplement-asked')
    expect(await read()).toBe('supplement-asked')
    expect(await answer('s1')).toMatchObject({ status: 201, body: { dossierCode: code, status: 'in-process' } })
    expect(await answer('s1')).toMatchObject({ status: 200, body: { dossierCode: code, status: 'in-process' } })
    expect(await read()).toBe('in-process')
    await drained(bench)
    expect(sentTo(bench, 'coordination', 'statuses')).toEqual([{ reference: 's1', dossierCode: code, status: 'in-process', at: LATER + 1, source: 'citizen' }])
    expect((await evidenceOf(bench.config)).filter(({ key }) => key.startsWith('event/'))).toMatchObject([
      { key: 'event/a1', op: 'a1', status: 'supplement-asked', fields: { dossierCode: code, source: 'staff' } },
      { key: 'event/s1', op: 's1', status: 'in-process', fields: { dossierCode: code, source: 'citizen' } },
    ])
  })
  it('that nobody asked, or a second answer to it, is refused', async () => {
    expect(await answer('s1')).toMatchObject(refusal(409, 'TRANSITION_FORBIDDEN'))
    await byStaff('a1', 'supplement-asked')
    const answers = await Promise.all(Array.from({ length: 10 }, (_, n) => answer(`s${n}`)))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, ...Array<number>(9).fill(409)])
    expect((await bench.pool.query(`select count(*)::int as n from dossier_events where source = 'citizen'`)).rows[0].n).toBe(1)
  })
})

describe('a withdrawal', () => {
  it('ends the dossier once', async () => {
    expect(await withdraw('w1')).toMatchObject({ status: 201, body: { dossierCode: code, status: 'withdrawn' } })
    expect((await withdraw('w1')).status).toBe(200)
    expect(await withdraw('w2')).toMatchObject(refusal(409, 'TRANSITION_FORBIDDEN'))
    expect(await read()).toBe('withdrawn')
    await drained(bench)
    expect(sentTo(bench, 'coordination', 'statuses')).toMatchObject([{ reference: 'w1', status: 'withdrawn', source: 'citizen' }])
  })
  it('is refused when the result is there', async () => {
    await byStaff('a1', 'done')
    expect(await withdraw('w1')).toMatchObject(refusal(409, 'TRANSITION_FORBIDDEN'))
  })
  it('and a supplement need a session, the owner\'s, and a reference of their own', async () => {
    const stranger = await loggedIn(bench, personOf(2).personId)
    for (const act of [answer, withdraw]) {
      expect(await act('x1', stranger)).toMatchObject(refusal(404, 'DOSSIER_UNKNOWN'))
      expect(await act('x1', 'sid=none')).toMatchObject(refusal(401, 'LOGIN_REQUIRED'))
    }
    await byStaff('a1', 'supplement-asked')
    await answer('s1')
    expect(await withdraw('s1')).toMatchObject(refusal(409, 'CONFLICT'))
    expect(await read()).toBe('in-process')
  })
})

describe('a status set by staff', () => {
  it('counts once, and the latest counts in whatever order they come', async () => {
    for (let n = 0; n < 2; n += 1) expect(await byStaff('a2', 'in-process', LATER)).toMatchObject({ status: 200, body: { accepted: 1 } })
    await byStaff('a1', 'received', LATER - 1_000)
    expect(await read()).toBe('in-process')
    await tellInside(bench, 'statuses', { statuses: [{ reference: 'a4', dossierCode: code, status: 'result-returned', at: LATER + 2 }, { reference: 'a3', dossierCode: code, status: 'done', at: LATER + 1 }] })
    expect(await read()).toBe('result-returned')
    await drained(bench)
    expect(sentTo(bench, 'coordination', 'statuses')).toEqual([])
  })
  it('before the citizen\'s own does not undo it', async () => {
    await withdraw('w1')
    await byStaff('a1', 'received', bench.config.scenarioStartMs - 1_000)
    expect(await read()).toBe('withdrawn')
  })
  it('of a dossier that is not here is refused with its whole batch', async () => {
    const statuses = [{ reference: 'a1', dossierCode: code, status: 'received', at: LATER }, { reference: 'a2', dossierCode: 'H01-260410-000000', status: 'received', at: LATER }]
    expect(await tellInside(bench, 'statuses', { statuses })).toMatchObject(refusal(404, 'DOSSIER_UNKNOWN'))
    expect(await read()).toBe('newly-registered')
    expect((await bench.pool.query('select count(*)::int as n from dossier_events')).rows[0].n).toBe(0)
  })
})
