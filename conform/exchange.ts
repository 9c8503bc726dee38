/**
 * Asks the tested system, and keeps what was said. One client for a run: only hosts of the allow-list, never faster than the rate cap, one deadline for an
 * answer and one bound for its size. A time-out, a broken connection or an answer without end is an exchange without a status, not an exception; once the
 * signal of whoever asks has come, what is under way is such an exchange too, and nothing is sent any more. Secrets are blotted out of what is kept.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { Agent, request } from 'undici'
import { HarnessError } from '../contracts/error.ts'
import { isAllowed } from './allow-list.ts'

export type Asked = { method: string; url: string; headers: Record<string, string>; body: string | Uint8Array | undefined }

export type Exchange = {
  /** The operation's name, or what else was asked. */
  operation: string
  request: Asked
  status: number | null
  headers: Record<string, string | string[] | undefined>
  /** As it came; JSON, in canonical names, in `json`. */
  text: string
  json: any
  /** Of a refusal: `error.code`, or OAuth's `error`. */
  code: string | null
  error: string | null
  tookMs: number
  /** The canonical input it was made from, and the same again with another; undefined where that would show something else. */
  input?: unknown
  repeat?: (input: unknown) => Promise<Exchange | undefined>
}

export type Client = {
  send: (operation: string, asked: Asked, how?: { timeoutMs?: number | undefined; signal?: AbortSignal | undefined }) => Promise<Exchange>
  /** Requests sent so far. */
  sent: () => number
  close: () => Promise<void>
}

/** Shorter than servers keep a connection, so that none is used that was just closed. */
const KEEP_ALIVE_MS = 1_000
const MAX_KEPT_BYTES = 64 * 1024
/** No answer of any contract comes near it; one without end must not fill the memory until its time is over. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024

export function createClient(options: { allow: readonly string[]; rateCap: number; answerMs: number; /** Ends it: what is under way is broken off, and nothing is sent any more. */ signal?: AbortSignal | undefined }): Client {
  const agent = new Agent({ connections: 16, pipelining: 1, keepAliveTimeout: KEEP_ALIVE_MS })
  const intervalMs = 1_000 / options.rateCap
  let freeAt = 0
  let sent = 0

  async function turn(signal: AbortSignal | undefined): Promise<void> {
    const now = performance.now()
    const at = Math.max(now, freeAt)
    freeAt = at + intervalMs
    if (at > now) await sleep(at - now, undefined, { ...(signal && { signal }) })
  }

  return {
    async send(operation, asked, { timeoutMs = options.answerMs, signal: own } = {}) {
      const signals = [options.signal, own].filter((one) => one !== undefined)
      const signal = signals.length > 1 ? AbortSignal.any(signals) : signals[0]
      const { hostname } = new URL(asked.url)
      if (!isAllowed(hostname, options.allow)) {
        throw new HarnessError({ code: 'CONFORM_HOST_NOT_ALLOWED', what: `${operation} would be sent to ${hostname}, which the fixture does not allow`, mend: 'add the host under "allow:" if it may be asked' })
      }
      signal?.throwIfAborted()
      await turn(signal)
      sent += 1
      const began = performance.now()
      const exchange: Exchange = { operation, request: asked, status: null, headers: {}, text: '', json: undefined, code: null, error: null, tookMs: 0 }
      try {
        const answer = await request(asked.url, {
          method: asked.method as 'GET', headers: asked.headers, body: asked.body ?? null, dispatcher: agent, signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal ? [signal] : [])]), headersTimeout: 0, bodyTimeout: 0,
        })
        exchange.text = await textOf(answer.body)
        exchange.status = answer.statusCode
        exchange.headers = answer.headers
        exchange.json = jsonIn(exchange.text)
        exchange.code = codeIn(exchange.json)
      } catch (error) {
        exchange.error = signal?.aborted ? 'broken off' : (error as Error).name === 'TimeoutError' ? `time-out after ${timeoutMs} ms` : (error as NodeJS.ErrnoException).code ?? String((error as Error).message)
      }
      exchange.tookMs = Math.round(performance.now() - began)
      return exchange
    },
    sent: () => sent,
    close: () => agent.destroy(),
  }
}

