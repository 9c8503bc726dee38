import { createHash, createHmac, randomBytes } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type pg from 'pg'
import type { ServiceConfig } from '../../../contracts/process.ts'
import { personOf } from '../../../contracts/reference/people.ts'
import { businessUrl, control, evidenceOf, pendingOf, serviceDatabase, startNeighbour, startTestPostgres, testConfig, type Neighbour } from '../test-bench.ts'
import { start } from './index.ts'
import { createLegacySessions } from './sessions.ts'

const KEYS = { 'bank-vcb': 'key-vcb', justice: 'key-justice' }
const COUNT = 400
let postgres: Awaited<ReturnType<typeof startTestPostgres>>
let notifications: Neighbour
let vneid: Neighbour
let pool: pg.Pool
let config: ServiceConfig

beforeAll(async () => {
  postgres = await startTestPostgres()
  vneid = await startNeighbour(() => ({ status: 200, body: { issuer: vneid.url, authorization_endpoint: `${vneid.url}/authorize`, token_endpoint: `${vneid.url}/token`, jwks_uri: `${vneid.url}/jwks` } }))
  notifications = await startNeighbour(() => ({ status: 202, body: { messageId: 'M1', status: 'accepted' } }))
})
afterAll(async () => {
  await notifications?.close()
  await vneid?.close()
  await postgres?.stop()
})
beforeEach(async () => {
  const database = await serviceDatabase(postgres.url, 'legacy')
  pool = database.pool
  // 30 scenario minutes in 0.9 s.
  config = testConfig('legacy', { databaseUrl: database.url, keys: KEYS, legacyDossiers: COUNT, timeScale: 2_000, urls: { vneid: vneid.url, notifications: notifications.url } })
  const legacy = await start(config)
  return async () => { await legacy.close(); await pool.end() }
})

async function call(method: string, path: string, { body, cookie, headers }: { body?: unknown; cookie?: string; headers?: Record<string, string> } = {}) {
  const answer = await fetch(businessUrl(config) + path, {
    method, redirect: 'manual', headers: { ...headers, ...(cookie && { cookie }), ...(body !== undefined && { 'content-type': 'application/json' }) }, body: body === undefined ? undefined : JSON.stringify(body),
  })
  return { status: answer.status, servedBy: answer.headers.get('x-served-by'), body: await answer.json() as any }
}
const signed = (path: string, body: unknown, idHeader: string, id: keyof typeof KEYS, key = KEYS[id]) =>
  call('POST', path, { body, headers: { [idHeader]: id, 'x-signature': createHmac('sha256', key).update(JSON.stringify(body)).digest('hex') } })

async function loggedIn(personId: string): Promise<string> {
  const value = randomBytes(16).toString('hex')
  await pool.query('insert into phien (id, so_dinhdanh, mucdo, ma_thamchieu, batdau) values ($1, $2, 2, $3, now())', [createHash('sha256').update(value).digest('hex').slice(0, 32), personId, randomBytes(8).toString('hex')])
  return `sid=${value}`
}
const person = personOf(1)
const submission = (reference: string, change: Record<string, unknown> = {}) => ({
  reference, procedureCode: '9.900001.000.00.00.H01', provinceId: 'ha-noi', applicantName: person.name, applicantBirthDate: '1960-05-06', phone: person.phone, note: '', ...change,
})
const stored = async () => (await pool.query('select count(*)::int as n from hoso where ma_thamchieu is not null')).rows[0].n

