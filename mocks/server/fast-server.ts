/**
 * Serves an endpoint on node:http with as little as possible around it: no framework, no Request or Response objects, connections kept alive.
 * A reset is a real one (RST). Bodies over 1 MiB are refused with 413.
 */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { RESET, type Endpoint } from './endpoint.ts'
import { refusal, type Answer } from './route.ts'

const MAX_BODY_BYTES = 1024 * 1024
/** Longer than any pause of a client within a run: a server that closes first makes resets that nobody planted. */
const KEEP_ALIVE_MS = 120_000

export async function startFastServer(endpoint: Endpoint, listen: { host: string; port: number }): Promise<Server> {
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS, noDelay: true }, (request, response) => receive(endpoint, request, response))
  server.listen(listen.port, listen.host)
  await once(server, 'listening')
  return server
}

export async function stopServer(server: Server): Promise<void> {
  server.close()
  server.closeAllConnections()
  if (server.listening) await once(server, 'close')
}

function receive(endpoint: Endpoint, request: IncomingMessage, response: ServerResponse): void {
  if (request.method === 'GET') { answer(endpoint, request, response, ''); return }
  let first: Buffer | undefined
  let rest: Buffer[] | undefined
  let bytes = 0
  request.on('data', (piece: Buffer) => {
    bytes += piece.length
    if (bytes > MAX_BODY_BYTES) { request.removeAllListeners(); request.resume(); send(response, refusal(413, 'BODY_TOO_LARGE', `more than ${MAX_BODY_BYTES} bytes`)); return }
    if (first) (rest ??= []).push(piece)
    else first = piece
  })
  request.on('end', () => {
    const body = rest ? Buffer.concat([first!, ...rest]) : first
    answer(endpoint, request, response, body ? body.toString('utf8') : '')
  })
}

function answer(endpoint: Endpoint, request: IncomingMessage, response: ServerResponse, body: string): void {
  const url = request.url ?? '/'
  const cut = url.indexOf('?')
  endpoint.reply({
    method: request.method ?? 'GET',
    path: cut < 0 ? url : url.slice(0, cut),
    query: cut < 0 ? '' : url.slice(cut + 1),
    body,
    header: (name) => request.headers[name] as string | undefined,
  }).then((reply) => {
    if (reply === RESET) request.socket.resetAndDestroy()
    else send(response, reply)
  }, (error: unknown) => send(response, refusal(500, 'SIMULATOR_FAILED', String((error as Error)?.stack ?? error))))
}

function send(response: ServerResponse, reply: Answer): void {
  if (reply.body === undefined && reply.text === undefined) {
    response.writeHead(reply.status, { ...reply.headers, 'content-length': 0 })
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
