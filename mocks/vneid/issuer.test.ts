/** What every issuer must do, whatever its profile: the same tests for today's and for one that differs in everything a profile can say. */
import { createRemoteJWKSet, jwtVerify } from 'jose'
import { afterEach, describe, expect, it } from 'vitest'
import { personById, personOf, type PersonKind } from '../../contracts/reference/people.ts'
import { backAt, basicOf, PROFILES, startIssuer, verifierOf, type IssuerBench } from './testing/issuer-bench.ts'

let bench: IssuerBench
afterEach(() => bench.close())

const person = personOf(4217)
const levelOne = `${personOf(3).personId.slice(0, -1)}0`
const OF_KIND: Record<PersonKind, object> = {
  citizen: {}, foreigner: { nationality: personOf(3, 'foreigner').nationality }, company: { company_number: '9900000003' },
  organisation: { organisation_code: 'TC00000003' }, minor: {},
}

describe.each(PROFILES)('an issuer by the profile "$name"', (profile) => {
  const start = async (clients: Parameters<typeof startIssuer>[1] = {}) => { bench = await startIssuer(profile, clients) }

  it('gives tokens that its own keys have signed, and says the same at userinfo', async () => {
    await start()
    expect(bench.discovery).toMatchObject({ issuer: bench.issuer, id_token_signing_alg_values_supported: [profile.keys.algorithm], token_endpoint_auth_methods_supported: profile.clientAuthentication })
    const given = await bench.logIn(person.personId)
    const { payload, protectedHeader } = await jwtVerify(given.id_token, createRemoteJWKSet(new URL(bench.discovery['jwks_uri'])), { issuer: bench.issuer, audience: 'portal' })
    expect(protectedHeader.alg).toBe(profile.keys.algorithm)
    expect(payload.exp! - payload.iat!).toBe(profile.lifetimes.idTokenS)
    expect(payload).toMatchObject({ nonce: 'n-1', acr: profile.acr[2], auth_time: Math.floor(bench.wallNow() / 1_000) })
    const { body } = await bench.userinfo(given.access_token)
    expect(body.sub).toBe(payload.sub)
    expect(body.sub === person.personId).toBe(profile.subject === 'person-id')
    const birthDate = profile.birthDates === 'yyyy-mm-dd' ? person.birthDate : person.birthDate.split('-').toReversed().join('/')
    expect(body).toMatchObject({ [bench.claim('name')]: person.name, [bench.claim('phone_number')]: person.phone, [bench.claim('birthdate')]: birthDate, [bench.claim('level')]: profile.values.level?.['2'] ?? 2 })
    expect(bench.claim('name') in payload).toBe(profile.idToken === 'all')
    expect(bench.evidence('grant')).toMatchObject([{ op: 'login.1.login.0123456789', status: 'issued', fields: { personId: person.personId, level: 2 } }])
  })

  it.each(Object.keys(OF_KIND) as PersonKind[])('says of a %s what it is', async (kind) => {
    await start()
    const { personId } = personOf(3, kind)
    const { body } = await bench.userinfo((await bench.logIn(personId)).access_token)
    const expected = Object.fromEntries(Object.entries({ ...OF_KIND[kind] }).map(([claim, value]) => [profile.claims[claim as 'nationality'] ?? claim, value]))
    expect(body).toMatchObject({ [bench.claim('person_kind')]: profile.values.person_kind?.[kind] ?? kind, ...expected })
    expect(body[bench.claim('account_type')]).toBe(kind === 'organisation' ? profile.values.account_type?.['vnconnect'] ?? 'vnconnect' : profile.values.account_type?.['vneid'] ?? 'vneid')
    const { representative, guardian } = personById(personId)!
    expect(body[bench.claim('representative')]).toEqual(representative && { sub: expect.any(String), [bench.claim('name')]: representative.name, [profile.claims.foreign ?? 'foreign']: representative.foreign })
    expect(body[bench.claim('guardian')]).toEqual(guardian && { sub: expect.any(String), [bench.claim('name')]: guardian.name })
  })

  it('gives userinfo by POST as well, with the token in one place', async () => {
    await start()
    const { access_token: token } = await bench.logIn(person.personId)
    const [endpoint, headers] = [bench.discovery['userinfo_endpoint'], { authorization: `Bearer ${token}` }]
    const told = (await bench.userinfo(token)).body
    expect((await bench.ask(endpoint, { form: { access_token: token } })).body).toEqual(told)
    expect((await bench.ask(endpoint, { form: {}, headers })).body).toEqual(told)
    expect(await bench.ask(endpoint, { form: { access_token: token }, headers })).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
    const none = await bench.ask(endpoint)
    expect([none.status, none.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
  })

  it('answers the client with state, issuer and nothing else of its own', async () => {
    await start()
    const back = backAt(await bench.answerFor(person.personId, verifierOf()))
    expect(Object.fromEntries(back)).toEqual({ code: expect.stringMatching(/^[\w-]{43}$/), state: 'state & more=ü', ...(profile.authorization.iss && { iss: bench.issuer }) })
    const second = bench.portal.redirectUris[1]!
    const location = (await bench.answerFor(person.personId, verifierOf(), { redirect_uri: second })).headers.get('location')!
    expect(location).toMatch(new RegExp(`^${second.replace('?', '\\?')}&code=`))
  })

  it.each([
    ['another host', 'http://portal.test.evil.test/auth/callback'], ['a longer path', 'http://portal.test/auth/callback/'], ['a query more', 'http://portal.test/auth/callback?x=1'], ['other case', 'http://PORTAL.test/auth/callback'],
  ])('takes no redirect_uri that is registered only nearly: %s', async (_title, redirectUri) => {
    await start()
    expect(await bench.ask(bench.authorizeUrl(verifierOf(), { redirect_uri: redirectUri }))).toMatchObject({ status: 400, body: { error: { code: 'REDIRECT_URI_UNKNOWN' } } })
  })

  it.each<[string, Record<string, string>, string]>([
    ['a request object', { request: 'x' }, 'request_not_supported'], ['one by address', { request_uri: 'http://x.test' }, 'request_uri_not_supported'],
    ['registration on the way', { registration: '{}' }, 'registration_not_supported'], ['another response mode', { response_mode: 'fragment' }, 'invalid_request'],
    ['a prompt that does not exist', { prompt: 'never' }, 'invalid_request'], ['prompts that exclude each other', { prompt: 'none login' }, 'invalid_request'],
    ['an age that is no number', { max_age: '-1' }, 'invalid_request'], ['plain PKCE', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['nobody logged in, and no page wanted', { prompt: 'none' }, 'login_required'],
  ])('tells the client of %s', async (_title, changes, error) => {
    await start()
    expect(backAt(await bench.ask(bench.authorizeUrl(verifierOf(), changes))).get('error')).toBe(error)
  })

  it('does not let a person of level 1 in where level 2 is asked for, and says why', async () => {
    await start()
    const refused = backAt(await bench.answerFor(levelOne, verifierOf(), { acr_values: profile.acr[2] }))
    expect([refused.get('error'), refused.get('state'), refused.has('code')]).toEqual([profile.authorization.unmetLevel, 'state & more=ü', false])
    expect(backAt(await bench.answerFor(person.personId, verifierOf(), { acr_values: profile.acr[2] })).has('code')).toBe(true)
    expect(backAt(await bench.answerFor(levelOne, verifierOf(), { acr_values: `${profile.acr[2]} ${profile.acr[1]}` })).has('code')).toBe(true)
    expect(backAt(await bench.ask(bench.authorizeUrl(verifierOf(), { acr_values: 'urn:nobody' }))).get('error')).toBe(profile.authorization.unmetLevel)
    expect((await bench.logIn(levelOne)).claims['acr']).toBe(profile.acr[1])
  })

  it('knows its client by the ways of the profile only', async () => {
    await start()
    const verifier = verifierOf()
    const form = bench.codeForm(await bench.codeFor(person.personId, verifier), verifier)
    const endpoint = bench.discovery['token_endpoint']
    const post = { form: { ...form, client_id: 'portal', client_secret: bench.portal.clientSecret } }
    const basic = { form, headers: { authorization: basicOf(bench.portal) } }
    const [wrongWay, rightWay] = profile.clientAuthentication.includes('client_secret_post') ? [basic, post] : [post, basic]
    expect(await bench.ask(endpoint, wrongWay)).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
    expect((await bench.ask(endpoint, { form, headers: { authorization: basicOf({ clientId: 'portal', clientSecret: 'x' }) } })).headers.get('www-authenticate')).toMatch(/^Basic /)
    expect(await bench.ask(endpoint, { form: { ...form, client_secret: 'x' }, headers: { authorization: basicOf(bench.portal) } })).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
    expect(await bench.ask(endpoint, { form })).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
    expect((await bench.ask(endpoint, rightWay)).status).toBe(200)
  })

  it('gives nothing for another client\'s code, and nothing after its time', async () => {
    await start()
    const verifier = verifierOf()
    const stolen = await bench.codeFor(person.personId, verifier)
    expect(await bench.token({ ...bench.codeForm(stolen, verifier), redirect_uri: bench.portal.redirectUris[0]! }, bench.other)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    const late = await bench.codeFor(person.personId, verifier)
    bench.passS(profile.lifetimes.codeS)
    expect((await bench.token(bench.codeForm(late, verifier))).body.error).toBe('invalid_grant')
    const { access_token: accessToken } = await bench.logIn(person.personId)
    expect((await bench.userinfo(accessToken)).status).toBe(200)
    bench.passS(profile.lifetimes.accessTokenS)
    expect(await bench.userinfo(accessToken)).toMatchObject({ status: 401, body: { error: 'invalid_token' } })
  })

  it('ends what a code gave when the code comes again', async () => {
    await start()
    const verifier = verifierOf()
    const code = await bench.codeFor(person.personId, verifier)
    const { body } = await bench.token(bench.codeForm(code, verifier))
    expect((await bench.userinfo(body.access_token)).status).toBe(200)
    expect((await bench.token(bench.codeForm(code, verifier))).body.error).toBe('invalid_grant')
    expect((await bench.userinfo(body.access_token)).status).toBe(401)
    if (body.refresh_token) expect((await bench.token({ grant_type: 'refresh_token', refresh_token: body.refresh_token })).body.error).toBe('invalid_grant')
    expect(bench.evidence('grant')).toMatchObject([{ status: 'revoked' }])
  })

  it('signs with a new key after a rotation, and keeps the old one published for its time of grace', async () => {
    await start()
    const kidsAt = async () => { const { body, headers } = await bench.ask(bench.discovery['jwks_uri']); return { kids: body.keys.map(({ kid }: { kid: string }) => kid), caching: headers.get('cache-control') } }
    const old = await bench.logIn(person.personId)
    expect(await kidsAt()).toEqual({ kids: ['vneid-1'], caching: `public, max-age=${profile.keys.jwksMaxAgeS}` })
    expect(await bench.simulator.control!({ action: 'keys.rotate' })).toEqual({ kid: 'vneid-2', published: 2 })
    expect((await kidsAt()).kids).toEqual(['vneid-2', 'vneid-1'])
    const keys = createRemoteJWKSet(new URL(bench.discovery['jwks_uri']))
    expect((await jwtVerify(old.id_token, keys, { currentDate: new Date(bench.wallNow()) })).protectedHeader.kid).toBe('vneid-1')
    bench.passScenarioS(profile.keys.graceS)
    expect((await kidsAt()).kids).toEqual(['vneid-2'])
    const fresh = await bench.logIn(person.personId)
    expect((await jwtVerify(fresh.id_token, createRemoteJWKSet(new URL(bench.discovery['jwks_uri'])), { currentDate: new Date(bench.wallNow()) })).protectedHeader.kid).toBe('vneid-2')
    // The old token still says at logout whose session it was.
    expect((await bench.ask(bench.logoutUrl({ id_token_hint: old.id_token }))).body).toMatchObject({ loggedOut: true })
  })
})
