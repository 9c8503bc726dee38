/**
 * VNeID's state as an OpenID provider: authorization requests, codes, sessions and grants, each belonging to one login of one person.
 * A code works once, for the client, redirect_uri and PKCE challenge that it was made for; used again it also ends what it had given
 * (RFC 6749 4.1.2, RFC 7636). Lifetimes are on the wall clock: logins are as fast in a rehearsal as in life. What varies between issuers is the profile's.
 */
import { createHash, createHmac, randomBytes } from 'node:crypto'
import { DEFAULT_ISSUER, type IssuerProfile } from '../../contracts/partner-api/issuer-profile.ts'
import { personById } from '../../contracts/reference/people.ts'
import type { OutboxOptions } from '../delivery/outbox.ts'
import type { World } from '../world.ts'
import { createTeller, type Claims } from './claims.ts'
import { sameText, type VneidClient } from './client.ts'
import { discoveryOf } from './discovery.ts'
import { ExpiringMap } from './expiring-map.ts'
import { createGrants, type Grant } from './grants.ts'
import { createKeyRing } from './key-ring.ts'
import type { SigningKey } from './keys.ts'
import { createNotices } from './notices.ts'
import { createSessions, type Session } from './sessions.ts'

export type AuthorizationRequest = {
  clientId: string; redirectUri: string; state: string; nonce: string | undefined; scopes: readonly string[]; reference: string
  /** Undefined where the client does without PKCE. */
  codeChallenge: string | undefined
  /** The least level that serves; undefined where any does. */
  leastLevel: 1 | 2 | undefined
  /** For the page. */
  loginHint: string; locales: string
}
export type CodeOrder = { code: string; redirectUri: string; clientId: string; codeVerifier: string | undefined }
export type Tokens = { idToken: string; accessToken: string; expiresInS: number; scopes: readonly string[]; refreshToken?: string }
type Login = { session: Session; request: AuthorizationRequest }

const MAX_WRONG_PASSCODES = 5
/** A code is remembered longer than it lives, so that a late second use still ends the grant. */
const USED_CODE_MEMORY_S = 600

export type VneidOptions = {
  world: World; issuer: string; client: VneidClient; key: SigningKey
  /** Beside `client`. */
  otherClients?: readonly VneidClient[]
  profile?: IssuerProfile
  /** What ids are derived from; random unless a test needs the same ids again. */
  idSecret?: string
  /** Of the messages that a session is over. */
  retry?: OutboxOptions
}
export type Vneid = ReturnType<typeof createVneid>

