/** Logout on both sides: at the issuer and at every client of the session, whoever begins it. */
import { createRemoteJWKSet, jwtVerify } from 'jose'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LOGOUT_EVENT } from '../../contracts/partner-api/roles/vneid.ts'
import { personOf } from '../../contracts/reference/people.ts'
import { startReceiver, type Receiver, type Treatment } from '../delivery/recording-receiver.ts'
import { backAt, PROFILES, startIssuer, type IssuerBench } from './testing/issuer-bench.ts'

let bench: IssuerBench
let clients: Receiver
let treat: (nth: number) => Treatment
beforeEach(async () => {
  treat = () => ({ status: 200 })
  clients = await startReceiver((nth) => treat(nth))
})
afterEach(async () => { await bench.close(); await clients.close() })

const { personId } = personOf(4217)
const drained = async () => { while (bench.simulator.pending() > 0) await new Promise(setImmediate) }
const tokenOf = (nth: number) => new URLSearchParams(clients.received[nth]!.body).get('logout_token')!

describe.each(PROFILES)('logout by the profile "$name"', (profile) => {
  const start = async (portal: object = { backChannelLogoutUri: `${clients.url}/portal/logout` }, other: object = { backChannelLogoutUri: `${clients.url}/legacy/logout` }) => {
    bench = await startIssuer(profile, { portal, other })
  }
  /** One browser, logged in at both clients: at the second one without a page. */
  async function atBoth() {
    const first = await bench.logIn(personId)
    const verifier = 'v'.repeat(43)
    const silent = await bench.answerFor(personId, verifier, { client_id: 'legacy', redirect_uri: bench.other.redirectUris[0]!, prompt: 'none', reference: 'second' }, first.cookie)
    const { body } = await bench.token(bench.codeForm(backAt(silent).get('code')!, verifier, bench.other), bench.other)
    return { first, second: body as { id_token: string; access_token: string } }
  }

  it('ends the session at the issuer and tells every client of it, with a token that its keys have signed', async () => {
    await start()
    const { first, second } = await atBoth()
    const answer = await bench.ask(bench.logoutUrl({ id_token_hint: first.id_token, post_logout_redirect_uri: 'http://portal.test/goodbye', state: 'bye' }))
    expect([answer.status, answer.headers.get('location')]).toEqual([302, 'http://portal.test/goodbye?state=bye'])
    expect(answer.headers.get('set-cookie')).toContain('vneid_session=; ')
    for (const { access_token: token } of [first, second]) expect((await bench.userinfo(token)).status).toBe(401)
    await clients.count(2)
    await drained()
    expect(new Set(clients.received.map(({ path }) => path))).toEqual(new Set(['/portal/logout', '/legacy/logout']))
    const nth = clients.received.findIndex(({ path }) => path === '/portal/logout')
    expect(clients.received[nth]!.headers['content-type']).toBe('application/x-www-form-urlencoded')
    const { payload, protectedHeader } = await jwtVerify(tokenOf(nth), createRemoteJWKSet(new URL(bench.discovery['jwks_uri'])), { issuer: bench.issuer, audience: 'portal', typ: 'logout+jwt' })
    expect(protectedHeader.alg).toBe(profile.keys.algorithm)
    expect(payload).toMatchObject({ sub: first.claims.sub, sid: first.claims['sid'], events: { [LOGOUT_EVENT]: {} }, jti: expect.any(String) })
    expect(payload.exp! - payload.iat!).toBe(profile.lifetimes.logoutTokenS)
    expect('nonce' in payload).toBe(false)
    expect(bench.evidence('grant').map(({ status }) => status)).toEqual(['logged-out', 'logged-out'])
    expect(bench.evidence('logout').map(({ status, op, fields }) => [status, op, fields['clientId'], fields['attempts']])).toEqual([['told', undefined, 'portal', 1], ['told', undefined, 'legacy', 1]])
  })

  it('is owed to the client until it is taken, each time with a token of its own', async () => {
    treat = (nth) => nth === 1 ? 'reset' : { status: nth === 2 ? 503 : 204 }
    await start()
    const { id_token: hint } = await bench.logIn(personId)
    await bench.ask(bench.logoutUrl({ id_token_hint: hint }))
    expect(bench.evidence('logout')).toMatchObject([{ status: 'owed' }])
    await clients.count(3)
    await drained()
    expect(bench.evidence('logout')).toMatchObject([{ status: 'told', fields: { attempts: 3, personId } }])
    const ids = await Promise.all([0, 1, 2].map(async (nth) => (await jwtVerify(tokenOf(nth), createRemoteJWKSet(new URL(bench.discovery['jwks_uri'])))).payload.jti))
    expect(new Set(ids).size).toBe(3)
  })

  it('takes a 400 for the client\'s last word, and tells nobody twice', async () => {
    treat = () => ({ status: 400, body: { error: 'invalid_request' } })
    await start()
    const { id_token: hint } = await bench.logIn(personId)
    for (let n = 0; n < 2; n += 1) expect((await bench.ask(bench.logoutUrl({ id_token_hint: hint }))).status).toBe(200)
    await clients.count(1)
    await drained()
    expect(clients.received).toHaveLength(1)
    expect(bench.evidence('logout')).toMatchObject([{ status: 'refused', fields: { attempts: 1 } }])
  })

  it('can be begun at the issuer', async () => {
    await start()
    const { first, second } = await atBoth()
    const another = await bench.logIn(personOf(1).personId)
    expect(await bench.simulator.control!({ action: 'sessions.end', personId })).toEqual({ ended: 1 })
    expect([(await bench.userinfo(first.access_token)).status, (await bench.userinfo(second.access_token)).status, (await bench.userinfo(another.access_token)).status]).toEqual([401, 401, 200])
    await clients.count(2)
    await drained()
    expect(bench.evidence('logout').map(({ status }) => status)).toEqual(['told', 'told'])
    // The browser's cookie is worth nothing any more.
    expect(backAt(await bench.ask(bench.authorizeUrl('v', { prompt: 'none' }), { headers: { cookie: first.cookie } })).get('error')).toBe('login_required')
  })

  it('tells no client that has no address, and ends no session of another login', async () => {
    await start({}, {})
    const [mine, same] = [await bench.logIn(personId), await bench.logIn(personId)]
    await bench.ask(bench.logoutUrl({ id_token_hint: mine.id_token }))
    expect([(await bench.userinfo(mine.access_token)).status, (await bench.userinfo(same.access_token)).status]).toEqual([401, 200])
    expect([bench.evidence('logout'), bench.simulator.pending(), clients.received]).toEqual([[], 0, []])
  })

  it('takes POST, and no hint of another client', async () => {
    await start()
    const { id_token: hint } = await bench.logIn(personId)
    const endpoint = bench.discovery['end_session_endpoint']
    for (const form of [{ id_token_hint: hint, client_id: 'legacy' }, { id_token_hint: `${hint.slice(0, -8)}AAAAAAAA` }, { id_token_hint: 'x' }]) {
      expect(await bench.ask(endpoint, { form })).toMatchObject({ status: 400, body: { error: { code: 'ID_TOKEN_HINT_INVALID' } } })
    }
    expect(bench.evidence('grant')).toMatchObject([{ status: 'issued' }])
    expect((await bench.ask(endpoint, { form: { id_token_hint: hint, client_id: 'portal' } })).body).toMatchObject({ loggedOut: true })
  })

  it('leads to registered pages alone, where the client has registered some', async () => {
    await start({ postLogoutRedirectUris: ['http://portal.test/goodbye'] })
    const leave = async (uri: string) => (await bench.ask(bench.logoutUrl({ id_token_hint: (await bench.logIn(personId)).id_token, post_logout_redirect_uri: uri }))).headers.get('location')
    expect([await leave('http://portal.test/goodbye'), await leave('http://portal.test/elsewhere'), await leave('http://evil.test/')]).toEqual(['http://portal.test/goodbye', null, null])
  })

  it('lets clients end their own sessions in frames where the profile says so', async () => {
    await start({ frontChannelLogoutUri: 'http://portal.test/frame?a=1', postLogoutRedirectUris: ['http://portal.test/goodbye'] }, {})
    const { id_token: hint, claims } = await bench.logIn(personId)
    const url = bench.logoutUrl({ id_token_hint: hint, post_logout_redirect_uri: 'http://portal.test/goodbye' })
    const answer = await bench.ask(url)
    if (!profile.logout.frontChannel) { expect(answer.status).toBe(302); return }
    const frame = `http://portal.test/frame?a=1&iss=${encodeURIComponent(bench.issuer)}&sid=${claims['sid']}`
    expect(answer).toMatchObject({ status: 200, body: { loggedOut: true, frontChannel: [frame], redirectTo: 'http://portal.test/goodbye' } })
    const again = await bench.logIn(personId)
    const page = await bench.ask(bench.logoutUrl({ id_token_hint: again.id_token, post_logout_redirect_uri: 'http://portal.test/goodbye' }), { accept: 'text/html' })
    expect(page.text).toContain(`<iframe src="${frame.replace(String(claims['sid']), String(again.claims['sid'])).replaceAll('&', '&amp;')}"`)
    expect(page.text).toContain('url=http://portal.test/goodbye')
  })
})

describe('pages of an app', () => {
  it('are not taken for the client\'s own because neither has an origin', async () => {
    bench = await startIssuer(PROFILES[0], { portal: { redirectUris: ['portal-app://callback', 'http://portal.test/auth/callback'] } })
    const leave = async (uri: string) => (await bench.ask(bench.logoutUrl({ id_token_hint: (await bench.logIn(personId)).id_token, post_logout_redirect_uri: uri }))).status
    expect([await leave('evil-app://x'), await leave('http://portal.test/home')]).toEqual([200, 302])
  })
})

describe('a message to a client', () => {
  it('is lost where a behaviour asks for it, and says so', async () => {
    bench = await startIssuer(PROFILES[0], { portal: { backChannelLogoutUri: `${clients.url}/portal/logout` } })
    bench.simulator.endpoint.behave([{ route: 'back-channel-logout', share: 1, lose: true, seed: 1 }])
    await bench.ask(bench.logoutUrl({ id_token_hint: (await bench.logIn(personId)).id_token }))
    expect([bench.evidence('logout')[0]!.status, bench.simulator.pending(), clients.received.length]).toEqual(['lost', 0, 0])
  })
})
