import { describe, expect, it } from 'vitest'
import type { StaffAccount } from '../../../contracts/reference/staff.ts'
import { act, call, dossier, logIn, OFFICERS, put, useCoordination } from './coordination-bench.ts'

const bench = useCoordination()
const session = ({ account, passcode }: StaffAccount) => call(bench, 'POST', '/staff/v1/sessions', { account, passcode })
const find = (token: string) => call(bench, 'GET', `/staff/v1/dossiers?reference=${dossier(1).reference}`, undefined, token)
const refusal = (status: number, code: string) => ({ status, body: { error: { code } } })

describe('exceptions', () => {
  /** Every ask is a real one; the change is told by PostgreSQL, none waits for a guess. */
  async function until(ask: () => Promise<{ status: number }>, status: number): Promise<void> {
    for (let n = 0; n < 5_000; n += 1) if ((await ask()).status === status) return
    throw new Error(`never answered ${status}`)
  }
  it('take effect for those who are logged in and for new sessions, and go as they came', async () => {
    await put(bench, dossier(1))
    const token = await logIn(bench, OFFICERS.commune)
    await bench.pool.query(`insert into staff_exceptions (account, withheld) values ($1, '{receive,report}')`, [OFFICERS.commune.account])
    await until(() => act(bench, token, 'a0', 'receive'), 403)
    expect(await act(bench, token, 'a1', 'receive')).toMatchObject(refusal(403, 'PERMISSION_MISSING'))
    expect((await session(OFFICERS.commune)).body.permissions).not.toContain('report')
    await bench.pool.query('update staff_exceptions set missing = true')
    await until(() => find(token), 401)
    expect(await session(OFFICERS.commune)).toMatchObject(refusal(401, 'ACCOUNT_UNKNOWN'))
    expect((await session(OFFICERS.province)).status).toBe(201)
    await bench.pool.query('delete from staff_exceptions')
    await until(() => find(token), 200)
  })
  it('are read again when PostgreSQL closed the connection that told of them', async () => {
    await bench.pool.query(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'coordination-exceptions' and datname = current_database()`)
    await bench.pool.query('insert into staff_exceptions (account, missing) values ($1, true)', [OFFICERS.commune.account])
    await until(() => session(OFFICERS.commune), 401)
  })
})
