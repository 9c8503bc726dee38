/**
 * An issuer on a real socket with two clients, and what a client and a browser do with it, whatever its profile: addresses come from discovery, names of
 * claims from the profile. For tests: one body, every profile.
 */
import { createHash, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { decodeJwt, type JWTPayload } from 'jose'
import { parse } from 'yaml'
import { claimName, IssuerProfile, type IssuerClaim } from '../../../contracts/partner-api/issuer-profile.ts'
import type { VneidClient } from '../../../contracts/process.ts'
import { startFastServer, stopServer } from '../../server/fast-server.ts'
import type { Simulator } from '../../simulator.ts'
import { createWorld } from '../../world.ts'
import { makeSigningKey, type SigningAlgorithm, type SigningKey } from '../keys.ts'
import { vneidSimulator } from '../simulator.ts'

export const PORTAL: VneidClient = { clientId: 'portal', clientSecret: 'a secret: with + and %', redirectUris: ['http://portal.test/auth/callback', 'http://portal.test/other?a=1'] }
export const OTHER: VneidClient = { clientId: 'legacy', clientSecret: 'another', redirectUris: ['http://legacy.test/callback'] }
/** A window of four hours in one wall hour. */
const TIME_SCALE = 4
const SCENARIO_START = Date.parse('2026-04-10T21:00:00+07:00')

export function profileOf(name: 'default' | 'other'): IssuerProfile {
  return IssuerProfile.parse(parse(readFileSync(new URL(`../../../contracts/contract-profiles/issuers/${name}.yaml`, import.meta.url), 'utf8')))
}
export const PROFILES = [profileOf('default'), profileOf('other')] as const

export type Told = { status: number; headers: Headers; text: string; body: any }
export type LoggedIn = { id_token: string; access_token: string; refresh_token?: string; claims: JWTPayload }
type Changes = Record<string, string | undefined>
export type IssuerBench = Awaited<ReturnType<typeof startIssuer>>

export async function startIssuer(profile: IssuerProfile, clients: { portal?: Partial<VneidClient>; other?: Partial<VneidClient> } = {}) {
  let wallNow = Date.now()
  let simulator: Simulator | undefined
  const world = createWorld({ seed: 1, scenarioStartMs: SCENARIO_START, keys: {}, wallNow: () => wallNow })
  world.setClock({ startedAtMs: wallNow, timeScale: TIME_SCALE, scenarioStartMs: SCENARIO_START })
  const server = await startFastServer({ reply: (request) => simulator!.endpoint.reply(request) }, { host: '127.0.0.1', port: 0 })
  const host = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const portal = { ...PORTAL, ...clients.portal }
  const other = { ...OTHER, ...clients.other }
  simulator = vneidSimulator({ world, issuer: host, profile, client: portal, otherClients: [other], key: await firstKeyOf(profile.keys.algorithm), retry: { firstRetryMs: 1, capMs: 5 } })
  const issuer = host + profile.basePath

  async function ask(url: string, { form, json, headers, accept }: { form?: Changes; json?: unknown; headers?: Record<string, string>; accept?: string } = {}): Promise<Told> {
    const body = form ? new URLSearchParams(defined(form)).toString() : json === undefined ? undefined : JSON.stringify(json)
    const response = await fetch(url, {
      redirect: 'manual', ...(body !== undefined && { method: 'POST', body }),
      headers: { ...(form && { 'content-type': 'application/x-www-form-urlencoded' }), ...(json !== undefined && { 'content-type': 'application/json' }), ...(accept && { accept }), ...headers },
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, text, body: text.startsWith('{') ? JSON.parse(text) : undefined }
  }
  const discovery = (await ask(`${issuer}/.well-known/openid-configuration`)).body as Record<string, any>

  function authorizeUrl(verifier: string, changes: Changes = {}): string {
    return `${discovery['authorization_endpoint']}?${new URLSearchParams(defined({
      response_type: 'code', client_id: portal.clientId, redirect_uri: portal.redirectUris[0]!, scope: Object.keys(profile.scopes).join(' '), state: 'state & more=ü', nonce: 'n-1',
      code_challenge: createHash('sha256').update(verifier).digest('base64url'), code_challenge_method: 'S256', reference: 'login.1.login.0123456789', ...changes,
    }))}`
  }

  /** To the redirect back to the client, through the JSON login. */
  async function answerFor(personId: string, verifier: string, changes: Changes = {}, cookie?: string): Promise<Told> {
    const begun = await ask(authorizeUrl(verifier, changes), cookie === undefined ? {} : { headers: { cookie } })
    if (begun.status !== 200) return begun
    const request = new URL(begun.body.loginUrl).searchParams.get('request')
    return ask(begun.body.loginUrl.split('?')[0], { json: { request, personId, passcode: personId.slice(-6) } })
  }

  async function codeFor(personId: string, verifier: string, changes: Changes = {}): Promise<string> {
    return backAt(await answerFor(personId, verifier, changes)).get('code')!
  }

  /** With the client's proof in the way that the profile wants it. */
  function token(form: Changes, client: VneidClient = portal): Promise<Told> {
    const basic = profile.clientAuthentication.includes('client_secret_basic')
    return ask(discovery['token_endpoint'], basic ? { form, headers: { authorization: basicOf(client) } } : { form: { client_id: client.clientId, client_secret: client.clientSecret, ...form } })
  }

  const codeForm = (code: string, verifier: string, client: VneidClient = portal): Changes => ({ grant_type: 'authorization_code', code, redirect_uri: client.redirectUris[0]!, code_verifier: verifier })

  async function logIn(personId: string, changes: Changes = {}, client: VneidClient = portal): Promise<LoggedIn & { cookie: string }> {
    const verifier = randomBytes(32).toString('base64url')
    const answer = await answerFor(personId, verifier, { client_id: client.clientId, redirect_uri: client.redirectUris[0]!, ...changes })
    const { body, status, text } = await token(codeForm(backAt(answer).get('code')!, verifier, client), client)
    if (status !== 200) throw new Error(`no tokens: ${status} ${text}`)
    return { ...body, claims: decodeJwt(body.id_token), cookie: (answer.headers.get('set-cookie') ?? '').split(';')[0]! }
  }

  return {
    profile, host, issuer, discovery, portal, other, simulator, ask, authorizeUrl, answerFor, codeFor, codeForm, token, logIn,
    userinfo: (accessToken: string) => ask(discovery['userinfo_endpoint'], { headers: { authorization: `Bearer ${accessToken}` } }),
    logoutUrl: (changes: Changes) => `${discovery['end_session_endpoint']}?${new URLSearchParams(defined(changes))}`,
    claim: (claim: IssuerClaim) => claimName(profile, claim),
    evidence: (prefix: string) => simulator.evidence().filter(({ key }) => key.startsWith(`${prefix}/`)),
    passS: (seconds: number) => { wallNow += seconds * 1_000 },
    passScenarioS: (seconds: number) => { wallNow += seconds * 1_000 / TIME_SCALE },
    wallNow: () => wallNow,
    close: async () => { await stopServer(server); await simulator.close() },
  }
}

/** An RSA key takes a second; who needs a second one rotates. */
const firstKeys = new Map<SigningAlgorithm, Promise<SigningKey>>()
function firstKeyOf(algorithm: SigningAlgorithm): Promise<SigningKey> {
  const key = firstKeys.get(algorithm) ?? makeSigningKey(algorithm)
  firstKeys.set(algorithm, key)
  return key
}

/** What the client is told in the query of its address. */
export function backAt({ status, headers, text }: Told): URLSearchParams {
  if (status !== 302) throw new Error(`no redirect: ${status} ${text}`)
  return new URL(headers.get('location')!).searchParams
}

export function verifierOf(): string { return randomBytes(32).toString('base64url') }

/** RFC 6749 2.3.1: form-encoded, then joined. */
export function basicOf({ clientId, clientSecret }: Pick<VneidClient, 'clientId' | 'clientSecret'>): string {
  const encoded = (text: string) => new URLSearchParams({ a: text }).toString().slice(2)
  return `Basic ${Buffer.from(`${encoded(clientId)}:${encoded(clientSecret)}`).toString('base64')}`
}

function defined(changes: Changes): Record<string, string> {
  return Object.fromEntries(Object.entries(changes).filter((entry): entry is [string, string] => entry[1] !== undefined))
}