describe('the old portal', () => {
  it('fills itself once, and numbers go on after the data', async () => {
    expect((await pool.query('select count(*)::int as n from hoso')).rows[0].n).toBe(COUNT)
    const again = await start({ ...config, host: config.host.replace(/\d+$/, '251') })
    await again.close()
    expect((await pool.query('select count(*)::int as n from hoso')).rows[0].n).toBe(COUNT)
    const cookie = await loggedIn(person.personId)
    expect((await call('POST', '/api/dossiers', { body: submission('r1'), cookie })).body.dossierCode).toBe('H01.2026.000401')
  })

  it('finds services without marks, under its own codes', async () => {
    const { body, servedBy } = await call('GET', '/api/services?q=trich%20luc%20ho%20tich&province=ha-noi')
    expect(body.services).toEqual([{ procedureCode: '9.900001.000.00.00.H01', title: 'Cấp bản sao trích lục hộ tịch', unitCode: 'H01', feeVnd: 8000, redirectUrl: null }])
    expect(servedBy).toBe('legacy')
    expect((await call('GET', '/api/services?q=x&province=atlantis')).body.error.code).toBe('PROVINCE_UNKNOWN')
  })

  it('takes a submission once a reference, with status numbers and a birth date kept as local midnight', async () => {
    const cookie = await loggedIn(person.personId)
    const first = await call('POST', '/api/dossiers', { body: submission('r1'), cookie })
    expect(first).toMatchObject({ status: 201, servedBy: 'legacy', body: { procedureCode: '9.900001.000.00.00.H01', unitCode: 'H01', status: '1', feeVnd: 8000, submittedAt: config.scenarioStartMs } })
    const again = await Promise.all(Array.from({ length: 10 }, () => call('POST', '/api/dossiers', { body: submission('r1'), cookie })))
    for (const answer of again) expect(answer).toMatchObject({ status: 200, body: first.body })
    expect(await stored()).toBe(1)
    expect((await pool.query("select ngaysinh from hoso where ma_thamchieu = 'r1'")).rows[0].ngaysinh).toBe(Date.parse('1960-05-06T00:00:00+08:00'))
    expect((await call('GET', '/api/dossiers', { cookie })).body.dossiers).toEqual([first.body])
    expect((await call('GET', `/api/dossiers/${first.body.dossierCode}`, { cookie: await loggedIn(personOf(2).personId) })).status).toBe(404)
  })

  it('refuses a second open dossier of the same person and procedure, also at the same moment', async () => {
    const cookie = await loggedIn(person.personId)
    const answers = await Promise.all(Array.from({ length: 8 }, (_, index) => call('POST', '/api/dossiers', { body: submission(`r${index}`), cookie })))
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409, 409, 409])
    expect(answers.find(({ status }) => status === 409)!.body.error.code).toBe('DUPLICATE_OPEN_DOSSIER')
    expect(await call('POST', '/api/dossiers', { body: submission('other', { procedureCode: '9.900002.000.00.00.H01' }), cookie })).toMatchObject({ status: 201 })
  })

  it.each([
    [401, 'LOGIN_REQUIRED', undefined, {}], [404, 'PROCEDURE_UNKNOWN', person.personId, { procedureCode: '9.900001' }], [400, 'BODY_INVALID', person.personId, { applicantBirthDate: 'x' }],
  ])('answers %i %s and stores nothing', async (status, code, personId, change) => {
    const cookie = personId && await loggedIn(personId)
    expect(await call('POST', '/api/dossiers', { body: submission('r1', change), cookie })).toMatchObject({ status, body: { error: { code } } })
    expect(await stored()).toBe(0)
  })

  it('begins no payment any more and sends messages', async () => {
    const cookie = await loggedIn(person.personId)
    const { dossierCode } = (await call('POST', '/api/dossiers', { body: submission('r1'), cookie })).body
    expect(await call('POST', `/api/dossiers/${dossierCode}/payments`, { body: { reference: 'p', bank: 'bank-vcb' }, cookie })).toMatchObject({ status: 409, body: { error: { code: 'NOTHING_TO_PAY' } } })
    expect(await call('POST', `/api/dossiers/${dossierCode}/messages`, { body: { reference: 'm', phone: person.phone }, cookie })).toMatchObject({ status: 202, body: { messageId: 'M1', status: 'accepted' } })
    expect(notifications.received.at(-1)!.body).toEqual({ reference: 'm', dossierCode, phone: person.phone, template: 'dossier-received' })
  })

  it('settles an old payment by its bank\'s signed callback, once, and only over the right amount', async () => {
    const { rows: [begun] } = await pool.query("select t.*, h.trangthai as hoso from thanhtoan t join hoso h using (ma_hoso) where t.trangthai = 0 and h.trangthai = 6 order by ma_giaodich limit 1")
    await pool.query("update thanhtoan set nganhang = 'bank-vcb' where ma_giaodich = $1", [begun.ma_giaodich])
    const callback = { transactionCode: begun.ma_giaodich, bankReference: 'VCB1', reference: 'scan', amountVnd: begun.sotien, paidAt: config.scenarioStartMs }
    const path = '/callbacks/v1/bank'
    expect((await signed(path, callback, 'x-bank', 'bank-vcb', 'another key')).status).toBe(401)
    expect((await signed(path, { ...callback, amountVnd: 1 }, 'x-bank', 'bank-vcb')).body.error.code).toBe('AMOUNT_MISMATCH')
    expect((await signed(path, callback, 'x-bank', 'justice')).status).toBe(401)
    for (let times = 0; times < 2; times += 1) expect((await signed(path, callback, 'x-bank', 'bank-vcb')).status).toBe(200)
    const { rows } = await pool.query('select t.trangthai, h.trangthai as hoso, (select count(*)::int from nhatky n where n.ma_hoso = h.ma_hoso) as logged from thanhtoan t join hoso h using (ma_hoso) where ma_giaodich = $1', [begun.ma_giaodich])
    expect(rows).toEqual([{ trangthai: 1, hoso: 4, logged: 2 }])
  })

  it('takes a partner\'s status where the process allows it', async () => {
    const { rows: [dossier] } = await pool.query('select ma_hoso from hoso where trangthai = 4 order by 1 limit 1')
    const status = (statusNumber: number) => signed('/partner/v1/statuses', { legacyDossierCode: dossier.ma_hoso, statusNumber, at: Date.now() }, 'x-partner', 'justice')
    expect((await status(1)).body.error.code).toBe('TRANSITION_FORBIDDEN')
    expect((await status(9)).body).toEqual({ result: 'applied' })
    expect((await status(9)).body).toEqual({ result: 'unchanged' })
    const { rows } = await pool.query('select trangthai, capnhat_luc from hoso where ma_hoso = $1', [dossier.ma_hoso])
    expect(rows[0].trangthai).toBe(9)
    expect(Date.now() - rows[0].capnhat_luc).toBeLessThan(60_000)
  })
})

