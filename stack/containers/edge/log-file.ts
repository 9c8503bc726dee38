/**
 * Reads a log that nginx writes a line at a time: the lines up to the length that the file has at the beginning, one snapshot. A line that is
 * still being written then is waited for; one that never gets its end, or a file that is shorter than its snapshot, makes the read fail.
 */
import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { until } from '../agent/until.ts'

const LINE_END = 0x0a
/** nginx writes a line with one call; a longer wait means that it never will. */
const WRITTEN_MS = 2_000

/** The length up to which it holds whole lines. `atLeast`: how much of it was there at the moment that is meant. */
export async function wholeLength(file: string, atLeast: number): Promise<number> {
  let length = atLeast
  await until(`the end of the last line of ${file}`, async () => {
    if (length === 0 || await byteAt(file, length - 1) === LINE_END) return true
    length = (await stat(file)).size
    return false
  }, WRITTEN_MS)
  return length
}

/** Lines between two offsets that both stand at line ends. */
export async function* linesOf(file: string, from: number, to: number): AsyncGenerator<string> {
  if (to <= from) return
  let rest = ''
  let left = to - from
  const decoder = new TextDecoder()
  for await (const piece of createReadStream(file, { start: from, end: to - 1, highWaterMark: 256 * 1024 }) as AsyncIterable<Buffer>) {
    left -= piece.length
    const lines = (rest + decoder.decode(piece, { stream: true })).split('\n')
    rest = lines.pop()!
    yield* lines
  }
  if (left > 0) throw new Error(`${file} is ${left} bytes shorter than it was`)
  if (rest !== '') throw new Error(`${file} ends in the middle of a line`)
}

async function byteAt(file: string, offset: number): Promise<number | undefined> {
  const handle = await open(file)
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(1), 0, 1, offset)
    return bytesRead === 1 ? buffer[0] : undefined
  } finally { await handle.close() }
}
