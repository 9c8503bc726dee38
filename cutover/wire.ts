/**
 * HTTP to the systems of a target: time limits, the system's own credentials, certificates that are checked, only to allowed hosts, no redirects
 * followed (one could lead outside). What comes back is the answer, or a `WireError` that says why there is none.
 */
import type { LookupFunction } from 'node:net'
import { rootCertificates } from 'node:tls'
import { Agent, request, type Dispatcher } from 'undici'
import type { Auth } from '../contracts/target/auth.ts'
import type { Target, TargetSystem } from '../contracts/target.ts'
import type { TargetAccess } from './access.ts'
import { assertAllowed, pinnedLookup } from './allow-list.ts'
import { hostOf } from './systems.ts'

export type WireAnswer = { status: number; headers: Record<string, string | string[] | undefined>; body: Dispatcher.ResponseData['body'] }
export type WireRequest = { method?: Dispatcher.HttpMethod; headers?: Record<string, string>; body?: string; timeoutMs: number; signal?: AbortSignal | undefined }

export type Wire = {
  ask: (system: TargetSystem, url: string, request: WireRequest) => Promise<WireAnswer>
  close: () => Promise<void>
}

export class WireError extends Error {
  override readonly name = 'WireError'
  /** The certificate is not trusted, expired, or of another name. */
  readonly certificate: boolean
  constructor(what: string, certificate: boolean, options?: ErrorOptions) {
    super(what, options)
    this.certificate = certificate
  }
}

export function createWire(options: { target: Target; access: TargetAccess }): Wire {
  const { target, access } = options
  const agent = new Agent({ connections: 4, connect: connectOf(target, access) })
  return {
    async ask(system, url, { method = 'GET', headers = {}, body, timeoutMs, signal }) {
      assertAllowed(`"${system.id}"`, hostOf(url), target.allow)
      const limit = AbortSignal.timeout(timeoutMs)
      try {
        const response = await request(url, {
          method, dispatcher: agent, signal: signal ? AbortSignal.any([signal, limit]) : limit, headersTimeout: timeoutMs, bodyTimeout: timeoutMs,
          headers: { ...headersOf(system.auth, access), ...headers }, ...(body !== undefined && { body }),
        })
        return { status: response.statusCode, headers: response.headers, body: response.body }
      } catch (error) {
        signal?.throwIfAborted()
        const reason = limit.aborted ? `no answer within ${timeoutMs} ms` : reasonOf(error)
        throw new WireError(access.blot(reason), isCertificate(error), { cause: error })
      }
    },
    close: () => agent.destroy(),
  }
}

/** How connections are made: to the addresses that the run was planned with, trusting the machine's authorities and the target's. */
export function connectOf(target: Target, { authority }: TargetAccess): { ca?: string[]; lookup?: LookupFunction } {
  const lookup = pinnedLookup(target)
  return { ...(authority !== undefined && { ca: [...rootCertificates, authority] }), ...(lookup && { lookup }) }
}

/** What proves the caller to a system. */
export function headersOf(auth: Auth | undefined, access: Pick<TargetAccess, 'secretOf'>): Record<string, string> {
  switch (auth?.by) {
    case undefined: return {}
    case 'bearer': return { authorization: `Bearer ${access.secretOf(auth.token)}` }
    case 'basic': return { authorization: `Basic ${Buffer.from(`${auth.user}:${access.secretOf(auth.password)}`).toString('base64')}` }
    case 'header': return { [auth.name.toLowerCase()]: access.secretOf(auth.value) }
  }
}

const CERTIFICATE = /^(?:CERT_|ERR_TLS_CERT|DEPTH_ZERO_SELF_SIGNED|SELF_SIGNED_CERT|UNABLE_TO_(?:GET_ISSUER|VERIFY)|ERR_SSL_|INVALID_CA|HOSTNAME_MISMATCH)/

export function isCertificate(error: unknown): boolean { return codesOf(error).some((code) => CERTIFICATE.test(code)) }

function reasonOf(error: unknown): string {
  const [code] = codesOf(error)
  const { message } = error as Error
  return code !== undefined && !message.includes(code) ? `${message} (${code})` : message
}

/** Of the error and of what caused it. */
function codesOf(error: unknown): string[] {
  const codes: string[] = []
  for (let one = error as { code?: unknown; cause?: unknown; errors?: { code?: unknown }[] } | undefined; one !== undefined && one !== null && codes.length < 8; one = one.cause as typeof one) {
    for (const each of [one, ...(one.errors ?? [])]) if (typeof each.code === 'string') codes.push(each.code)
  }
  return codes
}
