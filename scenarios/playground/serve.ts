/** Serves a played system on a loopback socket, and notes what it was asked. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type OutgoingHttpHeaders, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Fields } from './records.ts'

export type Seen = { method: string; path: string; op: string; host: string; connection: string; cookie: string; token: string; body: Fields; socket: number; /** Of the server that was asked. */ port: number }
/** `true`: the request is dealt with. */
export type Disturb = (seen: Seen, response: ServerResponse) => boolean
export type Answerer = (seen: Seen, response: ServerResponse) => void

export function createStreet({ disturb }: { disturb: Disturb }) {
  const seen: Seen[] = []
  const sockets = new WeakMap<object, number>()
  let lastSocket = 0
  const servers: Server[] = []
  return {
    seen,
    async listen(answer: Answerer): Promise<string> {
      const server = createServer((request, response) => {
        if (!sockets.has(request.socket)) sockets.set(request.socket, lastSocket += 1)
        void readBody(request).then((body) => {
          const { headers } = request
          const one: Seen = {
            method: request.method!, path: request.url!, op: String(headers['x-op'] ?? ''), host: headers.host ?? '', connection: headers.connection ?? '',
            cookie: headers.cookie ?? '', token: /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1] ?? '', body, socket: sockets.get(request.socket)!, port: request.socket.localPort ?? 0,
          }
          seen.push(one)
          if (!disturb(one, response)) answer(one, response)
        })
      })
      server.listen(0, '127.0.0.1')
      await once(server, 'listening')
      servers.push(server)
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    },
    async close(): Promise<void> {
      await Promise.all(servers.map((server) => new Promise((resolve) => { server.close(resolve); server.closeAllConnections() })))
    },
  }
}

export function json(response: ServerResponse, status: number, value: unknown, headers: OutgoingHttpHeaders = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(JSON.stringify(value))
}

export function refuse(response: ServerResponse, status: number, code: string): void { json(response, status, { error: { code, message: code.toLowerCase() } }) }

async function readBody(request: IncomingMessage): Promise<Fields> {
  let text = ''
  for await (const piece of request) text += String(piece)
  return text === '' ? {} : JSON.parse(text) as Fields
}
