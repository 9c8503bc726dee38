/**
 * The issuer under a client that others have written (openid-client, certified by the OpenID Foundation): it discovers, logs in through the page that
 * people see, checks the ID token, reads userinfo, logs out, goes on after a rotation of keys, and refuses what was tampered with.
 */
import * as client from 'openid-client'
import { afterEach, describe, expect, it } from 'vitest'
import { personOf } from '../../contracts/reference/people.ts'
import { PROFILES, startIssuer, type IssuerBench } from './testing/issuer-bench.ts'

let bench: IssuerBench
afterEach(() => bench.close())

const person = personOf(4217)

describe.each(PROFILES)('an independent client and an issuer by the profile "$name"', (profile) => {
  const scope = [...Object.keys(profile.scopes), ...profile.refreshTokens === 'offline_access' ? ['offline_access'] : []].join(' ')
  let config: client.Configuration

  async function start(): Promise<void> {
    bench = await startIssuer(profile, { portal: { postLogoutRedirectUris: ['http://portal.test/goodbye'] } })
    await discover()
  }

  async function discover(): Promise<void> {
    const { clientId, clientSecret } = bench.portal
    const proof = profile.clientAuthentication.includes('client_secret_post') ? client.ClientSecretPost(clientSecret) : client.ClientSecretBasic(clientSecret)
    config = await client.discovery(new URL(bench.issuer), clientId, { id_token_signed_response_alg: profile.keys.algorithm }, proof, { execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks] })
  }

  type Begun = { url: URL; pkceCodeVerifier: string; expectedState: string; expectedNonce: string }
  async function begin(more: Record<string, string> = {}): Promise<Begun> {
    const [pkceCodeVerifier, expectedState, expectedNonce] = [client.randomPKCECodeVerifier(), client.randomState(), client.randomNonce()]
    const url = client.buildAuthorizationUrl(config, {
      redirect_uri: bench.portal.redirectUris[0]!, scope, state: expectedState, nonce: expectedNonce, code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier), code_challenge_method: 'S256', ...more,
    })
    return { url, pkceCodeVerifier, expectedState, expectedNonce }
  }

  /** As a browser does it: the page, its form, the redirect. */
  async function through(url: URL, personId = person.personId): Promise<URL> {
    const { text } = await bench.ask(url.href, { accept: 'text/html' })
    const form = text.split('<form').find((part) => part.includes(`value="${personId}"`)) ?? text.split('<form').find((part) => part.includes('inputmode'))!
    const fields = Object.fromEntries([...form.matchAll(/name="(\w+)"[^>]*value="([^"]*)"/g)].map(([, name, value]) => [name!, value!]))
    const action = /action="([^"]+)"/.exec(form)![1]!
    const answer = await bench.ask(action, { form: { ...fields, personId, passcode: personId.slice(-6) }, accept: 'text/html' })
    expect(answer.status).toBe(302)
    return new URL(answer.headers.get('location')!)
  }

  async function logIn(more: Record<string, string> = {}) {
    const { url, ...checks } = await begin(more)
    return client.authorizationCodeGrant(config, await through(url), checks)
  }

  it('log a person in and out', async () => {
    await start()
    const tokens = await logIn()
    const claims = tokens.claims()!
    expect(claims).toMatchObject({ iss: bench.issuer, aud: 'portal', acr: profile.acr[2] })
    const told = await client.fetchUserInfo(config, tokens.access_token, claims.sub)
    expect(told[bench.claim('name')]).toBe(person.name)
    await expect(client.fetchUserInfo(config, tokens.access_token, 'somebody else')).rejects.toThrow()

    const leave = client.buildEndSessionUrl(config, { id_token_hint: tokens.id_token!, post_logout_redirect_uri: 'http://portal.test/goodbye', state: 'bye' })
    expect((await bench.ask(leave.href)).headers.get('location')).toBe('http://portal.test/goodbye?state=bye')
    await expect(client.fetchUserInfo(config, tokens.access_token, claims.sub)).rejects.toMatchObject({ status: 401 })
  })

  it('get on after a rotation of keys', async () => {
    await start()
    const before = await logIn()
    expect(JSON.parse(Buffer.from(before.id_token!.split('.')[0]!, 'base64url').toString())).toMatchObject({ kid: 'vneid-1' })
    await bench.simulator.control!({ action: 'keys.rotate' })
    // The library reads the keys again for one that it does not know, but not within a minute: a client that read them a minute earlier.
    const { jwks, uat } = client.getJwksCache(config)!
    await discover()
    client.setJwksCache(config, { jwks, uat: uat - 61 })
    const after = await logIn()
    expect(JSON.parse(Buffer.from(after.id_token!.split('.')[0]!, 'base64url').toString())).toMatchObject({ kid: 'vneid-2' })
  })

  it('refuse an answer to another request: state, nonce, issuer, verifier', async () => {
    await start()
    type Checks = Omit<Begun, 'url'>
    const refused = async (change: (url: URL, checks: Checks) => Partial<Checks>) => {
      const { url, ...checks } = await begin()
      const back = await through(url)
      return client.authorizationCodeGrant(config, back, { ...checks, ...change(back, checks) }).then(() => 'taken', (error: { code?: string; error?: string; cause?: { message?: string } }) => error.error ?? `${error.code} ${error.cause?.message}`)
    }
    expect(await refused(() => ({}))).toBe('taken')
    expect(await refused(() => ({ expectedState: 'another' }))).toContain('"state"')
    expect(await refused((back) => { back.searchParams.set('iss', 'http://evil.test'); return {} })).toContain('"iss"')
    expect(await refused(() => ({ expectedNonce: 'another' }))).toContain('"nonce"')
    expect(await refused(() => ({ pkceCodeVerifier: client.randomPKCECodeVerifier() }))).toBe('invalid_grant')
  })

  it('speak of a level that is too low, and of who does not want to', async () => {
    await start()
    const { url, ...checks } = await begin({ acr_values: profile.acr[2] })
    await expect(client.authorizationCodeGrant(config, await through(url, '999000042170'), checks)).rejects.toMatchObject({ error: profile.authorization.unmetLevel })
    const again = await begin()
    const { text } = await bench.ask(again.url.href, { accept: 'text/html' })
    const request = /name="request" value="([^"]+)"/.exec(text)![1]!
    const cancelled = await bench.ask(/action="([^"]+)"/.exec(text)![1]!, { form: { request, cancel: '1' } })
    await expect(client.authorizationCodeGrant(config, new URL(cancelled.headers.get('location')!), again)).rejects.toMatchObject({ error: 'access_denied' })
  })

  it('refresh tokens where there are any, and take none from elsewhere', async () => {
    await start()
    const { refresh_token: refreshToken } = await logIn()
    expect(refreshToken === undefined).toBe(profile.refreshTokens === 'none')
    const refreshed = client.refreshTokenGrant(config, refreshToken ?? 'none')
    if (profile.refreshTokens === 'none') await expect(refreshed).rejects.toMatchObject({ error: 'unsupported_grant_type' })
    else expect((await refreshed).claims()!['acr']).toBe(profile.acr[2])
  })
})
