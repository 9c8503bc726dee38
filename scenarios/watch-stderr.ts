/** Keeps the end of k6's stderr and counts its complaints about history lines that it could not write (a full disk costs it lines, not its exit code). */
import type { Readable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'

const TAIL_CHARACTERS = 8_000
const FAILED_WRITE = 'Failed to write to log'
/** k6 says so for every request without an answer, and no more than that; the history has it in full. */
const NOISE = 'Request Failed'

export function watchStderr(stream: Readable): { seen: () => { stderrTail: string; failedWrites: number } } {
  const decoder = new StringDecoder('utf8')
  let stderrTail = ''
  let rest = ''
  let failedWrites = 0
  const take = (line: string) => {
    failedWrites += line.split(FAILED_WRITE).length - 1
    if (line !== NOISE && line !== '') stderrTail = `${stderrTail}${line}\n`.slice(-TAIL_CHARACTERS)
  }
  // A listener of its own beside the pipe to the log file; lines may come in pieces.
  stream.on('data', (piece: Buffer) => {
    const lines = (rest + decoder.write(piece)).split('\n')
    rest = lines.pop()!
    for (const line of lines) take(line)
  })
  stream.on('end', () => { take(rest + decoder.end()) })
  return { seen: () => ({ stderrTail, failedWrites }) }
}
