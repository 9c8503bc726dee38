/**
 * One POST of JSON over kept-alive connections, with one deadline for everything: waiting for a connection, sending, the answer.
 * Out: status and body's text (only of answers other than 2xx: nobody reads the others). Throws on time-out, reset, refused connection.
 */
import { createHmac } from 'node:crypto'
import { Agent, Pool, type Dispatcher } from 'undici'

export type Posted = { status: number; text: string }

export async function post(dispatcher: Dispatcher, url: URL, body: string, headers: Record<string, string>, timeoutMs: number): Promise<Posted> {
  const deadline = new AbortController()
  const timer = setTimeout(() => deadline.abort(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs)
  try {
    const response = await dispatcher.request({
      origin: url.origin, path: url.pathname + url.search, method: 'POST', body, signal: deadline.signal,
      headers: { 'content-type': 'application/json', ...headers },
    })
    if (response.statusCode >= 300) return { status: response.statusCode, text: await response.body.text() }
    await response.body.dump()
    return { status: response.statusCode, text: '' }
  } finally {
    clearTimeout(timer)
  }
}

export function signatureOf(key: string, body: string): string {
  return createHmac('sha256', key).update(body).digest('hex')
}

/** A text as a header value; what a header cannot carry is percent-encoded (ops never need it, foreign references may). */
export function headerValue(text: string): string {
  return /^[\x21-\x7e]*$/.test(text) ? text : encodeURIComponent(text)
}

const LIMITS = { pipelining: 1, keepAliveTimeout: 30_000, headersTimeout: 0, bodyTimeout: 0 } as const

/** To any receiver. */
export function openAgent(): Dispatcher { return new Agent({ ...LIMITS, connections: 8 }) }

/** To one receiver, from a local address of one's own. */
export function openPool(origin: string, localAddress: string | undefined, connections: number): Dispatcher {
  return new Pool(origin, { ...LIMITS, connections, ...(localAddress === undefined ? {} : { localAddress }) })
}
