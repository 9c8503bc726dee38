/**
 * Passes one request on to the portal and its answer back, over a pool of kept-alive connections (undici's lowest interface: with WAF and
 * log 125 µs of CPU a request, where reply-from takes 220 without them). No connection → 502 UPSTREAM_UNAVAILABLE, no answer in time → 504;
 * a connection that broke after the request was sent breaks the client's too, because nobody knows then whether the portal did the work.
 */
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import type { Dispatcher } from 'undici'

export type ForwardRequest = {
  request: IncomingMessage; response: ServerResponse
  /** The body as far as it was held back; `rest`: more comes on the request. */
  held: Buffer[]; rest: boolean
  forwardedFor: string
  closeConnection: () => boolean
  answerError: (status: number, code: string, message: string) => void
  /** Resets the client's connection. */
  breakOff: () => void
}

/** Headers of one hop (RFC 9110, 7.6.1), and those that an edge sets itself. */
const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'proxy-connection', 'proxy-authorization', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'expect', 'x-forwarded-for'])

export function forward(pool: Dispatcher, { request, response, held, rest, forwardedFor, closeConnection, answerError, breakOff }: ForwardRequest): void {
  let controller: Dispatcher.DispatchController | undefined
  const abort = () => { if (!response.writableFinished) controller?.abort(new Error('the client has gone')) }
  response.once('close', abort)
  pool.dispatch({
    method: request.method as Dispatcher.HttpMethod, path: request.url ?? '/',
    headers: requestHeaders(request.rawHeaders, forwardedFor),
    body: bodyOf(request, held, rest),
  }, {
    onRequestStart(started) {
      controller = started
      if (response.destroyed) abort()
    },
    onResponseStart(_controller, status, headers) {
      if (status < 200) return
      response.writeHead(status, responseHeaders(headers as OutgoingHttpHeaders, closeConnection()))
    },
    onResponseData(running, chunk) {
      if (response.write(chunk)) return
      running.pause()
      response.once('drain', () => running.resume())
    },
    onResponseEnd() { response.end() },
    onResponseError(_controller, error) {
      if (response.destroyed) return
      if (response.headersSent) return breakOff()
      switch (kindOf(error)) {
        case 'unavailable': return answerError(502, 'UPSTREAM_UNAVAILABLE', 'the portal cannot be reached')
        case 'timeout': return answerError(504, 'UPSTREAM_TIMEOUT', 'the portal did not answer in time')
        case 'broken': return breakOff()
      }
    },
  })
}

function kindOf(error: Error & { code?: string; syscall?: string }): 'unavailable' | 'timeout' | 'broken' {
  if (error.syscall === 'connect' || error.code === 'UND_ERR_CONNECT_TIMEOUT') return 'unavailable'
  return error.code === 'UND_ERR_HEADERS_TIMEOUT' ? 'timeout' : 'broken'
}

function bodyOf(request: IncomingMessage, held: Buffer[], rest: boolean): Buffer | Readable | null {
  if (rest) return Readable.from(chained(held, request))
  if (held.length === 0) return null
  return held.length === 1 ? held[0]! : Buffer.concat(held)
}

async function* chained(held: Buffer[], request: IncomingMessage): AsyncGenerator<Buffer> {
  yield* held
  yield* request as AsyncIterable<Buffer>
}

function requestHeaders(raw: readonly string[], forwardedFor: string): string[] {
  const headers: string[] = ['x-forwarded-for', forwardedFor]
  let named: Set<string> | undefined
  for (let n = 0; n < raw.length; n += 2) {
    if (raw[n]!.toLowerCase() === 'connection') named = new Set(raw[n + 1]!.toLowerCase().split(',').map((name) => name.trim()))
  }
  for (let n = 0; n < raw.length; n += 2) {
    const name = raw[n]!.toLowerCase()
    if (HOP_BY_HOP.has(name) || named?.has(name)) continue
    headers.push(raw[n]!, raw[n + 1]!)
  }
  return headers
}

function responseHeaders(headers: OutgoingHttpHeaders, close: boolean): OutgoingHttpHeaders {
  const passed: OutgoingHttpHeaders = {}
  for (const name in headers) if (!HOP_BY_HOP.has(name)) passed[name] = headers[name]
  if (close) passed['connection'] = 'close'
  return passed
}