describe('frozen', () => {
  it('stores no submission, lets reads through, and opens again', async () => {
    const cookie = await loggedIn(person.personId)
    const { dossierCode } = (await call('POST', '/api/dossiers', { body: submission('r1'), cookie })).body
    expect(await control(config, { action: 'mode', mode: 'frozen' })).toEqual({ status: 200, body: { mode: 'frozen' } })
    const refused = await call('POST', '/api/dossiers', { body: submission('r2', { procedureCode: '9.900002.000.00.00.H01' }), cookie })
    expect(refused).toMatchObject({ status: 503, servedBy: 'legacy', body: { error: { code: 'PORTAL_FROZEN' } } })
    expect(await stored()).toBe(1)
    expect((await call('GET', `/api/dossiers/${dossierCode}`, { cookie })).status).toBe(200)
    expect((await call('GET', '/auth/me', { cookie })).body).toMatchObject({ personId: person.personId })
    await control(config, { action: 'mode', mode: 'open' })
    expect((await call('POST', '/api/dossiers', { body: submission('r2', { procedureCode: '9.900002.000.00.00.H01' }), cookie })).status).toBe(201)
    expect((await control(config, { action: 'mode', mode: 'closed' })).status).toBe(400)
  })

  it('runs its nightly batch once, to the end, on few rows and on none of the load\'s', async () => {
    const cookie = await loggedIn(person.personId)
    await call('POST', '/api/dossiers', { body: submission('r1'), cookie })
    expect(await pendingOf(config)).toBe(0)
    const read = async () => new Map((await evidenceOf(config)).map((row) => [row.key, row]))
    const before = await read()
    await control(config, { action: 'mode', mode: 'frozen' })
    const due = await pendingOf(config)
    // 0.5 % of 401 dossiers, half payments, half dossiers.
    expect(due).toBe(4)
    await control(config, { action: 'mode', mode: 'open' })
    await control(config, { action: 'mode', mode: 'frozen' })
    while (await pendingOf(config) > 0) await new Promise(setImmediate)
    const after = await read()
    const changed = [...after].filter(([key, row]) => before.get(key)!.status !== row.status)
    expect(changed.filter(([key]) => key.startsWith('payment/'))).toHaveLength(2)
    expect(changed.length).toBeGreaterThanOrEqual(due)
    // A settled payment may move its dossier on too.
    expect(changed.length).toBeLessThanOrEqual(due + 2)
    for (const [key, row] of changed) {
      expect(row.sourceAt).toBeGreaterThan(before.get(key)!.sourceAt)
      expect(row.op).toBeUndefined()
    }
  })
})

