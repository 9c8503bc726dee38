/**
 * What becomes of an authorization request: refused here (a client or address that cannot be trusted), sent back to the client with an error
 * (RFC 6749 4.1.2.1, OpenID Connect Core 3.1.2.6), led on without a page because the browser has a session, or shown the login page.
 */
import type { IssuerProfile } from '../../contracts/partner-api/issuer-profile.ts'
import type { AuthorizeRequest } from '../../contracts/partner-api/roles/vneid-operations.ts'
import type { AuthorizationRequest, Vneid } from './provider.ts'
import type { Session } from './sessions.ts'

export type AuthorizationError = { error: string; description: string }
export type Decision =
  | { refuse: 'CLIENT_UNKNOWN' | 'REDIRECT_URI_UNKNOWN' }
  | ({ error: string; description: string })
  | { session: Session; request: AuthorizationRequest }
  | { page: AuthorizationRequest }

const UNSUPPORTED = { request: 'request_not_supported', request_uri: 'request_uri_not_supported', registration: 'registration_not_supported' } as const

export async function decide(vneid: Vneid, input: AuthorizeRequest, cookie: string | undefined): Promise<Decision> {
  const { profile } = vneid
  const client = vneid.clients.get(input.client_id)
  if (!client) return { refuse: 'CLIENT_UNKNOWN' }
  if (!client.redirectUris.includes(input.redirect_uri)) return { refuse: 'REDIRECT_URI_UNKNOWN' }
  const wrong = mistakeIn(profile, input)
  if (wrong) return wrong

  const least = leastLevel(profile, input.acr_values)
  if (least === 'none-known') return unmet(profile)
  const request: AuthorizationRequest = {
    clientId: input.client_id, redirectUri: input.redirect_uri, state: input.state, nonce: input.nonce, scopes: grantedScopes(profile, input.scope), reference: input.reference,
    codeChallenge: input.code_challenge === '' ? undefined : input.code_challenge, leastLevel: least, loginHint: input.login_hint ?? '', locales: input.ui_locales ?? '',
  }
  const prompts = promptsOf(input)
  const session = await usableSession(vneid, input, cookie)
  if (prompts.includes('none')) {
    if (!session) return { error: 'login_required', description: 'nobody is logged in here, or not recently enough' }
    return tooLow(request, session.level) ? unmet(profile) : { session, request }
  }
  if (session && profile.authorization.singleSignOn && prompts.length === 0 && !tooLow(request, session.level)) return { session, request }
  return { page: request }
}

/** Whether the level of the person does not serve; VNeID cannot raise it by asking more, since it belongs to the identity. */
export function tooLow({ leastLevel: least }: AuthorizationRequest, level: 1 | 2): boolean { return least !== undefined && level < least }

/** The error that a client is told of a level that is too low (OpenID Connect Core Error Code unmet_authentication_requirements 1.0). */
export function unmet({ authorization: { unmetLevel } }: IssuerProfile): AuthorizationError {
  return { error: unmetLevel === 'access_denied' ? 'access_denied' : 'unmet_authentication_requirements', description: 'the identity does not have the level that acr_values asks for' }
}

function mistakeIn(profile: IssuerProfile, input: AuthorizeRequest): AuthorizationError | undefined {
  const invalid = (description: string): AuthorizationError => ({ error: 'invalid_request', description })
  for (const parameter of ['request', 'request_uri', 'registration'] as const) {
    if (input[parameter] !== undefined) return { error: UNSUPPORTED[parameter], description: `the parameter ${parameter} is not supported` }
  }
  if (input.response_type !== 'code') return { error: 'unsupported_response_type', description: 'response_type must be code' }
  if ((input.response_mode ?? 'query') !== 'query') return invalid('response_mode must be query')
  if (!input.scope.split(' ').includes('openid')) return { error: 'invalid_scope', description: 'scope must name openid' }
  const pkce = input.code_challenge !== '' || input.code_challenge_method !== ''
  if (profile.pkce === 'required' || pkce) {
    if (input.code_challenge_method !== 'S256' || !/^[\w-]{43}$/.test(input.code_challenge)) return invalid('PKCE with code_challenge_method S256 is asked for (RFC 7636)')
  }
  const prompts = promptsOf(input)
  const offered: readonly string[] = profile.authorization.prompts
  if (prompts.some((prompt) => !offered.includes(prompt))) return invalid(`prompt must be of ${offered.join(', ')}`)
  if (prompts.includes('none') && prompts.length > 1) return invalid('prompt=none stands alone')
  if (input.max_age !== undefined && profile.authorization.maxAge && !/^\d{1,9}$/.test(input.max_age)) return invalid('max_age must be a number of seconds')
  return undefined
}

function promptsOf({ prompt = '' }: AuthorizeRequest): string[] { return prompt.split(' ').filter((word) => word !== '') }

/** Scopes that are not known are passed over (OpenID Connect Core 3.1.2.1). */
function grantedScopes(profile: IssuerProfile, scope: string): string[] {
  return [...new Set(scope.split(' '))].filter((name) => name in profile.scopes || (name === 'offline_access' && profile.refreshTokens === 'offline_access'))
}

/** The lowest of the levels that are asked for; `none-known` where values are asked for of which we have none. */
function leastLevel(profile: IssuerProfile, acrValues: string | undefined): 1 | 2 | undefined | 'none-known' {
  const asked = (acrValues ?? '').split(' ').filter((value) => value !== '')
  if (asked.length === 0 || profile.authorization.unmetLevel === 'proceed') return undefined
  return asked.includes(profile.acr[1]) ? 1 : asked.includes(profile.acr[2]) ? 2 : 'none-known'
}

async function usableSession(vneid: Vneid, input: AuthorizeRequest, cookie: string | undefined): Promise<Session | undefined> {
  if (cookie === undefined || promptsOf(input).some((prompt) => prompt !== 'none')) return undefined
  const session = vneid.sessions.of(cookie)
  if (!session) return undefined
  // 0 asks for a login in any case (OpenID Connect Core 3.1.2.1).
  if (input.max_age !== undefined && vneid.profile.authorization.maxAge && vneid.ageOf(session) >= Number(input.max_age) * 1000) return undefined
  if (input.id_token_hint !== undefined && (await vneid.keys.claimsOf(input.id_token_hint))?.sub !== vneid.subjectOf(session.personId)) return undefined
  return session
}