/** `issuer`: where the profile's paths begin, its `basePath` not included. */
export function createVneid({ world, issuer: host, client, otherClients = [], key, profile = DEFAULT_ISSUER, idSecret = randomBytes(32).toString('hex'), retry }: VneidOptions) {
  if (key.algorithm !== profile.keys.algorithm) throw new Error(`the key signs with ${key.algorithm}, the profile "${profile.name}" asks for ${profile.keys.algorithm}`)
  const issuer = host + profile.basePath
  const { lifetimes } = profile
  const memory = world.memoryOf('vneid')
  const lastingS = <Value>(seconds: number) => new ExpiringMap<Value>(seconds * 1000, world.wallNow, memory)
  const requests = lastingS<AuthorizationRequest & { wrong: number }>(lifetimes.requestS)
  const codes = lastingS<Login>(lifetimes.codeS)
  const usedCodes = lastingS<string>(Math.max(USED_CODE_MEMORY_S, lifetimes.codeS))
  const accessTokens = lastingS<Grant>(lifetimes.accessTokenS)
  const refreshTokens = lastingS<{ grant: Grant; used: boolean }>(lifetimes.refreshTokenS)
  const sessions = createSessions({ lifetimeS: lifetimes.sessionS, now: world.wallNow, memory })
  const grants = createGrants(memory)
  const clients = new Map([client, ...otherClients].map((one) => [one.clientId, one]))
  const keys = createKeyRing({ first: key, graceMs: profile.keys.graceS * 1000, scenarioNow: world.scenarioNow })
  const teller = createTeller(profile)
  let made = 0

  /** Cannot be guessed without the secret. */
  const newId = (kind: string) => createHmac('sha256', idSecret).update(`${kind}/${made += 1}`).digest('base64url')
  const notices = createNotices({ world, issuer, profile, keys, clients, subjectOf: teller.subjectOf, newId: () => newId('logout'), retry })

  function begin(request: AuthorizationRequest): string {
    const id = newId('request')
    requests.set(id, { ...request, wrong: 0 })
    return id
  }

  /** For a session that is there: no page. */
  function codeFor(session: Session, request: AuthorizationRequest): string {
    const code = newId('code')
    codes.set(code, { session, request })
    return code
  }

  /** The login page: who the person is. The passcode is the last six digits of the id; five wrong ones end the request. */
  function logIn(requestId: string, personId: string, passcode: string): { session: Session; request: AuthorizationRequest } | 'request-unknown' | 'login-refused' {
    const request = requests.get(requestId)
    if (!request) return 'request-unknown'
    const person = personById(personId)
    if (!person || passcode !== personId.slice(-6) || !profile.personKinds.includes(person.kind ?? 'citizen')) {
      request.wrong += 1
      if (request.wrong >= MAX_WRONG_PASSCODES) requests.delete(requestId)
      return 'login-refused'
    }
    requests.delete(requestId)
    return { session: sessions.begin({ id: newId('session'), personId, level: person.level }), request }
  }

  /** Undefined for a code that is unknown, expired, used, or was made for somebody or something else. */
  async function redeem(order: CodeOrder): Promise<Tokens | undefined> {
    const login = codes.get(order.code)
    if (!login) { revoke(usedCodes.get(order.code)); return undefined }
    // Whoever tries a code with the wrong proof does not get a second guess.
    codes.delete(order.code)
    const { request, session } = login
    // Logged out before the code came back: it must not begin anything any more.
    if (!sessions.get(session.id)) return undefined
    if (request.clientId !== order.clientId || request.redirectUri !== order.redirectUri || !provesPossession(order.codeVerifier, request.codeChallenge)) return undefined
    const grant: Grant = {
      id: newId('grant').slice(0, 22), reference: request.reference, clientId: request.clientId, personId: session.personId, level: session.level, scopes: request.scopes,
      status: 'issued', issuedAt: world.wallNow(), authenticatedAt: session.authenticatedAt, sessionId: session.id,
    }
    grants.add(grant)
    session.grantIds.push(grant.id)
    usedCodes.set(order.code, grant.id)
    return issue(grant, grant.scopes, request.nonce)
  }

  /** A refresh token works once (RFC 9700 4.14.2): used again, somebody has a copy, and the grant ends. */
  async function refresh(token: string, clientId: string, scopes: readonly string[] | undefined): Promise<Tokens | 'invalid_grant' | 'invalid_scope'> {
    const held = refreshTokens.get(token)
    if (!held || held.grant.clientId !== clientId || held.grant.status !== 'issued') return 'invalid_grant'
    if (held.used) { revoke(held.grant.id); return 'invalid_grant' }
    if (scopes?.some((scope) => !held.grant.scopes.includes(scope))) return 'invalid_scope'
    held.used = true
    return issue(held.grant, scopes ?? held.grant.scopes, undefined)
  }

  async function issue(grant: Grant, scopes: readonly string[], nonce: string | undefined): Promise<Tokens> {
    const accessToken = newId('access')
    accessTokens.set(accessToken, scopes === grant.scopes ? grant : { ...grant, scopes })
    const refreshing = profile.refreshTokens === 'always' || (profile.refreshTokens === 'offline_access' && grant.scopes.includes('offline_access'))
    const refreshToken = refreshing ? newId('refresh') : undefined
    if (refreshToken !== undefined) refreshTokens.set(refreshToken, { grant, used: false })
    const nowS = Math.floor(world.wallNow() / 1000)
    const idToken = await keys.current().sign({
      iss: issuer, aud: grant.clientId, iat: nowS, exp: nowS + lifetimes.idTokenS, auth_time: Math.floor(grant.authenticatedAt / 1000),
      ...(nonce === undefined ? {} : { nonce }), sid: grant.id, ...teller.idTokenClaimsOf(grant.personId, claimScopes(scopes)),
    })
    return { accessToken, expiresInS: lifetimes.accessTokenS, idToken, scopes, ...(refreshToken !== undefined && { refreshToken }) }
  }

  function userinfo(accessToken: string): Claims | undefined {
    const held = accessTokens.get(accessToken)
    if (!held || grants.get(held.id)?.status !== 'issued') return undefined
    return teller.claimsOf(held.personId, claimScopes(held.scopes))
  }

  /** Ends the session that a grant hangs on, with all its grants; their clients are told. Gives those that have ended now, the named one first. */
  function logOut(grantId: string): Grant[] | undefined {
    const named = grants.get(grantId)
    if (!named) return undefined
    const session = sessions.get(named.sessionId)
    const ended = [...new Set([grantId, ...session?.grantIds ?? []])].flatMap((id) => grants.get(id) ?? []).filter((grant) => grant.status === 'issued')
    named.status = 'logged-out'
    for (const grant of ended) { grant.status = 'logged-out'; notices.tell(grant) }
    sessions.end(named.sessionId)
    return ended
  }

  /** As if the person had logged out in the app. */
  function endSessionsOf(personId: string): number {
    const found = sessions.ofPerson(personId)
    for (const session of found) {
      for (const grantId of session.grantIds) logOut(grantId)
      sessions.end(session.id)
    }
    return found.length
  }

  function revoke(grantId: string | undefined): void {
    const grant = grants.get(grantId ?? '')
    if (grant) grant.status = 'revoked'
  }

  function claimScopes(scopes: readonly string[]): string[] { return scopes.filter((scope) => scope in profile.scopes) }

  return {
    issuer, cookiePath: new URL(issuer).pathname, profile, discovery: discoveryOf(issuer, profile), clients, keys, grants, sessions, forgotten: memory.forgotten, pending: notices.pending, close: notices.close,
    begin, requestOf: (id: string): AuthorizationRequest | undefined => requests.get(id), cancel: (id: string) => requests.delete(id), logIn, codeFor, redeem, refresh, userinfo, logOut, endSessionsOf,
    subjectOf: teller.subjectOf, ageOf: (session: Session) => world.wallNow() - session.authenticatedAt,
  }
}

/** A verifier where none was announced is as wrong as none where one was (RFC 9700 2.1.1: no downgrade). */
function provesPossession(verifier: string | undefined, challenge: string | undefined): boolean {
  if (verifier === undefined || challenge === undefined) return verifier === challenge
  return sameText(createHash('sha256').update(verifier).digest('base64url'), challenge)
}
