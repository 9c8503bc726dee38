import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ServiceConfig } from '../../../contracts/process.ts'
import { personOf } from '../../../contracts/reference/people.ts'
import { businessUrl, control, evidenceOf, serviceDatabase, startTestPostgres, testConfig } from '../test-bench.ts'
import { startTestIssuer, type TestIssuer } from '../test-issuer.ts'
import { start } from './index.ts'

const PERSON = personOf(1).personId
let postgres: Awaited<ReturnType<typeof startTestPostgres>>
let issuer: TestIssuer
let config: ServiceConfig

beforeAll(async () => { [postgres, issuer] = await Promise.all([startTestPostgres(), startTestIssuer('test-portal')]) })
afterAll(async () => {
  await issuer?.server.close()
  await postgres?.stop()
})
beforeEach(async () => {
  const { url, pool } = await serviceDatabase(postgres.url, 'portal')
  const nowhere = 'http://127.0.0.1:9'
  config = testConfig('portal', { databaseUrl: url, urls: { vneid: issuer.server.url, coordination: nowhere, payments: nowhere, notifications: nowhere, feedback: nowhere } })
  const portal = await start(config)
  await control(config, { action: 'mode', mode: 'open' })
  return async () => { await portal.close(); await pool.end() }
})

/** One browser with its cookies. */
function browser() {
  const cookies = new Map<string, string>()
  return {
    cookies,
    async open(path: string, method = 'GET') {
      const answer = await fetch(businessUrl(config) + path, { method, redirect: 'manual', headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') } })
      for (const line of answer.headers.getSetCookie()) {
        const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!
        if (value === '') cookies.delete(name!)
        else cookies.set(name!, value!)
      }
      const text = await answer.text()
      return { status: answer.status, location: answer.headers.get('location'), body: text.startsWith('{') ? JSON.parse(text) : text, set: answer.headers.getSetCookie() }
    },
  }
}
type Browser = ReturnType<typeof browser>

async function logIn(user: Browser, reference: string, person = PERSON) {
  const { status, location } = await user.open(`/auth/login?reference=${reference}&return=/ho-so`)
  expect(status).toBe(302)
  const query = new URL(location!).searchParams
  expect(query.get('reference')).toBe(reference)
  expect(query.get('redirect_uri')).toBe('http://portal.dvcqg.test/auth/callback')
  issuer.claims = { sub: person, nonce: query.get('nonce'), level: 2 }
  return user.open(`/auth/callback?code=c&state=${query.get('state')}`)
}

describe('logging in and out', () => {
  it('gives a session that /auth/me knows, in a cookie that scripts cannot read', async () => {
    const user = browser()
    const done = await logIn(user, 'op-1')
    expect(done).toMatchObject({ status: 302, location: '/auth/done?return=%2Fho-so' })
    expect(done.set.find((line) => line.startsWith('sid='))).toMatch(/; Path=\/; HttpOnly; SameSite=Lax$/)
    expect(user.cookies.has('login_state')).toBe(false)
    const me = await user.open('/auth/me')
    expect(me).toMatchObject({ status: 200, body: { personId: PERSON, level: 2 } })
    expect((await user.open('/auth/done')).status).toBe(200)
    expect(await evidenceOf(config)).toMatchObject([{ key: `session/${me.body.sessionId}`, op: 'op-1', status: 'open' }])
  })
  it('logout ends the session at once, also for a copy of the cookie, and leads to VNeID', async () => {
    const user = browser()
    await logIn(user, 'op-1')
    const copy = browser()
    copy.cookies.set('sid', user.cookies.get('sid')!)
    const { status, body } = await user.open('/auth/logout', 'POST')
    expect(status).toBe(200)
    expect(body.endSessionUrl).toMatch(new RegExp(`^${issuer.server.url}/logout\\?id_token_hint=ey`))
    expect(user.cookies.has('sid')).toBe(false)
    expect((await copy.open('/auth/me')).status).toBe(401)
    expect((await copy.open('/auth/logout', 'POST')).status).toBe(401)
    expect((await evidenceOf(config))[0]).toMatchObject({ op: 'op-1', status: 'ended' })
  })
  it('the same login repeated leaves one session, the newer', async () => {
    const [first, second] = [browser(), browser()]
    await logIn(first, 'op-1')
    await logIn(second, 'op-1')
    expect((await first.open('/auth/me')).status).toBe(401)
    expect((await second.open('/auth/me')).status).toBe(200)
    expect(await evidenceOf(config)).toHaveLength(1)
  })
  it('a reference of another person\'s login is refused', async () => {
    const [first, second] = [browser(), browser()]
    await logIn(first, 'op-1')
    expect(await logIn(second, 'op-1', personOf(2).personId)).toMatchObject({ status: 400, body: { error: { code: 'LOGIN_REFERENCE_TAKEN' } } })
    expect((await first.open('/auth/me')).status).toBe(200)
  })
  it('a callback that nobody here began gives no session', async () => {
    const user = browser()
    const { location } = await browser().open('/auth/login?reference=op-1')
    const state = new URL(location!).searchParams.get('state')
    expect(await user.open(`/auth/callback?code=c&state=${state}`)).toMatchObject({ status: 400, body: { error: { code: 'LOGIN_STATE_INVALID' } } })
    expect(user.cookies.size).toBe(0)
    expect(await evidenceOf(config)).toEqual([])
  })
  it('two people interleaved stay themselves', async () => {
    const users = [browser(), browser()]
    await logIn(users[0]!, 'op-1')
    await logIn(users[1]!, 'op-2', personOf(2).personId)
    const people = await Promise.all(users.map(async (user) => (await user.open('/auth/me')).body.personId))
    expect(people).toEqual([PERSON, personOf(2).personId])
  })
})
