import { createHash, randomBytes } from 'node:crypto'
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose'
import { afterEach, describe, expect, it } from 'vitest'
import { personOf } from '../../contracts/reference/people.ts'
import { serveSimulator, type Served } from '../served-simulator.ts'
import { createWorld } from '../world.ts'
import { claimsOf } from './claims.ts'
import { makeSigningKey } from './keys.ts'
import { vneidSimulator } from './simulator.ts'

const CLIENT = { clientId: 'portal', clientSecret: 'a secret', redirectUris: ['http://portal.test/auth/callback', 'http://portal.test/other'] }
const REDIRECT_URI = CLIENT.redirectUris[0]!

let served: Served
let wallNow = Date.now()
afterEach(async () => { await served.close() })

async function start(): Promise<void> {
  wallNow = Date.now()
  const key = await makeSigningKey()
  served = await serveSimulator((issuer) => vneidSimulator({ world: createWorld({ seed: 1, scenarioStartMs: 0, keys: {}, wallNow: () => wallNow }), issuer, client: CLIENT, key }))
}

const verifierOf = () => randomBytes(32).toString('base64url')

function authorizeQuery(verifier: string, changes: Record<string, string> = {}): string {
  return `/authorize?${new URLSearchParams({
    response_type: 'code', client_id: CLIENT.clientId, redirect_uri: REDIRECT_URI, scope: 'openid', state: 'state & more=ü', nonce: 'n-1',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'), code_challenge_method: 'S256', reference: 'login.1.login.0123456789', ...changes,
  })}`
}

async function requestOf(verifier: string, changes: Record<string, string> = {}): Promise<string> {
  const { body } = await served.get(authorizeQuery(verifier, changes))
  return new URL(body.loginUrl).searchParams.get('request')!
}

async function codeFor(verifier: string, personId: string, changes: Record<string, string> = {}): Promise<string> {
  const { headers } = await served.post('/authorize/login', { request: await requestOf(verifier, changes), personId, passcode: personId.slice(-6) })
  return new URL(headers.get('location')!).searchParams.get('code')!
}

const tokenForm = (code: string, verifier: string, changes: Record<string, string> = {}) => ({
  grant_type: 'authorization_code', code, redirect_uri: REDIRECT_URI, client_id: CLIENT.clientId, client_secret: CLIENT.clientSecret, code_verifier: verifier, ...changes,
})