describe('evidence', () => {
  it('has raw names, local birth dates, old codes, and the operation where there is one', async () => {
    await call('POST', '/api/dossiers', { body: submission('r1', { applicantName: 'Người Thử  Hoà ' }), cookie: await loggedIn(person.personId) })
    const rows = await evidenceOf(config)
    expect(rows.find((row) => row.op === 'r1')).toMatchObject({
      key: 'dossier/H01.2026.000401', status: '1', fields: { applicantName: 'Người Thử  Hoà ', applicantBirthDate: '1960-05-06', procedureCode: '9.900001.000.00.00.H01', unitCode: 'H01', feeVnd: 8000 },
    })
    expect(rows.filter((row) => row.key.startsWith('dossier/'))).toHaveLength(COUNT + 1)
    expect(rows.filter((row) => row.key.startsWith('payment/')).length).toBe((await pool.query('select count(*)::int as n from thanhtoan')).rows[0].n)
    expect(rows.filter((row) => row.key.startsWith('session/'))).toHaveLength(1)
  })
})

describe('login', () => {
  it('goes through VNeID, back to the host name that both portals have', async () => {
    const answer = await fetch(`${businessUrl(config)}/auth/login?reference=l1&return=/x`, { redirect: 'manual' })
    expect(answer.status).toBe(302)
    const location = new URL(answer.headers.get('location')!)
    expect(location.origin + location.pathname).toBe(`${vneid.url}/authorize`)
    expect(Object.fromEntries(location.searchParams)).toMatchObject({ response_type: 'code', client_id: 'test-portal', redirect_uri: 'http://portal.dvcqg.test/auth/callback', code_challenge_method: 'S256', reference: 'l1' })
    const cookie = answer.headers.get('set-cookie')!.split(';')[0]!
    expect(await call('GET', '/auth/callback?code=c&state=another', { cookie })).toMatchObject({ status: 400, servedBy: 'legacy', body: { error: { code: 'LOGIN_STATE_INVALID' } } })
    expect((await pool.query('select * from phien')).rows).toEqual([])
  })
})

describe('sessions', () => {
  it('are of one person, over at once, and replaced by a login repeated with its reference', async () => {
    const sessions = createLegacySessions(pool)
    const login = { personId: person.personId, level: 2, reference: 'l1', returnTo: '/', idToken: 'token' }
    const first = await sessions.begin(login)
    const second = await sessions.begin(login)
    await expect(sessions.require(`sid=${first}`)).rejects.toThrow('log in')
    const session = await sessions.require(`sid=${second}`)
    expect(session).toMatchObject({ personId: person.personId, level: 2 })
    await expect(sessions.begin({ ...login, personId: personOf(2).personId })).rejects.toThrow('another person')
    expect(await sessions.end(session.sessionId)).toBe('token')
    await expect(sessions.require(`sid=${second}`)).rejects.toThrow('log in')
  })
})
