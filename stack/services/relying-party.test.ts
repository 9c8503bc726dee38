import { createHash } from 'node:crypto'
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createHttpClient, type HttpClient } from './http-client.ts'
import { createRelyingParty, type RelyingParty } from './relying-party.ts'
import { startNeighbour, type Neighbour, type Received } from './test-bench.ts'

const CLIENT = { clientId: 'test-portal', clientSecret: 'test-secret', redirectUri: 'http://portal.test/auth/callback' }
const PERSON = '999000000012'

/** A small issuer that signs what the test asks for; the whole of VNeID is the business of its simulator. */
let issuer: Neighbour
let http: HttpClient
let party: RelyingParty
let signWith: { key: CryptoKey; kid: string }
let published: JWK[]
let claims: Record<string, unknown>
let expiresIn: number
let tokenStatus: number
let issuedAs: string | undefined

async function newKey(kid: string): Promise<{ key: CryptoKey; kid: string; jwk: JWK }> {
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  return { key: privateKey, kid, jwk: { ...await exportJWK(publicKey), kid, alg: 'ES256' } }
}

async function answer({ path }: Received): Promise<{ status: number; body?: unknown }> {
  if (path === '/.well-known/openid-configuration') {
    return { status: 200, body: { issuer: issuer.url, authorization_endpoint: `${issuer.url}/authorize`, token_endpoint: `${issuer.url}/token`, jwks_uri: `${issuer.url}/jwks`, end_session_endpoint: `${issuer.url}/logout` } }
  }
  if (path === '/jwks') return { status: 200, body: { keys: published } }
  if (path !== '/token' || tokenStatus !== 200) return { status: tokenStatus === 200 ? 404 : tokenStatus }
  const token = await new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: signWith.kid })
    .setIssuer(issuedAs ?? issuer.url).setAudience((claims['aud'] as string) ?? CLIENT.clientId).setExpirationTime(Math.floor(Date.now() / 1_000) + expiresIn).sign(signWith.key)
  return { status: 200, body: { id_token: token, access_token: 'a' } }
}

beforeEach(async () => {
  const key = await newKey('k1')
  signWith = key
  published = [key.jwk]
  expiresIn = 300
  tokenStatus = 200
  issuedAs = undefined
  issuer = await startNeighbour(answer)
  http = createHttpClient()
  party = createRelyingParty({ issuerUrl: issuer.url, http, ...CLIENT })
})
afterEach(async () => {
  await http.close()
  await issuer.close()
})

/** Begins, and has the issuer ready to sign a token for this login. */
async function begun(returnTo = '/') {
  const { authorizeUrl, cookie } = await party.begin({ reference: 'op-1', returnTo })
  const query = new URL(authorizeUrl).searchParams
  claims = { sub: PERSON, nonce: query.get('nonce'), level: 2 }
  return { query, cookie, state: query.get('state')! }
}

const complete = ({ state, cookie }: { state: string; cookie: string }, code = 'code-1') => party.complete({ code, state }, cookie)

describe('a login', () => {
  it('ends with the person, the level and the reference; code, secret and PKCE verifier go to the token endpoint', async () => {
    const login = await begun('/ho-so')
    expect(Object.fromEntries(login.query)).toMatchObject({ response_type: 'code', client_id: 'test-portal', redirect_uri: CLIENT.redirectUri, scope: 'openid', code_challenge_method: 'S256', reference: 'op-1' })
    expect(await complete(login)).toMatchObject({ personId: PERSON, level: 2, reference: 'op-1', returnTo: '/ho-so' })
    const { body } = issuer.received.find((request) => request.path === '/token')!
    expect(body).toMatchObject({ grant_type: 'authorization_code', code: 'code-1', client_id: 'test-portal', client_secret: 'test-secret', redirect_uri: CLIENT.redirectUri })
    expect(createHash('sha256').update(body.code_verifier).digest('base64url')).toBe(login.query.get('code_challenge'))
  })
  it('reads discovery and keys once for many logins', async () => {
    for (let n = 0; n < 3; n += 1) await complete(await begun())
    expect(issuer.received.filter((request) => request.method === 'GET')).toHaveLength(2)
  })
  it('follows the issuer to new keys', async () => {
    await complete(await begun())
    const next = await newKey('k2')
    signWith = next
    published = [next.jwk]
    expect(await complete(await begun())).toMatchObject({ personId: PERSON })
  })
  it.each(['https://elsewhere.test', '//elsewhere.test', '/\\elsewhere.test'])('never leads on to %s', async (returnTo) => {
    expect((await complete(await begun(returnTo))).returnTo).toBe('/')
  })
  it('without a level in the token is of level 1', async () => {
    const login = await begun()
    delete claims['level']
    expect((await complete(login)).level).toBe(1)
  })
  it('knows where the session at VNeID is ended', async () => {
    const url = new URL(await party.endSessionUrl('the-token', 'http://portal.test/'))
    expect(url.origin + url.pathname).toBe(`${issuer.url}/logout`)
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
    ['with a code that VNeID does not take', 'LOGIN_CODE_INVALID', (login) => { tokenStatus = 400; return complete(login) }],
    ['while VNeID fails', 'VNEID_UNAVAILABLE', (login) => { tokenStatus = 503; return complete(login) }],
    ['with the nonce of another login', 'LOGIN_NONCE_INVALID', (login) => { claims['nonce'] = 'other'; return complete(login) }],
    ['with a token for another client', 'LOGIN_TOKEN_INVALID', (login) => { claims['aud'] = 'other'; return complete(login) }],
    ['with a token of another issuer', 'LOGIN_TOKEN_INVALID', (login) => { issuedAs = 'http://elsewhere.test'; return complete(login) }],
    ['with a token that is over', 'LOGIN_TOKEN_INVALID', (login) => { expiresIn = -60; return complete(login) }],
    ['with a token signed by somebody else', 'LOGIN_TOKEN_INVALID', async (login) => { signWith = await newKey('k1'); return complete(login) }],
    ['with a token of an unknown key', 'LOGIN_TOKEN_INVALID', async (login) => { signWith = await newKey('k9'); return complete(login) }],
  ])('%s', async (_, code, attempt) => {
    const login = await begun()
    await expect((async () => attempt(login))()).rejects.toMatchObject({ name: 'ServiceError', code })
  })
  it('when VNeID is away, and works again when it is back', async () => {
    const url = new URL(issuer.url)
    await issuer.close()
    await expect(party.begin({ reference: 'op', returnTo: '/' })).rejects.toMatchObject({ statusCode: 502, code: 'VNEID_UNAVAILABLE' })
    const back = await startNeighbour(answer, url)
    await expect(begun()).resolves.toBeDefined()
    await back.close()
  })
})