describe('VNeID: the code flow', () => {
  it('leads from discovery to a signed ID token, userinfo and evidence', async () => {
    await start()
    const discovery = (await served.get('/.well-known/openid-configuration')).body
    expect(discovery).toMatchObject({ issuer: served.url, code_challenge_methods_supported: ['S256'] })
    const verifier = verifierOf()
    const person = personOf(4217)
    const page = await served.get(authorizeQuery(verifier))
    expect(page.body.loginUrl).toMatch(new RegExp(`^${served.url}/authorize/login\\?request=[\\w-]+$`))
    const request = new URL(page.body.loginUrl).searchParams.get('request')
    const loggedIn = await served.post('/authorize/login', { request, personId: person.personId, passcode: person.personId.slice(-6) })
    expect(loggedIn.status).toBe(302)
    const location = new URL(loggedIn.headers.get('location')!)
    expect(location.origin + location.pathname).toBe(REDIRECT_URI)
    expect(location.searchParams.get('state')).toBe('state & more=ü')
    const tokens = await served.postForm('/token', tokenForm(location.searchParams.get('code')!, verifier))
    expect(tokens).toMatchObject({ status: 200, body: { token_type: 'Bearer' } })
    expect(tokens.headers.get('cache-control')).toBe('no-store')

    const { payload, protectedHeader } = await jwtVerify(tokens.body.id_token, createRemoteJWKSet(new URL(discovery.jwks_uri)), { issuer: served.url, audience: CLIENT.clientId })
    expect(protectedHeader.alg).toBe('ES256')
    expect(payload).toMatchObject({ sub: person.personId, nonce: 'n-1', name: person.name, birthdate: person.birthDate, level: 2 })
    expect(payload.exp! - wallNow / 1000).toBeGreaterThanOrEqual(300)

    const userinfo = await served.get('/userinfo', { authorization: `Bearer ${tokens.body.access_token}` })
    expect(userinfo.body).toMatchObject({ sub: person.personId, phone_number: person.phone, level: 2 })
    expect(served.evidence('grant')).toMatchObject([{ op: 'login.1.login.0123456789', status: 'issued', fields: { personId: person.personId, level: 2 } }])
  })

  it.each([
    ['citizen', personOf(3), { person_kind: 'citizen' }],
    ['foreigner', personOf(3, 'foreigner'), { person_kind: 'foreigner', nationality: personOf(3, 'foreigner').nationality }],
    ['company', personOf(3, 'company'), { person_kind: 'company', company_number: '9900000003', representative: {
      sub: personOf(3, 'company').representative!.personId, name: personOf(3, 'company').representative!.name, foreign: personOf(3, 'company').representative!.foreign,
    } }],
  ] as const)('logs a %s in, and says in both places who it is', async (_kind, person, claims) => {
    await start()
    const verifier = verifierOf()
    const { body } = await served.postForm('/token', tokenForm(await codeFor(verifier, person.personId), verifier))
    const told = decodeJwt(body.id_token)
    const { body: userinfo } = await served.get('/userinfo', { authorization: `Bearer ${body.access_token}` })
    for (const said of [told, userinfo]) {
      expect(said).toMatchObject({ sub: person.personId, name: person.name, level: 2, ...claims })
      for (const other of ['nationality', 'company_number', 'representative']) expect(other in said).toBe(other in claims)
    }
  })

  it('has companies whose representative is a foreigner, and others', () => {
    const foreign = Array.from({ length: 40 }, (_, index) => (claimsOf(personOf(index, 'company').personId)['representative'] as { foreign: boolean }).foreign)
    expect(new Set(foreign)).toEqual(new Set([true, false]))
  })

  it('tells level 1 for ids ending in 0', async () => {
    await start()
    const verifier = verifierOf()
    const { body } = await served.postForm('/token', tokenForm(await codeFor(verifier, '999000042170'), verifier))
    expect((await served.get('/userinfo', { authorization: `Bearer ${body.access_token}` })).body.level).toBe(1)
  })

  it.each<[string, Record<string, string>]>([
    ['a wrong verifier', { code_verifier: verifierOf() }],
    ['another redirect_uri', { redirect_uri: CLIENT.redirectUris[1]! }],
    ['an unknown code', { code: 'x' }],
  ])('gives no token for %s, nor afterwards for the right proof of that code', async (_title, changes) => {
    await start()
    const verifier = verifierOf()
    const code = await codeFor(verifier, personOf(1).personId)
    expect(await served.postForm('/token', tokenForm(code, verifier, changes))).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    expect(served.evidence('grant')).toEqual([])
    const again = await served.postForm('/token', tokenForm(code, verifier))
    expect(again.status).toBe('code' in changes ? 200 : 400)
  })

  it('takes a code once; a second use ends what the first one gave', async () => {
    await start()
    const verifier = verifierOf()
    const code = await codeFor(verifier, personOf(1).personId)
    const { body } = await served.postForm('/token', tokenForm(code, verifier))
    const bearer = { authorization: `Bearer ${body.access_token}` }
    expect((await served.get('/userinfo', bearer)).status).toBe(200)
    expect(await served.postForm('/token', tokenForm(code, verifier))).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    const after = await served.get('/userinfo', bearer)
    expect(after).toMatchObject({ status: 401, body: { error: 'invalid_token' } })
    expect(after.headers.get('www-authenticate')).toContain('invalid_token')
    expect(served.evidence('grant')).toMatchObject([{ status: 'revoked' }])
  })

  it('lets exactly one of two simultaneous uses of a code through', async () => {
    await start()
    const verifier = verifierOf()
    const code = await codeFor(verifier, personOf(1).personId)
    const statuses = await Promise.all([1, 2].map(async () => (await served.postForm('/token', tokenForm(code, verifier))).status))
    expect(statuses.toSorted()).toEqual([200, 400])
  })

  it('refuses an expired code and an expired login page', async () => {
    await start()
    const verifier = verifierOf()
    const code = await codeFor(verifier, personOf(1).personId)
    const request = await requestOf(verifier)
    wallNow += 60_000
    expect((await served.postForm('/token', tokenForm(code, verifier))).body.error).toBe('invalid_grant')
    wallNow += 600_000
    const { personId } = personOf(1)
    expect(await served.post('/authorize/login', { request, personId, passcode: personId.slice(-6) })).toMatchObject({ status: 404, body: { error: { code: 'LOGIN_REQUEST_UNKNOWN' } } })
  })

  it('knows its client by the secret, and speaks of mistakes as OAuth does', async () => {
    await start()
    const verifier = verifierOf()
    const code = await codeFor(verifier, personOf(1).personId)
    expect(await served.postForm('/token', tokenForm(code, verifier, { client_secret: 'another' }))).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
    expect(await served.postForm('/token', tokenForm(code, verifier, { grant_type: 'password' }))).toMatchObject({ status: 400, body: { error: 'unsupported_grant_type' } })
    expect(await served.postForm('/token', { code })).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
    expect((await served.postForm('/token', tokenForm(code, verifier))).status).toBe(200)
  })
})

