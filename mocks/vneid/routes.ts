/**
 * VNeID's OpenID Connect interface (contracts/api/partners.ts). Names are those of the specifications. A client or redirect_uri that is not
 * registered is refused here (400); every other mistake of the client goes back to its redirect_uri as `error`, with `state` untouched (RFC 6749 4.1.2.1).
 */
import { compactVerify } from 'jose'
import { z } from 'zod'
import { PERSON_KINDS } from '../../contracts/reference/people.ts'
import { RefusalBody } from '../server/problem.ts'
import { defineRoute, ok, refusal, type Answer, type Route } from '../server/route.ts'
import { claimsOf, type Vneid } from './provider.ts'

const OAuthError = z.object({ error: z.string(), error_description: z.string() })

const OF_A_KIND = {
  person_kind: z.enum(PERSON_KINDS), nationality: z.string().optional(), company_number: z.string().optional(),
  representative: z.object({ sub: z.string(), name: z.string(), foreign: z.boolean() }).optional(),
}

const discovery = defineRoute({
  name: 'discovery', method: 'GET', path: '/.well-known/openid-configuration', takes: 'query', request: z.object({}),
  answers: { 200: z.object({ issuer: z.string(), authorization_endpoint: z.string(), token_endpoint: z.string(), jwks_uri: z.string(), userinfo_endpoint: z.string(), end_session_endpoint: z.string() }) },
  resolve: ({ issuer }: Vneid) => ok({
    issuer, authorization_endpoint: `${issuer}/authorize`, token_endpoint: `${issuer}/token`, jwks_uri: `${issuer}/jwks`,
    userinfo_endpoint: `${issuer}/userinfo`, end_session_endpoint: `${issuer}/logout`,
    response_types_supported: ['code'], grant_types_supported: ['authorization_code'], scopes_supported: ['openid'], subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['ES256'], code_challenge_methods_supported: ['S256'], token_endpoint_auth_methods_supported: ['client_secret_post'],
    claims_supported: ['sub', 'name', 'birthdate', 'phone_number', 'level', 'acr', 'person_kind', 'nationality', 'company_number', 'representative', 'nonce', 'sid', 'auth_time'],
  }),
})

const jwks = defineRoute({
  name: 'jwks', method: 'GET', path: '/jwks', takes: 'query', request: z.object({}),
  answers: { 200: z.object({ keys: z.array(z.looseObject({ kid: z.string(), kty: z.string() })) }) },
  resolve: ({ key }: Vneid) => ok(key.jwks),
})

const authorize = defineRoute({
  name: 'authorize', method: 'GET', path: '/authorize', takes: 'query',
  request: z.object({
    client_id: z.string(), redirect_uri: z.string(), response_type: z.string().default(''), scope: z.string().default(''), state: z.string().default(''),
    nonce: z.string().optional(), code_challenge: z.string().default(''), code_challenge_method: z.string().default(''), reference: z.string().default(''),
  }),
  answers: { 200: z.object({ loginUrl: z.string() }), 302: null, 400: RefusalBody },
  resolve: (vneid: Vneid, input) => {
    if (input.client_id !== vneid.client.clientId) return refusal(400, 'CLIENT_UNKNOWN', `no client "${input.client_id}"`)
    if (!vneid.client.redirectUris.includes(input.redirect_uri)) return refusal(400, 'REDIRECT_URI_UNKNOWN', `"${input.redirect_uri}" is not registered for the client`)
    const error = input.response_type !== 'code' ? 'unsupported_response_type'
      : !input.scope.split(' ').includes('openid') ? 'invalid_scope'
        : input.code_challenge_method !== 'S256' || !/^[\w-]{43}$/.test(input.code_challenge) ? 'invalid_request' : undefined
    if (error) return redirect(input.redirect_uri, { error, state: input.state })
    const request = vneid.begin({
      clientId: input.client_id, redirectUri: input.redirect_uri, state: input.state, nonce: input.nonce, codeChallenge: input.code_challenge, reference: input.reference,
    })
    return ok({ loginUrl: `${vneid.issuer}/authorize/login?request=${request}` })
  },
})

const login = defineRoute({
  name: 'login', method: 'POST', path: '/authorize/login', takes: 'json',
  request: z.object({ request: z.string(), personId: z.string(), passcode: z.string() }),
  answers: { 302: null, 400: RefusalBody, 401: RefusalBody, 404: RefusalBody },
  subject: (input) => input.personId,
  resolve: (vneid: Vneid, input) => {
    const result = vneid.logIn(input.request, input.personId, input.passcode)
    if (result === 'request-unknown') return refusal(404, 'LOGIN_REQUEST_UNKNOWN', 'the login request is unknown, finished or expired')
    if (result === 'login-refused') return refusal(401, 'LOGIN_REFUSED', 'no such person, or a wrong passcode')
    return redirect(result.request.redirectUri, { code: result.code, state: result.request.state })
  },
})

