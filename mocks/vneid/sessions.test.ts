/** Whoever has logged in is known again by the browser's cookie: without a page where the client or the profile asks for none, never beyond what was asked. */
import { afterEach, describe, expect, it } from 'vitest'
import { personOf } from '../../contracts/reference/people.ts'
import { backAt, profileOf, PROFILES, startIssuer, verifierOf, type IssuerBench } from './testing/issuer-bench.ts'

let bench: IssuerBench
afterEach(() => bench.close())

const { personId } = personOf(4217)
const levelOne = `${personOf(3).personId.slice(0, -1)}0`

describe.each(PROFILES)('sessions by the profile "$name"', (profile) => {
  const start = async () => { bench = await startIssuer(profile) }
  const asked = async (cookie: string, changes: Record<string, string> = {}) => bench.ask(bench.authorizeUrl(verifierOf(), changes), { headers: { cookie } })
  const silently = async (cookie: string, changes: Record<string, string> = {}) => backAt(await asked(cookie, { prompt: 'none', ...changes }))

  it('are used without a page by prompt=none, and otherwise only where the profile has single sign-on', async () => {
    await start()
    const { cookie } = await bench.logIn(personId)
    expect((await silently(cookie)).has('code')).toBe(true)
    expect((await asked(cookie)).status).toBe(profile.authorization.singleSignOn ? 302 : 200)
    expect((await asked(cookie, { prompt: 'login' })).status).toBe(200)
    expect((await silently('vneid_session=made-up')).get('error')).toBe('login_required')
    expect((await silently(`other=1; ${cookie}; more=2`)).has('code')).toBe(true)
  })

  it('are too old for max_age, and over after their time', async () => {
    await start()
    const { cookie } = await bench.logIn(personId)
    expect((await silently(cookie, { max_age: '0' })).get('error')).toBe('login_required')
    bench.passS(60)
    expect((await silently(cookie, { max_age: '61' })).has('code')).toBe(true)
    expect((await silently(cookie, { max_age: '59' })).get('error')).toBe('login_required')
    expect((await asked(cookie, { max_age: '0' })).status).toBe(200)
    bench.passS(profile.lifetimes.sessionS)
    expect((await silently(cookie)).get('error')).toBe('login_required')
  })

  it('keep the time and the level of the login', async () => {
    await start()
    const { cookie, claims } = await bench.logIn(levelOne)
    bench.passS(30)
    const verifier = verifierOf()
    const back = backAt(await bench.answerFor(levelOne, verifier, { prompt: 'none' }, cookie))
    const { body } = await bench.token(bench.codeForm(back.get('code')!, verifier))
    expect(JSON.parse(Buffer.from(body.id_token.split('.')[1], 'base64url').toString())).toMatchObject({ auth_time: claims['auth_time'], acr: profile.acr[1] })
    expect((await silently(cookie, { acr_values: profile.acr[2] })).get('error')).toBe(profile.authorization.unmetLevel)
    // With a page another identity can be chosen.
    expect((await asked(cookie, { acr_values: profile.acr[2] })).status).toBe(200)
  })

  it('are of the person whom the hint names', async () => {
    await start()
    const [mine, others] = [await bench.logIn(personId), await bench.logIn(personOf(1).personId)]
    expect((await silently(mine.cookie, { id_token_hint: mine.id_token })).has('code')).toBe(true)
    expect((await silently(mine.cookie, { id_token_hint: others.id_token })).get('error')).toBe('login_required')
  })

  it('that ended before the code came back begin nothing', async () => {
    await start()
    const verifier = verifierOf()
    const code = await bench.codeFor(personId, verifier)
    await bench.simulator.control!({ action: 'sessions.end', personId })
    expect((await bench.token(bench.codeForm(code, verifier))).body.error).toBe('invalid_grant')
  })

  it('ask for a page again when a client has asked too often without one', async () => {
    await start()
    const { cookie } = await bench.logIn(personId)
    for (let n = 1; n < 100; n += 1) {
      const verifier = verifierOf()
      const back = backAt(await bench.answerFor(personId, verifier, { prompt: 'none' }, cookie))
      await bench.token(bench.codeForm(back.get('code')!, verifier))
    }
    expect((await silently(cookie)).get('error')).toBe('login_required')
  })
})