describe('VNeID: the way to the login page', () => {
  it.each<[string, Record<string, string>, string]>([
    ['an unknown client', { client_id: 'x' }, 'CLIENT_UNKNOWN'],
    ['a redirect_uri that is not registered', { redirect_uri: 'http://evil.test/' }, 'REDIRECT_URI_UNKNOWN'],
  ])('never redirects for %s', async (_title, changes, code) => {
    await start()
    const answer = await served.get(authorizeQuery(verifierOf(), changes))
    expect(answer).toMatchObject({ status: 400, body: { error: { code } } })
    expect(answer.headers.get('location')).toBeNull()
  })

  it.each<[string, Record<string, string>, string]>([
    ['no PKCE', { code_challenge: '' }, 'invalid_request'],
    ['plain PKCE', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['another response type', { response_type: 'token' }, 'unsupported_response_type'],
    ['no openid scope', { scope: 'profile' }, 'invalid_scope'],
  ])('tells the client of %s, with its state untouched', async (_title, changes, error) => {
    await start()
    const answer = await served.get(authorizeQuery(verifierOf(), changes))
    const location = new URL(answer.headers.get('location')!)
    expect(location.origin + location.pathname).toBe(REDIRECT_URI)
    expect(Object.fromEntries(location.searchParams)).toEqual({ error, state: 'state & more=ü', iss: served.url, error_description: expect.any(String) })
  })

  it('refuses a wrong passcode and a person who does not exist, and ends the request after five', async () => {
    await start()
    const { personId } = personOf(7)
    const request = await requestOf(verifierOf())
    const tries = [[personId, '000000'], ['001000000071', '000071'], [personId, ''], [personId, '1'], [personId, '2']]
    for (const [id, passcode] of tries) expect((await served.post('/authorize/login', { request, personId: id, passcode })).body.error.code).toBe('LOGIN_REFUSED')
    expect((await served.post('/authorize/login', { request, personId, passcode: personId.slice(-6) })).status).toBe(404)
  })
})

describe('VNeID: logout', () => {
  async function loggedIn(index: number): Promise<{ id_token: string; access_token: string }> {
    const verifier = verifierOf()
    return (await served.postForm('/token', tokenForm(await codeFor(verifier, personOf(index).personId), verifier))).body
  }
  const logout = (idToken: string, returnTo: string) =>
    served.get(`/logout?${new URLSearchParams({ id_token_hint: idToken, post_logout_redirect_uri: returnTo, state: 'bye' })}`)

  it('ends the session that the hint names and no other, and leads back to the client alone', async () => {
    await start()
    const [first, second] = [await loggedIn(1), await loggedIn(2)]
    const answer = await logout(first.id_token, 'http://portal.test/goodbye')
    expect(answer.status).toBe(302)
    expect(answer.headers.get('location')).toBe('http://portal.test/goodbye?state=bye')
    const userinfo = (token: typeof first) => served.get('/userinfo', { authorization: `Bearer ${token.access_token}` })
    expect([(await userinfo(first)).status, (await userinfo(second)).status]).toEqual([401, 200])
    expect(served.evidence('grant').map((row) => row.status)).toEqual(['logged-out', 'issued'])
    expect(await logout(second.id_token, 'http://evil.test/')).toMatchObject({ status: 200, body: { loggedOut: true } })
  })

  it('takes an expired hint, and none that it has not signed', async () => {
    await start()
    const { id_token: idToken } = await loggedIn(1)
    wallNow += 2 * 3_600_000
    expect((await logout(`${idToken.slice(0, -8)}AAAAAAAA`, REDIRECT_URI)).body.error.code).toBe('ID_TOKEN_HINT_INVALID')
    expect((await logout(idToken, REDIRECT_URI)).status).toBe(302)
    expect(served.evidence('grant').map((row) => row.status)).toEqual(['logged-out'])
  })
})

describe('VNeID: many citizens at once', () => {
  it('never mixes up who logs in', async () => {
    await start()
    const seen = await Promise.all(Array.from({ length: 60 }, async (_, index) => {
      const verifier = verifierOf()
      const code = await codeFor(verifier, personOf(index).personId, { reference: `op-${index}`, nonce: `nonce-${index}` })
      const { body } = await served.postForm('/token', tokenForm(code, verifier))
      const claims = JSON.parse(Buffer.from(body.id_token.split('.')[1], 'base64url').toString())
      return [claims.sub, claims.nonce, (await served.get('/userinfo', { authorization: `Bearer ${body.access_token}` })).body.name]
    }))
    expect(seen).toEqual(Array.from({ length: 60 }, (_, index) => [personOf(index).personId, `nonce-${index}`, personOf(index).name]))
    const grants = served.evidence('grant').map((row) => [row.op, row.fields['personId']])
    expect(new Map(grants as [string, string][])).toEqual(new Map(Array.from({ length: 60 }, (_, index) => [`op-${index}`, personOf(index).personId])))
  })
})
