/**
 * One POST of JSON over kept-alive connections, with one deadline for everything: waiting for a connection, sending, the answer.
 * Out: status and body's text (only of answers other than 2xx, unless `keepAll`: as a rule nobody reads the others). Throws on time-out, reset, refused connection.
 * undici's `dispatch` is used directly: `request` with an AbortSignal and a body stream cost more than the rest of a push together.
 */
import { createHmac } from 'node:crypto'
import { Agent, Pool, type Dispatcher } from 'undici'

export type Destination = { origin: string; path: string; /** POST where it is not said. */ method?: 'GET' | 'POST' | 'PUT' | 'DELETE' }
export type Posted = { status: number; text: string }

export class NoAnswerInTime extends Error {
  override readonly name = 'NoAnswerInTime'
  readonly code = 'TIMEOUT'
}

export function post(dispatcher: Dispatcher, { origin, path, method = 'POST' }: Destination, body: string, headers: Record<string, string>, timeoutMs: number, keepAll = false): Promise<Posted> {
  return new Promise((resolve, reject) => {
    let controller: Dispatcher.DispatchController | undefined
    let late: NoAnswerInTime | undefined
    let status = 0
    const pieces: Buffer[] = []
    const timer = setTimeout(() => {
      late = new NoAnswerInTime(`no answer within ${timeoutMs} ms`)
      controller?.abort(late)
      reject(late)
    }, timeoutMs)
    dispatcher.dispatch({ origin, path, method, body, headers: { 'content-type': 'application/json', ...headers } }, {
      onRequestStart(next) {
        controller = next
        // Its turn for a connection came after the deadline: it must not be sent any more.
        if (late) next.abort(late)
      },
      onResponseStart(_controller, statusCode) { status = statusCode },
      onResponseData(_controller, piece) { if (status >= 300 || keepAll) pieces.push(piece) },
      onResponseEnd() { clearTimeout(timer); resolve({ status, text: pieces.length > 0 ? Buffer.concat(pieces).toString('utf8') : '' }) },
      onResponseError(_controller, error) { clearTimeout(timer); reject(error) },
    })
  })
}

export function destinationOf(url: string | URL): Destination {
  const { origin, pathname, search } = new URL(url)
  return { origin, path: pathname + search }
}

export function signatureOf(key: string, body: string): string {
  return createHmac('sha256', key).update(body).digest('hex')
}

/** A text as a header value; what a header cannot carry is percent-encoded (ops never need it, foreign references may). */
export function headerValue(text: string): string {
  return /^[\x21-\x7e]*$/.test(text) ? text : encodeURIComponent(text.toWellFormed())
}

const LIMITS = { pipelining: 1, keepAliveTimeout: 30_000, headersTimeout: 0, bodyTimeout: 0 } as const

/** To any receiver. */
export function openAgent(): Dispatcher { return new Agent({ ...LIMITS, connections: 8 }) }

/** To one receiver, from a local address of one's own. */
export function openPool(origin: string, localAddress: string | undefined, connections: number): Dispatcher {
  return new Pool(origin, { ...LIMITS, connections, ...(localAddress === undefined ? {} : { localAddress }) })
}