describe('refresh tokens', () => {
  const scope = 'openid profile offline_access'
  const refresh = (token: string, changes: Record<string, string> = {}) => bench.token({ grant_type: 'refresh_token', refresh_token: token, ...changes })

  it('are not given by the default profile, nor without offline_access', async () => {
    bench = await startIssuer(PROFILES[0])
    expect((await bench.logIn(personId, { scope })).refresh_token).toBeUndefined()
    expect((await refresh('x')).body.error).toBe('unsupported_grant_type')
    await bench.close()
    bench = await startIssuer(PROFILES[1])
    expect((await bench.logIn(personId)).refresh_token).toBeUndefined()
  })

  it('work once; a second use ends the grant', async () => {
    bench = await startIssuer(PROFILES[1])
    const first = await bench.logIn(personId, { scope })
    const { body, status } = await refresh(first.refresh_token!)
    expect([status, (await bench.userinfo(body.access_token)).status]).toEqual([200, 200])
    expect((await refresh(first.refresh_token!)).body.error).toBe('invalid_grant')
    expect((await bench.userinfo(body.access_token)).status).toBe(401)
    expect((await refresh(body.refresh_token)).body.error).toBe('invalid_grant')
  })

  it('give less where less is asked for, and never more; to their own client, in their time', async () => {
    bench = await startIssuer(PROFILES[1])
    const { refresh_token: token } = await bench.logIn(personId, { scope })
    expect((await refresh(token!, { scope: 'openid phone' })).body.error).toBe('invalid_scope')
    expect((await bench.token({ grant_type: 'refresh_token', refresh_token: token }, bench.other)).body.error).toBe('invalid_grant')
    const { body } = await refresh(token!, { scope: 'openid' })
    expect(Object.keys((await bench.userinfo(body.access_token)).body)).toEqual(['sub', 'acr'])
    expect(Object.keys((await bench.userinfo((await refresh(body.refresh_token)).body.access_token)).body)).toContain('hoVaTen')
    const late = await bench.logIn(personId, { scope })
    bench.passS(PROFILES[1].lifetimes.refreshTokenS)
    expect((await refresh(late.refresh_token!)).body.error).toBe('invalid_grant')
  })
})

describe('PKCE', () => {
  it('may be left out where the profile says so, and is then neither taken away nor added', async () => {
    bench = await startIssuer({ ...profileOf('default'), pkce: 'optional' })
    const none = { code_challenge: '', code_challenge_method: '' }
    const code = await bench.codeFor(personId, verifierOf(), none)
    expect((await bench.token({ ...bench.codeForm(code, ''), code_verifier: undefined })).status).toBe(200)
    const added = await bench.codeFor(personId, verifierOf(), none)
    expect((await bench.token(bench.codeForm(added, verifierOf()))).body.error).toBe('invalid_grant')
    const takenAway = await bench.codeFor(personId, verifierOf())
    expect((await bench.token({ ...bench.codeForm(takenAway, ''), code_verifier: undefined })).body.error).toBe('invalid_grant')
  })
})

describe('kinds of accounts', () => {
  it('that the profile does not take cannot log in', async () => {
    bench = await startIssuer({ ...profileOf('default'), personKinds: ['citizen', 'foreigner'] })
    expect((await bench.answerFor(personOf(1, 'organisation').personId, verifierOf()))).toMatchObject({ status: 401, body: { error: { code: 'LOGIN_REFUSED' } } })
    expect(backAt(await bench.answerFor(personOf(1, 'foreigner').personId, verifierOf())).has('code')).toBe(true)
  })
})
