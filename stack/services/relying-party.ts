/**
 * Login through VNeID as both portals do it: OpenID Connect code flow (OIDC Core 1.0) with state, nonce and PKCE S256 (RFC 7636),
 * the ID token checked against the issuer's JWKS. What must survive the redirect stands encrypted in a cookie of its own, so a login
 * is bound to the browser that began it and needs no state in the portal. Throws ServiceError: 400 LOGIN_… where the answer does not
 * fit, 502 VNEID_UNAVAILABLE where VNeID does not answer.
 */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { createLocalJWKSet, jwtVerify, type JSONWebKeySet, type JWTPayload } from 'jose'
import type { HttpClient } from './http-client.ts'
import { ServiceError } from './service-error.ts'

export const LOGIN_COOKIE = 'login_state'
export const LOGIN_MAX_AGE_S = 600
const CALL_TIMEOUT_MS = 4_000
/** VNeID and the portals run on one machine; real ones differ by seconds. */
const CLOCK_TOLERANCE_S = 5

export type LoggedIn = { personId: string; level: number; reference: string; returnTo: string; idToken: string }
export type RelyingParty = {
  /** Where to send the browser, and the value of LOGIN_COOKIE to give it. */
  begin: (options: { reference: string; returnTo: string }) => Promise<{ authorizeUrl: string; cookie: string }>
  /** `query`: of the callback; `cookie`: the value of LOGIN_COOKIE that came with it. */
  complete: (query: { code?: string; state?: string; error?: string }, cookie: string | undefined) => Promise<LoggedIn>
  endSessionUrl: (idToken: string | undefined, postLogoutRedirectUri: string) => Promise<string>
}

type Discovery = { issuer: string; authorization_endpoint: string; token_endpoint: string; jwks_uri: string; end_session_endpoint?: string }
type Pending = { state: string; nonce: string; verifier: string; reference: string; returnTo: string; until: number }

