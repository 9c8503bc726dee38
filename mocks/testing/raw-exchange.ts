/** Bytes on a bare connection, and what came back until the answer was whole or the connection ended. For tests of what no HTTP client would send. */
import { once } from 'node:events'
import { connect } from 'node:net'

export type RawAnswer = { status: number; headers: Record<string, string>; body: string }

/** `keepOpen`: nothing more is sent, and the connection stays; else its sending half is closed after the last piece. */
export async function exchangeRaw(port: number, pieces: readonly (string | Buffer)[], { keepOpen = true }: { keepOpen?: boolean } = {}): Promise<RawAnswer[]> {
  const socket = connect(port, '127.0.0.1')
  const received: Buffer[] = []
  socket.on('error', () => {})
  await once(socket, 'connect')
  // An answer that comes before everything was sent ends the sending.
  for (const piece of pieces) if (!socket.destroyed) socket.write(piece)
  if (!keepOpen) socket.end()
  const answers = new Promise<RawAnswer[]>((resolve) => {
    const look = () => { const found = answersIn(Buffer.concat(received)); if (found.some(({ status }) => status >= 200)) { resolve(found); socket.destroy() } }
    socket.on('data', (piece: Buffer) => { received.push(piece); look() })
    socket.on('close', () => resolve(answersIn(Buffer.concat(received))))
  })
  return answers
}

/** Whole answers only. Those to HEAD, 1xx and 204 have no body whatever their length says. */
export function answersIn(bytes: Buffer, head = false): RawAnswer[] {
  const answers: RawAnswer[] = []
  let at = 0
  for (;;) {
    const end = bytes.indexOf('\r\n\r\n', at)
    if (end < 0) return answers
    const [first, ...lines] = bytes.subarray(at, end).toString('latin1').split('\r\n')
    const headers = Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]))
    const status = Number(first!.split(' ')[1])
    const length = head || status < 200 || status === 204 ? 0 : Number(headers['content-length'] ?? 0)
    if (bytes.length < end + 4 + length) return answers
    answers.push({ status, headers, body: bytes.subarray(end + 4, end + 4 + length).toString('utf8') })
    at = end + 4 + length
  }
}
