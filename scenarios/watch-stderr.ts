/** Keeps the end of k6's stderr and counts its complaints about history lines that it could not write (a full disk costs it lines, not its exit code). */
import type { Readable } from 'node:stream'

const TAIL_CHARACTERS = 8_000
const FAILED_WRITE = 'Failed to write to log'

export function watchStderr(stream: Readable): { seen: () => { stderrTail: string; failedWrites: number } } {
  let stderrTail = ''
  let rest = ''
  let failedWrites = 0
  const count = (text: string) => { failedWrites += text.split(FAILED_WRITE).length - 1 }
  // A listener of its own beside the pipe to the log file; lines may come in pieces.
  stream.on('data', (piece: Buffer) => {
    const text = piece.toString('utf8')
    stderrTail = (stderrTail + text).slice(-TAIL_CHARACTERS)
    const lines = (rest + text).split('\n')
    rest = lines.pop()!
    count(lines.join('\n'))
  })
  stream.on('end', () => { count(rest) })
  return { seen: () => ({ stderrTail, failedWrites }) }
}
