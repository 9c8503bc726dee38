/**
 * Serves an endpoint on node:http with as little as possible around it: no framework, no Request or Response objects, connections kept alive.
 * A reset is a real one (RST). What is no request at all (not HTTP, too long, too slow) is refused with a code like everything else (`raw-refusal.ts`).
 */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { drop, MAX_BODY_BYTES, receiveBody } from './body.ts'
import { RESET, type Endpoint, type Reply } from './endpoint.ts'
import { refuseRaw } from './raw-refusal.ts'
import { refusal, type Answer } from './route.ts'

/** Longer than any pause of a client within a run: a server that closes first makes resets that nobody planted. */
const KEEP_ALIVE_MS = 120_000
const REQUEST_TIMEOUT_MS = 60_000

export type Listen = {
  host: string; port: number
  /** For a whole request to come; 60 s where it is not said. */
  requestTimeoutMs?: number
}
export type Serving = Pick<Endpoint, 'reply'> & Partial<Endpoint> & {
  /** In place of `refuse` where several partners stand behind one server: by the path, undefined where that is not known. */
  refuseAt?: (path: string | undefined) => Refuse
}

export async function startFastServer(endpoint: Serving, { host, port, requestTimeoutMs = REQUEST_TIMEOUT_MS }: Listen): Promise<Server> {
  const refuse = endpoint.refuse ?? refusal
  const { refuseAt } = endpoint
  const take = refuseAt
    ? (request: IncomingMessage, response: ServerResponse) => receive(endpoint, refuseAt(asking(request, response)), request, response)
    : (request: IncomingMessage, response: ServerResponse) => receive(endpoint, refuse, request, response)
  const server = createServer({
    keepAliveTimeout: KEEP_ALIVE_MS, noDelay: true, requestTimeout: requestTimeoutMs, headersTimeout: requestTimeoutMs, connectionsCheckingInterval: Math.min(5_000, requestTimeoutMs),
    // Refused below, with a code.
    requireHostHeader: false,
  }, take)
  server.on('checkContinue', (request, response) => {
    if (announcedLength(request.rawHeaders) <= MAX_BODY_BYTES) response.writeContinue()
    take(request, response)
  })
  server.on('checkExpectation', take)
  refuseRaw(server, refuseAt ? (socket, packet) => refuseAt(ASKING.get(socket)?.path ?? pathIn(packet)) : () => refuse)
  server.listen(port, host)
  await once(server, 'listening')
  return server
}

export async function stopServer(server: Server): Promise<void> {
  server.close()
  server.closeAllConnections()
  if (server.listening) await once(server, 'close')
}

export type Refuse = (status: number, code: string, message: string) => Answer

/** What is being asked on a connection now: a request whose body never comes is refused without the request at hand. */
const ASKING = new WeakMap<object, { path: string }>()
function asking({ url, socket }: IncomingMessage, response: ServerResponse): string {
  const path = originForm(url!).split('?')[0]!
  const asked = { path }
  ASKING.set(socket, asked)
  // Of requests that follow each other closely the next may be there before this one is answered.
  response.once('close', () => { if (ASKING.get(socket) === asked) ASKING.delete(socket) })
  return path
}

/** Of a request that is none: its first line is often whole. */
function pathIn(packet: Buffer | undefined): string | undefined {
  const target = /^[A-Z]+ (\S+)/.exec(packet?.subarray(0, 2_000).toString('latin1') ?? '')?.[1]
  return target === undefined ? undefined : originForm(target).split('?')[0]
}

function receive(serving: Serving, refuse: Refuse, request: IncomingMessage, response: ServerResponse): void {
  const length = announcedLength(request.rawHeaders)
  if (length === NO_HOST && request.httpVersionMinor === 1) { send(response, refuse(400, 'REQUEST_INVALID', 'the header Host is missing')); return }
  if (request.method === 'GET' || request.method === 'HEAD') { answer(serving, refuse, request, response, ''); return }
  if (length > MAX_BODY_BYTES) { drop(request); send(response, tooLarge(refuse)); return }
  receiveBody(request, (body) => answer(serving, refuse, request, response, body), () => send(response, tooLarge(refuse)))
}

const NO_HOST = -1

/** Of the body, 0 where it is not said; NO_HOST where that header is missing. Not through `headers`, which would be made for this alone. */
function announcedLength(rawHeaders: readonly string[]): number {
  let length = 0
  let host = false
  for (let n = 0; n < rawHeaders.length; n += 2) {
    const name = rawHeaders[n]!
    if (name.length === 4) host ||= name.toLowerCase() === 'host'
    else if (name.length === 14 && name.toLowerCase() === 'content-length') length = Number(rawHeaders[n + 1])
  }
  return host ? length : NO_HOST
}

function tooLarge(refuse: Refuse): Answer { return refuse(413, 'BODY_TOO_LARGE', `more than ${MAX_BODY_BYTES} bytes`) }

function answer(serving: Serving, refuse: Refuse, request: IncomingMessage, response: ServerResponse, body: string | undefined): void {
  const url = originForm(request.url!)
  const cut = url.indexOf('?')
  const carry = (reply: Reply): void => {
    if (reply === RESET) { request.socket.resetAndDestroy(); return }
    try { send(response, reply) } catch (error) { fail(error) }
  }
  const fail = (error: unknown): void => {
    if (response.headersSent) response.destroy()
    else send(response, refuse(500, 'SIMULATOR_FAILED', String((error as Error)?.stack ?? error)))
  }
  try {
    const reply = serving.reply({
      method: request.method!, path: cut < 0 ? url : url.slice(0, cut), query: cut < 0 ? '' : url.slice(cut + 1), body,
      header: (name) => request.headers[name] as string | undefined,
    })
    if (reply instanceof Promise) reply.then(carry, fail)
    else carry(reply)
  } catch (error) { fail(error) }
}

/** `GET http://host/path` is the same as `GET /path` (RFC 9112, 3.2.2). */
function originForm(url: string): string {
  if (url.startsWith('/') || url === '*') return url
  const match = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*(.*)$/i.exec(url)
  return match ? match[1]!.startsWith('/') ? match[1]! : `/${match[1]}` : url
}

function send(response: ServerResponse, reply: Answer): void {
  if (reply.body === undefined && reply.text === undefined) {
    // A 204 has no length (RFC 9110, 8.6).
    response.writeHead(reply.status, reply.status === 204 ? reply.headers : { ...reply.headers, 'content-length': 0 })
    response.end()
    return
  }
  const text = reply.text ?? JSON.stringify(reply.body)
  const length = Buffer.byteLength(text)
  response.writeHead(reply.status, reply.headers
    ? { 'content-type': 'application/json', ...reply.headers, 'content-length': length }
    : { 'content-type': 'application/json', 'content-length': length })
  response.end(text)
}