export function createRelyingParty(options: {
  issuerUrl: string
  clientId: string
  clientSecret: string
  redirectUri: string
  http: HttpClient
}): RelyingParty {
  const { http } = options
  const cookieKey = randomBytes(32)
  let discovery: Promise<Discovery> | undefined
  let keys: Promise<ReturnType<typeof createLocalJWKSet>> | undefined

  async function fetched(url: string): Promise<any> {
    const answer = await http.get(url, CALL_TIMEOUT_MS).catch(unavailable)
    if (answer.status !== 200 || answer.body === undefined) throw new ServiceError(502, 'VNEID_UNAVAILABLE', `GET ${url} answered ${answer.status}`)
    return answer.body
  }
  // Read once; a failed read is not kept.
  const discover = () => discovery ??= (fetched(`${options.issuerUrl}/.well-known/openid-configuration`) as Promise<Discovery>)
    .catch((error: unknown) => { discovery = undefined; throw error })
  const readKeys = () => keys ??= discover().then((found) => fetched(found.jwks_uri)).then((set: JSONWebKeySet) => createLocalJWKSet(set))
    .catch((error: unknown) => { keys = undefined; throw error })

  async function verified(idToken: string, nonce: string): Promise<JWTPayload> {
    const { issuer } = await discover()
    const check = async () => jwtVerify(idToken, await readKeys(), {
      issuer, audience: options.clientId, clockTolerance: CLOCK_TOLERANCE_S, requiredClaims: ['sub', 'exp', 'nonce'], algorithms: ['ES256', 'RS256', 'EdDSA'],
    })
    try {
      const { payload } = await check().catch((error: { code?: string }) => {
        if (error.code !== 'ERR_JWKS_NO_MATCHING_KEY') throw error
        keys = undefined // The issuer changed its keys: read them once more.
        return check()
      })
      if (payload['nonce'] !== nonce) throw new ServiceError(400, 'LOGIN_NONCE_INVALID', 'the ID token belongs to another login')
      return payload
    } catch (error) {
      if (error instanceof ServiceError) throw error
      throw new ServiceError(400, 'LOGIN_TOKEN_INVALID', (error as Error).message)
    }
  }

  return {
    async begin({ reference, returnTo }) {
      const found = await discover()
      const pending: Pending = {
        state: token(), nonce: token(), verifier: token(), reference, returnTo: isLocalPath(returnTo) ? returnTo : '/',
        until: Date.now() + LOGIN_MAX_AGE_S * 1_000,
      }
      const authorizeUrl = new URL(found.authorization_endpoint)
      for (const [name, value] of Object.entries({
        response_type: 'code', client_id: options.clientId, redirect_uri: options.redirectUri, scope: 'openid', state: pending.state,
        nonce: pending.nonce, code_challenge: createHash('sha256').update(pending.verifier).digest('base64url'), code_challenge_method: 'S256', reference,
      })) authorizeUrl.searchParams.set(name, value)
      return { authorizeUrl: authorizeUrl.href, cookie: seal(cookieKey, pending) }
    },

    async complete({ code, state, error }, cookie) {
      const pending = cookie === undefined ? undefined : unseal(cookieKey, cookie)
      if (!pending || state === undefined || state !== pending.state) throw new ServiceError(400, 'LOGIN_STATE_INVALID', 'this answer does not belong to a login begun by this browser')
      if (pending.until < Date.now()) throw new ServiceError(400, 'LOGIN_EXPIRED', `a login must be finished within ${LOGIN_MAX_AGE_S} s`)
      if (error !== undefined || code === undefined) throw new ServiceError(400, 'LOGIN_REFUSED', `VNeID answered ${error ?? 'without a code'}`)
      const { token_endpoint: tokenUrl } = await discover()
      const answer = await http.postForm(tokenUrl, {
        grant_type: 'authorization_code', code, redirect_uri: options.redirectUri, client_id: options.clientId,
        client_secret: options.clientSecret, code_verifier: pending.verifier,
      }, CALL_TIMEOUT_MS).catch(unavailable)
      if (answer.status >= 500) throw new ServiceError(502, 'VNEID_UNAVAILABLE', `the token endpoint answered ${answer.status}`)
      if (answer.status !== 200 || typeof answer.body?.id_token !== 'string') throw new ServiceError(400, 'LOGIN_CODE_INVALID', `the token endpoint answered ${answer.status}`)
      const idToken: string = answer.body.id_token
      const claims = await verified(idToken, pending.nonce)
      return { personId: claims.sub!, level: levelOf(claims), reference: pending.reference, returnTo: pending.returnTo, idToken }
    },

    async endSessionUrl(idToken, postLogoutRedirectUri) {
      const found = await discover()
      const url = new URL(found.end_session_endpoint ?? `${options.issuerUrl}/logout`)
      if (idToken) url.searchParams.set('id_token_hint', idToken)
      url.searchParams.set('post_logout_redirect_uri', postLogoutRedirectUri)
      url.searchParams.set('state', token())
      return url.href
    },
  }
}

function unavailable(error: Error): never { throw new ServiceError(502, 'VNEID_UNAVAILABLE', error.message) }

function token(): string { return randomBytes(32).toString('base64url') }

/** Only a path of our own: no open redirect. */
function isLocalPath(path: string): boolean { return /^\/(?![/\\])/.test(path) }

/** Claim `level`; an identity that does not say is of level 1. */
function levelOf(claims: JWTPayload): number {
  const level = Number(claims['level'])
  return Number.isInteger(level) && level > 0 ? level : 1
}

/** AES-256-GCM: the browser can neither read nor change what it carries. */
function seal(key: Buffer, pending: Pending): string {
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, iv)
  const text = Buffer.concat([cipher.update(JSON.stringify(pending), 'utf8'), cipher.final()])
  return Buffer.concat([iv, cipher.getAuthTag(), text]).toString('base64url')
}

function unseal(key: Buffer, cookie: string): Pending | undefined {
  const bytes = Buffer.from(cookie, 'base64url')
  if (bytes.length <= 28) return undefined
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12))
    decipher.setAuthTag(bytes.subarray(12, 28))
    return JSON.parse(Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8')) as Pending
  } catch {
    return undefined
  }
}