const token = defineRoute({
  name: 'token', method: 'POST', path: '/token', takes: 'form',
  request: z.object({
    grant_type: z.string(), code: z.string(), redirect_uri: z.string(), client_id: z.string(), client_secret: z.string(), code_verifier: z.string(),
  }),
  answers: {
    200: z.object({ id_token: z.string(), access_token: z.string(), token_type: z.literal('Bearer'), expires_in: z.int(), scope: z.string() }),
    400: OAuthError, 401: OAuthError,
  },
  subject: (input) => input.code,
  refuse: (message) => oauthError(400, 'invalid_request', message),
  resolve: async (vneid: Vneid, input) => {
    if (!vneid.isClient(input.client_id, input.client_secret)) return oauthError(401, 'invalid_client', 'unknown client or wrong secret')
    if (input.grant_type !== 'authorization_code') return oauthError(400, 'unsupported_grant_type', `"${input.grant_type}" is not offered`)
    const tokens = await vneid.redeem({ code: input.code, redirectUri: input.redirect_uri, clientId: input.client_id, codeVerifier: input.code_verifier })
    if (!tokens) return oauthError(400, 'invalid_grant', 'the code is unknown, expired or used, or redirect_uri or code_verifier do not fit it')
    return {
      status: 200, headers: { 'cache-control': 'no-store' },
      body: { id_token: tokens.idToken, access_token: tokens.accessToken, token_type: 'Bearer', expires_in: tokens.expiresInS, scope: 'openid' },
    }
  },
})

const userinfo = defineRoute({
  name: 'userinfo', method: 'GET', path: '/userinfo', takes: 'query', request: z.object({}),
  answers: { 200: z.object({ sub: z.string(), name: z.string(), birthdate: z.string(), phone_number: z.string(), level: z.int(), acr: z.string(), ...OF_A_KIND }), 401: OAuthError },
  resolve: (vneid: Vneid, _input, call) => {
    const grant = vneid.grantOf(/^Bearer (.+)$/.exec(call.header('authorization') ?? '')?.[1] ?? '')
    if (!grant) return { ...oauthError(401, 'invalid_token', 'the access token is unknown, expired or ended'), headers: { 'www-authenticate': 'Bearer error="invalid_token"' } }
    return ok({ sub: grant.personId, ...claimsOf(grant.personId) })
  },
})

const logout = defineRoute({
  name: 'logout', method: 'GET', path: '/logout', takes: 'query',
  request: z.object({ id_token_hint: z.string(), post_logout_redirect_uri: z.string().optional(), state: z.string().optional() }),
  answers: { 200: z.object({ loggedOut: z.literal(true) }), 302: null, 400: RefusalBody },
  resolve: async (vneid: Vneid, input) => {
    const grantId = await sessionIn(vneid, input.id_token_hint)
    if (grantId === undefined || !vneid.logOut(grantId)) return refusal(400, 'ID_TOKEN_HINT_INVALID', 'the id_token_hint is not one of ours')
    if (input.post_logout_redirect_uri === undefined) return ok({ loggedOut: true })
    // Only redirect_uris are registered; a page of the same site is taken for one of the client's own.
    const origins = vneid.client.redirectUris.map((uri) => new URL(uri).origin)
    if (!URL.canParse(input.post_logout_redirect_uri) || !origins.includes(new URL(input.post_logout_redirect_uri).origin)) return ok({ loggedOut: true })
    return redirect(input.post_logout_redirect_uri, { state: input.state ?? '' })
  },
})

export const VNEID_ROUTES: readonly Route<Vneid>[] = [discovery, jwks, authorize, login, token, userinfo, logout]

function redirect(uri: string, parameters: Record<string, string>): Answer {
  const target = new URL(uri)
  for (const [name, value] of Object.entries(parameters)) if (value !== '') target.searchParams.set(name, value)
  return { status: 302, headers: { location: target.href } }
}

function oauthError(status: number, error: string, description: string): Answer {
  return { status, body: { error, error_description: description } }
}

/** An expired hint is still a hint (RP-initiated logout 1.0, section 4): only the signature counts. */
async function sessionIn(vneid: Vneid, idToken: string): Promise<string | undefined> {
  try {
    const { payload } = await compactVerify(idToken, vneid.key.publicKey, { algorithms: ['ES256'] })
    return (JSON.parse(new TextDecoder().decode(payload)) as { sid?: string }).sid
  } catch {
    return undefined
  }
}
