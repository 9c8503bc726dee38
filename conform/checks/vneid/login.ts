/** What the issuer's checks begin with: a login begun, a person logged in, a code redeemed, a token read. OpenID Connect Core 1.0 with PKCE (RFC 7636). */
import { createHash, randomBytes } from 'node:crypto'
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify, type JWTPayload } from 'jose'
import type { IssuerProfile } from '../../../contracts/partner-api/issuer-profile.ts'
import { answered, demand, textIn, type Check } from '../../check.ts'
import type { Context } from '../../context.ts'
import type { Exchange } from '../../exchange.ts'
import type { Citizen } from '../../fixture.ts'

export type Begun = { verifier: string; state: string; nonce: string; exchange: Exchange }
export type Entered = Begun & { code: string; location: URL }
export type LoggedIn = Entered & { idToken: string; accessToken: string; claims: JWTPayload; token: Exchange }

export function loginCheck(topic: string, vi: string, en: string, run: Check['run'], needs: Check['needs'] = ['login', 'citizen']): Check {
  return { id: `vneid.${topic}`, flow: 'login', needs, requirement: { vi, en }, run }
}

const token = () => randomBytes(24).toString('base64url')
export const citizenOf = (context: Context, which: (citizen: Citizen) => boolean = ({ kind, level }) => kind === 'citizen' && level === 2): Citizen => context.fixture.citizens.find(which)!
export const secondCitizenOf = (context: Context): Citizen => context.fixture.citizens.filter(({ kind, level }) => kind === 'citizen' && level === 2)[1]!

export function authorizeInput(context: Context, profile: IssuerProfile, changes: object = {}): { verifier: string; state: string; nonce: string; input: object } {
  const [verifier, state, nonce] = [token(), token(), token()]
  const { id, redirectUri } = context.fixture.client!
  return {
    verifier, state, nonce,
    input: {
      response_type: 'code', client_id: id, redirect_uri: redirectUri, scope: Object.keys(profile.scopes).join(' '), state, nonce,
      code_challenge: createHash('sha256').update(verifier).digest('base64url'), code_challenge_method: 'S256', reference: context.tag(), ...changes,
    },
  }
}

export async function begin(context: Context, profile: IssuerProfile, changes: object = {}): Promise<Begun> {
  const { input, ...rest } = authorizeInput(context, profile, changes)
  return { ...rest, exchange: await context.ask('authorize', input) }
}

export function logIn(context: Context, begun: Begun, citizen: Citizen, passcode = context.secrets.passcodeOf(citizen.personId)): Promise<Exchange> {
  return context.ask('login', { request: requestOf(begun), personId: citizen.personId, passcode })
}

/** Under which the issuer's page knows this login. */
export function requestOf({ exchange }: Pick<Begun, 'exchange'>): string {
  answered(exchange, 200)
  const url = String(exchange.json?.loginUrl)
  const request = URL.canParse(url) ? new URL(url).searchParams.get('request') : null
  demand(request, { vi: 'loginUrl có tham số request', en: 'a loginUrl with the parameter request' }, url, exchange)
  return request
}

export async function enter(context: Context, profile: IssuerProfile, citizen = citizenOf(context), changes: object = {}): Promise<Entered> {
  const begun = await begin(context, profile, changes)
  answered(begun.exchange, 200)
  const exchange = await logIn(context, begun, citizen)
  const location = sentBack(exchange)
  const code = location.searchParams.get('code')
  demand(code, { vi: 'mã (code) trong địa chỉ chuyển về', en: 'a code in the address that leads back' }, location.href.replace(/code=[^&]*/, 'code=•••'), exchange)
  return { ...begun, code, location }
}

/** Where a 302 leads. */
export function sentBack(exchange: Exchange): URL {
  answered(exchange, 302)
  const location = String(exchange.headers['location'] ?? '')
  demand(URL.canParse(location), { vi: 'địa chỉ chuyển hướng đầy đủ', en: 'an absolute address to go to' }, location, exchange)
  return new URL(location)
}

/** The client as its profile authenticates it. */
export function redeem(context: Context, profile: IssuerProfile, entered: { code: string; verifier: string }, changes: Record<string, string> = {}): Promise<Exchange> {
  const { id, redirectUri } = context.fixture.client!
  const secret = changes['client_secret'] ?? context.secrets.clientSecret ?? ''
  const { client_secret: _, ...rest } = changes
  const form = { grant_type: 'authorization_code', code: entered.code, redirect_uri: redirectUri, code_verifier: entered.verifier, ...rest }
  if (profile.clientAuthentication.includes('client_secret_post')) return context.ask('token', { ...form, client_id: id, client_secret: secret })
  return context.ask('token', form, { headers: { authorization: `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}` } })
}

export async function loggedIn(context: Context, profile: IssuerProfile, citizen = citizenOf(context), changes: object = {}): Promise<LoggedIn> {
  const entered = await enter(context, profile, citizen, changes)
  const exchange = await redeem(context, profile, entered)
  answered(exchange, 200)
  const idToken = textIn(exchange, 'id_token')
  demand(/^[\w-]+\.[\w-]+\.[\w-]+$/.test(idToken), { vi: 'id_token gồm ba phần (JWS)', en: 'an id_token of three parts (JWS)' }, { vi: `${idToken.split('.').length} phần`, en: `${idToken.split('.').length} parts` }, exchange)
  return { ...entered, idToken, accessToken: textIn(exchange, 'access_token'), claims: payloadOf(idToken), token: exchange }
}

export function userinfo(context: Context, accessToken: string | undefined): Promise<Exchange> {
  return context.ask('userinfo', {}, accessToken === undefined ? {} : { headers: { authorization: `Bearer ${accessToken}` } })
}

/** Verified against the published keys; what is wrong goes out as observed. */
export async function verified(context: Context, profile: IssuerProfile, { idToken, token }: LoggedIn): Promise<void> { await verifiedToken(context, profile, idToken, 'id_token', token) }

/** `seenIn`: in which exchange it came, or what brought it. */
export async function verifiedToken(context: Context, profile: IssuerProfile, jwt: string, name: string, seenIn: Exchange | undefined): Promise<void> {
  const { keys } = (await context.ask('jwks', {})).json ?? {}
  const words = { vi: `${name} ký bằng ${profile.keys.algorithm}, kiểm được bằng khóa đã công bố`, en: `${name} signed with ${profile.keys.algorithm} that the published keys verify` }
  try {
    const { kid, alg } = decodeProtectedHeader(jwt)
    demand(typeof kid === 'string' && alg === profile.keys.algorithm, words, `alg ${alg}, kid ${kid}`, seenIn)
    // Claims are judged one by one elsewhere: a token out of its time is not one with a wrong signature.
    await jwtVerify(jwt, createLocalJWKSet({ keys }), { algorithms: [profile.keys.algorithm], currentDate: new Date(Number(payloadOf(jwt).iat ?? 0) * 1_000) })
  } catch (error) {
    const message = (error as Error).message
    demand(false, words, message.replace(/^expected .*; observed /, ''), seenIn)
  }
}

export function payloadOf(idToken: string): JWTPayload {
  try { return Object(JSON.parse(Buffer.from(idToken.split('.')[1] ?? '', 'base64url').toString('utf8'))) as JWTPayload } catch { return {} }
}
