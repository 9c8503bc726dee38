/** A real HTTP server in the place of whoever a partner calls, over TLS where it is given a certificate: keeps what came and answers as the test says. For tests. */
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http'
import { createServer as createSecureServer, Server as SecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { hear } from '../testing/receiver-speech.ts'

export type Received = { path: string; headers: IncomingHttpHeaders; body: string; remoteAddress: string }
/** `reset` breaks the connection, `hang` never answers. */
export type Treatment = { status: number; body?: unknown } | 'reset' | 'hang'

export type Receiver = {
  url: string
  received: Received[]
  /** Resolves when so many requests have come in all. */
  count: (n: number) => Promise<void>
  /** Another certificate, to whoever comes next. */
  show: (certificate: Shown) => void
  close: () => Promise<void>
}
export type Shown = { cert: string; key: string }

export async function startReceiver(treat: (nth: number, received: Received) => Treatment, certificate?: Shown): Promise<Receiver> {
  const received: Received[] = []
  const waiting = new Set<{ n: number; resolve: () => void }>()
  const listener: RequestListener = (request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (piece: string) => { body += piece }).on('end', () => {
      const { canonical, answer } = hear({ method: request.method!, path: request.url!, headers: request.headers, body })
      received.push({ path: canonical.path, headers: canonical.headers, body: canonical.body, remoteAddress: request.socket.remoteAddress! })
      const treatment = treat(received.length, received.at(-1)!)
      if (treatment === 'reset') request.socket.resetAndDestroy()
      else if (treatment !== 'hang') {
        const told = answer(treatment.status, treatment.body ?? {})
        response.writeHead(told.status, { 'content-type': 'application/json' }).end(JSON.stringify(told.body))
      }
      for (const waiter of waiting) if (received.length >= waiter.n) { waiting.delete(waiter); waiter.resolve() }
    })
  }
  const server = certificate ? createSecureServer(certificate, listener) : createServer(listener)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `${certificate ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    count: (n) => received.length >= n ? Promise.resolve() : new Promise((resolve) => waiting.add({ n, resolve })),
    show: (next) => { if (server instanceof SecureServer) server.setSecureContext(next) },
    close: async () => { server.close(); server.closeAllConnections(); await once(server, 'close') },
  }
}
