/** What is no request at all, refused with a code: not HTTP, headers too large, too slow, a tunnel. Written on the bare connection, which then closes. */
import { STATUS_CODES, type Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { DROPPED } from './body.ts'
import type { Answer } from './route.ts'

const REFUSALS: Readonly<Record<string, readonly [status: number, code: string, message: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'REQUEST_TIMEOUT', 'the request did not come whole in time'],
  HPE_HEADER_OVERFLOW: [431, 'HEADERS_TOO_LARGE', 'the request line and headers are too large'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'BODY_TOO_LARGE', 'the extensions of a chunk are too large'],
}

type Refuse = (status: number, code: string, message: string) => Answer

/** `refuseOn`: by the connection, and by the bytes that could not be read. */
export function refuseRaw(server: Server, refuseOn: (socket: Duplex, packet: Buffer | undefined) => Refuse): void {
  server.on('clientError', (error: NodeJS.ErrnoException & { rawPacket?: Buffer }, socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable || DROPPED.has(socket)) { socket.destroy(); return }
    write(socket, refuseOn(socket, error.rawPacket)(...REFUSALS[error.code ?? ''] ?? [400, 'REQUEST_INVALID', `not an HTTP request (${error.code ?? error.message})`]))
  })
  server.on('connect', (_request, socket) => write(socket, refuseOn(socket, undefined)(405, 'METHOD_NOT_ALLOWED', 'CONNECT is not offered')))
}

function write(socket: Duplex, { status, body }: Answer): void {
  const text = JSON.stringify(body)
  socket.on('error', () => socket.destroy())
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`, () => socket.destroy())
}
