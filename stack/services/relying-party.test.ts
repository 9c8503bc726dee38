import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createHttpClient, type HttpClient } from './http-client.ts'
import { createRelyingParty, type RelyingParty } from './relying-party.ts'
import { newSigningKey, startTestIssuer, type TestIssuer } from './test-issuer.ts'

const CLIENT = { clientId: 'test-portal', clientSecret: 'test-secret', redirectUri: 'http://portal.test/auth/callback' }
const PERSON = '999000000012'

let issuer: TestIssuer
let http: HttpClient
let party: RelyingParty

beforeEach(async () => {
  issuer = await startTestIssuer(CLIENT.clientId)
  http = createHttpClient()
  party = createRelyingParty({ issuerUrl: issuer.server.url, http, ...CLIENT })
})
afterEach(async () => {
  await http.close()
  await issuer.server.close()
})

/** Begins, and has the issuer ready to sign a token for this login. */
async function begun(returnTo = '/') {
  const { authorizeUrl, cookie } = await party.begin({ reference: 'op-1', returnTo })
  const query = new URL(authorizeUrl).searchParams
  issuer.claims = { sub: PERSON, nonce: query.get('nonce'), level: 2 }
  return { query, cookie, state: query.get('state')! }
}

const complete = ({ state, cookie }: { state: string; cookie: string }, code = 'code-1') => party.complete({ code, state }, cookie)

describe('a login', () => {
  it('ends with the person, the level and the reference; code, secret and PKCE verifier go to the token endpoint', async () => {
    const login = await begun('/ho-so')
    expect(Object.fromEntries(login.query)).toMatchObject({ response_type: 'code', client_id: 'test-portal', redirect_uri: CLIENT.redirectUri, scope: 'openid', code_challenge_method: 'S256', reference: 'op-1' })
    expect(await complete(login)).toMatchObject({ personId: PERSON, level: 2, reference: 'op-1', returnTo: '/ho-so' })
    const { body } = issuer.server.received.find((request) => request.path === '/token')!
    expect(body).toMatchObject({ grant_type: 'authorization_code', code: 'code-1', client_id: 'test-portal', client_secret: 'test-secret', redirect_uri: CLIENT.redirectUri })
    expect(createHash('sha256').update(body.code_verifier).digest('base64url')).toBe(login.query.get('code_challenge'))
  })
  it('reads discovery and keys once for many logins', async () => {
    for (let n = 0; n < 3; n += 1) await complete(await begun())
    expect(issuer.server.received.filter((request) => request.method === 'GET')).toHaveLength(2)
  })
  it('follows the issuer to new keys', async () => {
    await complete(await begun())
    const next = await newSigningKey('k2')
    issuer.signWith = next
    issuer.published = [next.jwk]
    expect(await complete(await begun())).toMatchObject({ personId: PERSON })
  })
  it.each(['https://elsewhere.test', '//elsewhere.test', '/\\elsewhere.test'])('never leads on to %s', async (returnTo) => {
    expect((await complete(await begun(returnTo))).returnTo).toBe('/')
  })
  it('without a level in the token is of level 1', async () => {
    const login = await begun()
    delete issuer.claims['level']
    expect((await complete(login)).level).toBe(1)
  })
  it('knows where the session at VNeID is ended', async () => {
    const url = new URL(await party.endSessionUrl('the-token', 'http://portal.test/'))
    expect(url.origin + url.pathname).toBe(`${issuer.server.url}/logout`)
    expect(url.searchParams.get('id_token_hint')).toBe('the-token')
    expect(url.searchParams.get('post_logout_redirect_uri')).toBe('http://portal.test/')
  })
})

describe('a login is refused', () => {
  it.each<[string, string, (login: { state: string; cookie: string }) => Promise<unknown> | unknown]>([
    ['with another state', 'LOGIN_STATE_INVALID', (login) => complete({ ...login, state: 'other' })],
    ['without its cookie', 'LOGIN_STATE_INVALID', ({ state }) => party.complete({ code: 'c', state }, undefined)],
    ['with another browser\'s cookie', 'LOGIN_STATE_INVALID', async (login) => complete({ ...login, cookie: (await party.begin({ reference: 'op-2', returnTo: '/' })).cookie })],
    ['with a cookie that was changed', 'LOGIN_STATE_INVALID', (login) => complete({ ...login, cookie: `${login.cookie.slice(0, -4)}AAAA` })],
    ['with an error of VNeID', 'LOGIN_REFUSED', ({ state, cookie }) => party.complete({ state, error: 'access_denied' }, cookie)],
    ['with a code that VNeID does not take', 'LOGIN_CODE_INVALID', (login) => { issuer.tokenStatus = 400; return complete(login) }],
    ['while VNeID fails', 'VNEID_UNAVAILABLE', (login) => { issuer.tokenStatus = 503; return complete(login) }],
    ['with the nonce of another login', 'LOGIN_NONCE_INVALID', (login) => { issuer.claims['nonce'] = 'other'; return complete(login) }],
    ['with a token for another client', 'LOGIN_TOKEN_INVALID', (login) => { issuer.claims['aud'] = 'other'; return complete(login) }],
    ['with a token of another issuer', 'LOGIN_TOKEN_INVALID', (login) => { issuer.claims['iss'] = 'http://elsewhere.test'; return complete(login) }],
    ['with a token that is over', 'LOGIN_TOKEN_INVALID', (login) => { issuer.expiresInS = -60; return complete(login) }],
    ['with a token signed by somebody else', 'LOGIN_TOKEN_INVALID', async (login) => { issuer.signWith = await newSigningKey('k1'); return complete(login) }],
    ['with a token of an unknown key', 'LOGIN_TOKEN_INVALID', async (login) => { issuer.signWith = await newSigningKey('k9'); return complete(login) }],
  ])('%s', async (_, code, attempt) => {
    const login = await begun()
    await expect((async () => attempt(login))()).rejects.toMatchObject({ name: 'ServiceError', code })
  })
  it('when VNeID is away, and works again when it is back', async () => {
    const url = new URL(issuer.server.url)
    await issuer.server.close()
    await expect(party.begin({ reference: 'op', returnTo: '/' })).rejects.toMatchObject({ statusCode: 502, code: 'VNEID_UNAVAILABLE' })
    issuer = await startTestIssuer(CLIENT.clientId, url)
    await expect(complete(await begun())).resolves.toMatchObject({ personId: PERSON })
  })
})
