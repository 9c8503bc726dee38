/** A request's body as text: bounded, and known not to be UTF-8 where it is not. */
import { isUtf8 } from 'node:buffer'
import type { IncomingMessage } from 'node:http'

export const MAX_BODY_BYTES = 1024 * 1024
/** Of a body that was refused so much is still taken, so that its sender gets to read the refusal; then the connection goes. */
const MAX_DROPPED_BYTES = 16 * 1024 * 1024

/** `done` gets the text, undefined where it is not UTF-8. One of the two is called once, or none where the sender has gone. */
export function receiveBody(request: IncomingMessage, done: (body: string | undefined) => void, refuse: () => void): void {
  let first: Buffer | undefined
  let rest: Buffer[] | undefined
  let bytes = 0
  request.on('data', (piece: Buffer) => {
    bytes += piece.length
    if (bytes > MAX_BODY_BYTES) { drop(request); refuse(); return }
    if (first) (rest ??= []).push(piece)
    else first = piece
  })
  request.on('end', () => {
    if (!first) return done('')
    done(textOf(rest ? Buffer.concat([first, ...rest]) : first))
  })
}

export function textOf(bytes: Buffer): string | undefined {
  return isUtf8(bytes) ? bytes.toString('utf8') : undefined
}

/** Takes the rest of a body that nobody wants. */
export function drop(request: IncomingMessage): void {
  let bytes = 0
  DROPPED.add(request.socket)
  request.removeAllListeners('data').removeAllListeners('end')
  request.on('data', (piece: Buffer) => {
    bytes += piece.length
    if (bytes > MAX_DROPPED_BYTES) request.destroy()
  })
  request.on('end', () => DROPPED.delete(request.socket))
}

/** Connections whose request was answered before it had come whole: nothing more may be said on them if it never does. */
export const DROPPED = new WeakSet<object>()
