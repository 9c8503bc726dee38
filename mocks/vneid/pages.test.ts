/** What people see in a browser; programs that do not ask for text/html keep getting JSON. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { personById, personOf } from '../../contracts/reference/people.ts'
import { accountsToTry } from './accounts.ts'
import { backAt, profileOf, startIssuer, verifierOf, type IssuerBench } from './testing/issuer-bench.ts'

let bench: IssuerBench
beforeEach(async () => { bench = await startIssuer(profileOf('default')) })
afterEach(() => bench.close())

const BROWSER = 'text/html,application/xhtml+xml;q=0.9,*/*;q=0.8'
const page = (changes: Record<string, string> = {}, accept = BROWSER) => bench.ask(bench.authorizeUrl(verifierOf(), changes), { accept })
const requestIn = (text: string) => /name="request" value="([^"]+)"/.exec(text)![1]!
const signIn = (form: Record<string, string>, accept = BROWSER) => bench.ask(`${bench.issuer}/authorize/sign-in`, { form, accept })

describe('the login page', () => {
  it('comes to browsers, and JSON to whoever says nothing or asks for it', async () => {
    const answer = await page()
    expect([answer.status, answer.headers.get('content-type'), answer.headers.get('cache-control')]).toEqual([200, 'text/html; charset=utf-8', 'no-store'])
    expect(answer.text).toMatch(/^<!doctype html>\n<html lang="vi">/)
    for (const accept of ['*/*', 'application/json']) expect((await page({}, accept)).body.loginUrl).toContain('/authorize/login?request=')
  })

  it('lists an account of each sort, each of which logs in', async () => {
    const accounts = accountsToTry(profileOf('default'))
    expect(new Set(accounts.map(({ kind, level, foreignRepresentative }) => `${kind} ${level} ${foreignRepresentative}`))).toEqual(new Set([
      'citizen 2 false', 'citizen 1 false', 'foreigner 2 false', 'foreigner 1 false', 'company 2 false', 'company 2 true', 'organisation 2 false', 'minor 2 false',
    ]))
    for (const { personId, passcode, name } of accounts) {
      const { text } = await page()
      expect(text).toContain(name)
      expect(personById(personId)).toBeDefined()
      expect(backAt(await signIn({ request: requestIn(text), personId, passcode })).has('code')).toBe(true)
    }
  })

  it('leaves out the kinds that the profile does not take', () => {
    expect(new Set(accountsToTry({ personKinds: ['minor', 'organisation'] }).map(({ kind }) => kind))).toEqual(new Set(['minor', 'organisation']))
  })

  it('stands at the address that a program is given, too', async () => {
    const { loginUrl } = (await page({}, '*/*')).body
    expect((await bench.ask(loginUrl, { accept: BROWSER })).text).toContain('<form method="post"')
    expect((await bench.ask(loginUrl)).body).toMatchObject({ clientId: 'portal', accounts: expect.arrayContaining([expect.objectContaining({ personId: personOf(1).personId })]) })
    expect((await bench.ask(`${loginUrl}x`, { accept: BROWSER })).text).toContain('đã hết hạn')
    expect((await bench.ask(`${loginUrl}x`)).body.error.code).toBe('LOGIN_REQUEST_UNKNOWN')
  })

  it('speaks English where that is asked for first', async () => {
    const { text } = await page({ ui_locales: 'fr en-GB vi' })
    expect(text).toContain('<html lang="en">')
    const refused = await signIn({ request: requestIn(text), personId: '1', passcode: '1', ui_locales: 'en' })
    expect(refused.text).toContain('No such person')
  })

  it('comes again after a wrong passcode, five times; the id with spaces around is the id', async () => {
    const { personId } = personOf(7)
    const request = requestIn((await page()).text)
    for (let n = 0; n < 4; n += 1) {
      const answer = await signIn({ request, personId, passcode: 'x' })
      expect([answer.status, requestIn(answer.text)]).toEqual([401, request])
    }
    expect(backAt(await signIn({ request, personId: ` ${personId} `, passcode: personId.slice(-6) })).has('code')).toBe(true)
    expect((await signIn({ request, personId, passcode: personId.slice(-6) })).status).toBe(404)
    expect((await signIn({ request, personId, passcode: 'x' }, '*/*')).body.error.code).toBe('LOGIN_REQUEST_UNKNOWN')
  })

  it('can be left: the client is told access_denied, and the request is over', async () => {
    const request = requestIn((await page()).text)
    const back = backAt(await signIn({ request, cancel: '1' }))
    expect([back.get('error'), back.get('state')]).toEqual(['access_denied', 'state & more=ü'])
    expect((await signIn({ request, cancel: '1' })).status).toBe(404)
  })

  it('escapes what comes from outside', async () => {
    const { text } = await page({ login_hint: '"><script>alert(1)</script>', ui_locales: '"><b>' })
    expect(text).not.toContain('<script>')
    expect(text).not.toContain('<b>')
    expect(text).toContain('&quot;&gt;&lt;script&gt;')
  })

  it('says that the session is over, without a script', async () => {
    const { id_token: hint } = await bench.logIn(personOf(1).personId)
    const { status, text } = await bench.ask(bench.logoutUrl({ id_token_hint: hint }), { accept: BROWSER })
    expect([status, text.includes('Đã đăng xuất'), text.includes('<script')]).toEqual([200, true, false])
  })
})