async function textOf(body: AsyncIterable<Buffer>): Promise<string> {
  const pieces: Buffer[] = []
  let bytes = 0
  for await (const piece of body) {
    bytes += piece.length
    if (bytes > MAX_ANSWER_BYTES) throw new Error(`the answer has more than ${MAX_ANSWER_BYTES / 1024 / 1024} MiB`)
    pieces.push(piece)
  }
  return Buffer.concat(pieces).toString('utf8')
}

export function codeIn(json: any): string | null {
  const code = json?.error?.code ?? json?.error
  return typeof code === 'string' ? code : null
}

function jsonIn(text: string): unknown {
  if (text === '') return undefined
  try { return JSON.parse(text) } catch { return undefined }
}

/** What a record may show of an exchange: no secret, no token, no session, and no more than fits on a page. */
export type ShownExchange = {
  operation: string; method: string; url: string; headers: Record<string, string>; body: string | null
  status: number | null; answer: string | null; error: string | null; tookMs: number
}

const SECRET_HEADERS = /^(authorization|cookie|set-cookie|x-api-key)$/i
const SECRET_FIELDS = /("(?:id_token|access_token|refresh_token|client_secret|code_verifier|passcode|id_token_hint|logout_token)"\s*:\s*")(?:[^"\\]|\\.)*/g
const SECRET_PARAMETERS = /((?:^|[?&])(?:client_secret|code_verifier|code|passcode|id_token|id_token_hint|access_token|refresh_token|logout_token)=)[^&\s]*/g
/** Shorter ones stand in too much that is no secret: they are not blotted out (docs/conform.md says so). */
const SHORTEST_SECRET = 4

export function shownExchange(exchange: Exchange, secrets: readonly string[]): ShownExchange {
  const { method, url, headers, body } = exchange.request
  const blot = (text: string) => blotted(text, secrets)
  return {
    operation: exchange.operation, method, url: blot(url),
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, SECRET_HEADERS.test(name) ? '•••' : blot(value)])),
    // Blotted before it is cut: half a secret would not be known again.
    body: body === undefined ? null : kept(blot(typeof body === 'string' ? body : Buffer.from(body).toString('latin1'))),
    status: exchange.status, answer: exchange.status === null ? null : kept(blot(exchange.text)), error: exchange.error, tookMs: exchange.tookMs,
  }
}

export function blotted(text: string, secrets: readonly string[]): string {
  let shown = text.replace(SECRET_FIELDS, '$1•••').replace(SECRET_PARAMETERS, '$1•••')
  for (const secret of secrets) {
    if (secret.length < SHORTEST_SECRET) continue
    for (const form of formsOf(secret)) shown = shown.replaceAll(form, '•••')
  }
  return shown
}

/** As it stands, in JSON, in a form or an address, and in HTTP's base64. */
function formsOf(secret: string): Set<string> {
  return new Set([secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), new URLSearchParams([['', secret]]).toString().slice(1), Buffer.from(secret).toString('base64')].toSorted((a, b) => b.length - a.length))
}

/** Every text of a value; what a check says of a system may hold what that has echoed. */
export function blottedWhole<T>(value: T, secrets: readonly string[]): T {
  if (typeof value === 'string') return blotted(value, secrets) as T
  if (Array.isArray(value)) return value.map((member: unknown) => blottedWhole(member, secrets)) as T
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, blottedWhole(member as unknown, secrets)])) as T
  return value
}

function kept(text: string): string { return text.length <= MAX_KEPT_BYTES ? text : `${text.slice(0, 2_000)}… (${text.length} characters)` }
