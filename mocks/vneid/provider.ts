/**
 * VNeID's state as an OpenID provider: authorization requests, codes, grants and sessions, each belonging to one login of one person.
 * A code works once, for the client, redirect_uri and PKCE challenge that it was made for; used again it also ends what it had given
 * (RFC 6749 4.1.2, RFC 7636). Lifetimes are on the wall clock: logins are as fast in a rehearsal as in life.
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { personById, type PersonKind } from '../../contracts/reference/people.ts'
import type { World } from '../world.ts'
import { ExpiringMap } from './expiring-map.ts'
import type { SigningKey } from './keys.ts'

export type VneidClient = { clientId: string; clientSecret: string; redirectUris: readonly string[] }
export type AuthorizationRequest = { clientId: string; redirectUri: string; state: string; nonce: string | undefined; codeChallenge: string; reference: string }
export type Grant = {
  id: string; reference: string; clientId: string; personId: string; level: 1 | 2; status: 'issued' | 'logged-out' | 'revoked'
  /** Wall clock. */
  issuedAt: number
}
type Login = { personId: string; level: 1 | 2; authenticatedAt: number; request: AuthorizationRequest; grantId?: string }
export type TokenOrder = { code: string; redirectUri: string; clientId: string; codeVerifier: string }
export type Tokens = { idToken: string; accessToken: string; expiresInS: number }

const REQUEST_LIFETIME_MS = 600_000
const CODE_LIFETIME_MS = 60_000
/** Long beyond any run: an expiry in the middle of it would be the rehearsal's fault, not the portal's. */
export const TOKEN_LIFETIME_S = 3_600
const MAX_WRONG_PASSCODES = 5

export type VneidOptions = {
  world: World; issuer: string; client: VneidClient; key: SigningKey
  /** What ids are derived from; random unless a test needs the same ids again. */
  idSecret?: string
}
export type Vneid = ReturnType<typeof createVneid>

export function createVneid({ world, issuer, client, key, idSecret = randomBytes(32).toString('hex') }: VneidOptions) {
  const requests = new ExpiringMap<AuthorizationRequest & { wrong: number }>(REQUEST_LIFETIME_MS, world.wallNow)
  const codes = new ExpiringMap<Login>(CODE_LIFETIME_MS, world.wallNow)
  // Remembered longer than a code lives, so that a late second use still ends the grant.
  const usedCodes = new ExpiringMap<string>(REQUEST_LIFETIME_MS, world.wallNow)
  const accessTokens = new ExpiringMap<Grant>(TOKEN_LIFETIME_S * 1000, world.wallNow)
  const grants = new Map<string, Grant>()
  let made = 0

  /** Cannot be guessed without the secret. */
  const newId = (kind: string) => createHmac('sha256', idSecret).update(`${kind}/${made += 1}`).digest('base64url')

  return {
    issuer,
    client,
    key,
    grants,

    begin(request: AuthorizationRequest): string {
      const id = newId('request')
      requests.set(id, { ...request, wrong: 0 })
      return id
    },

    /** The login page: who the person is. The passcode is the last six digits of the id; five wrong ones end the request. */
    logIn(requestId: string, personId: string, passcode: string): { code: string; request: AuthorizationRequest } | 'request-unknown' | 'login-refused' {
      const request = requests.get(requestId)
      if (!request) return 'request-unknown'
      const person = personById(personId)
      if (!person || passcode !== personId.slice(-6)) {
        request.wrong += 1
        if (request.wrong >= MAX_WRONG_PASSCODES) requests.delete(requestId)
        return 'login-refused'
      }
      requests.delete(requestId)
      const code = newId('code')
      codes.set(code, { personId, level: person.level, authenticatedAt: world.wallNow(), request })
      return { code, request }
    },

    isClient(clientId: string, clientSecret: string): boolean {
      return clientId === client.clientId && sameText(clientSecret, client.clientSecret)
    },

    /** Undefined for a code that is unknown, expired, used, or was made for somebody or something else. */
    async redeem(order: TokenOrder): Promise<Tokens | undefined> {
      const login = codes.get(order.code)
      if (!login) { revoke(usedCodes.get(order.code)); return undefined }
      const { request } = login
      const fits = request.clientId === order.clientId && request.redirectUri === order.redirectUri
        && sameText(createHash('sha256').update(order.codeVerifier).digest('base64url'), request.codeChallenge)
      // Whoever tries a code with the wrong proof does not get a second guess.
      codes.delete(order.code)
      if (!fits) return undefined
      const grant: Grant = {
        id: newId('grant').slice(0, 22), reference: request.reference, clientId: request.clientId, personId: login.personId, level: login.level,
        status: 'issued', issuedAt: world.wallNow(),
      }
      grants.set(grant.id, grant)
      usedCodes.set(order.code, grant.id)
      const accessToken = newId('access')
      accessTokens.set(accessToken, grant)
      return { accessToken, expiresInS: TOKEN_LIFETIME_S, idToken: await idToken(grant, login) }
    },

    grantOf(accessToken: string): Grant | undefined {
      const grant = accessTokens.get(accessToken)
      return grant?.status === 'issued' ? grant : undefined
    },

    /** Ends the grant that the id token was issued for; false where there is none. */
    logOut(grantId: string): boolean {
      const grant = grants.get(grantId)
      if (!grant) return false
      grant.status = 'logged-out'
      return true
    },
  }

  function revoke(grantId: string | undefined): void {
    const grant = grants.get(grantId ?? '')
    if (grant) grant.status = 'revoked'
  }

  function idToken(grant: Grant, login: Login): Promise<string> {
    const nowS = Math.floor(world.wallNow() / 1000)
    return key.sign({
      iss: issuer, sub: grant.personId, aud: grant.clientId, iat: nowS, exp: nowS + TOKEN_LIFETIME_S, auth_time: Math.floor(login.authenticatedAt / 1000),
      ...(login.request.nonce === undefined ? {} : { nonce: login.request.nonce }), sid: grant.id, ...claimsOf(grant.personId),
    })
  }
}

/** Of organisations also the company number and who represents them, of foreigners the nationality. */
export type Claims = {
  name: string; birthdate: string; phone_number: string; level: 1 | 2; acr: string; person_kind: PersonKind
  nationality?: string; company_number?: string; representative?: { sub: string; name: string; foreign: boolean }
}

/** What VNeID tells of a person, in the ID token and at /userinfo alike. */
export function claimsOf(personId: string): Claims {
  const { name, birthDate, phone, level, kind = 'citizen', nationality, companyNumber, representative } = personById(personId)!
  return {
    name, birthdate: birthDate, phone_number: phone, level, acr: `urn:vneid:level:${level}`, person_kind: kind,
    ...(nationality !== undefined && { nationality }), ...(companyNumber !== undefined && { company_number: companyNumber }),
    ...(representative && { representative: { sub: representative.personId, name: representative.name, foreign: representative.foreign } }),
  }
}

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}
