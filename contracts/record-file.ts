/**
 * Record files: NDJSON that ends with `{trailer: {rows, sha256, endedAt}}` (design section 4, FIXED). `rows` counts every line
 * before the trailer (an evidence header included), `sha256` is over those lines with their line ends. Written once, in order,
 * every write error is thrown: a full disk ends the run instead of shortening a record.
 */
import { createHash, type Hash } from 'node:crypto'
import { createReadStream, openSync, writeSync, closeSync, fsyncSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { z } from 'zod'

export const Trailer = z.strictObject({ trailer: z.strictObject({ rows: z.int().min(0), sha256: z.string(), endedAt: z.number() }) })
export type Trailer = z.infer<typeof Trailer>

const FLUSH_BYTES = 64 * 1024

export class RecordWriter {
  readonly path: string
  #descriptor: number
  #hash: Hash = createHash('sha256')
  #rows = 0
  #buffer: string[] = []
  #buffered = 0
  #closed = false

  constructor(path: string) {
    this.path = path
    this.#descriptor = openSync(path, 'wx')
  }

  get rows(): number { return this.#rows }

  write(record: unknown): void { this.writeLine(JSON.stringify(record)) }

  /** One line of JSON without its line end. */
  writeLine(line: string): void {
    if (this.#closed) throw new Error(`${this.path} is closed`)
    this.#buffer.push(line)
    this.#buffered += line.length
    this.#rows += 1
    if (this.#buffered >= FLUSH_BYTES) this.flush()
  }

  flush(): void {
    if (this.#buffer.length === 0) return
    const bytes = Buffer.from(`${this.#buffer.join('\n')}\n`)
    this.#buffer = []
    this.#buffered = 0
    writeWhole(this.#descriptor, bytes)
    this.#hash.update(bytes)
  }

  /** Writes the trailer and closes. Without this call the file stays visibly unfinished. */
  close(endedAt: number): void {
    if (this.#closed) return
    this.flush()
    const trailer: Trailer = { trailer: { rows: this.#rows, sha256: this.#hash.digest('hex'), endedAt } }
    writeWhole(this.#descriptor, Buffer.from(`${JSON.stringify(trailer)}\n`))
    fsyncSync(this.#descriptor)
    closeSync(this.#descriptor)
    this.#closed = true
  }

  /** Closes without a trailer: the file must not be taken for whole. */
  abandon(): void {
    if (this.#closed) return
    this.#closed = true
    closeSync(this.#descriptor)
  }
}

function writeWhole(descriptor: number, bytes: Buffer): void {
  for (let offset = 0; offset < bytes.length;) offset += writeSync(descriptor, bytes, offset)
}

export type RecordFileCheck =
  | { whole: true; rows: number; sha256: string; endedAt: number }
  | { whole: false; reason: string }

const READ_BYTES = 4 << 20

/** Reads a record file piece by piece and says whether its trailer fits. */
export async function checkRecordFile(path: string): Promise<RecordFileCheck> {
  const hash = createHash('sha256')
  let rows = 0
  // The last line is the trailer, so every line but the last is hashed: held is what may belong to it.
  let held: Buffer = Buffer.alloc(0)
  const take = (complete: Buffer) => { hash.update(complete); rows += countLineEnds(complete) }
  try {
    await using file = await open(path, 'r')
    const buffer = Buffer.allocUnsafe(READ_BYTES)
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, READ_BYTES, null)
      if (bytesRead === 0) break
      const piece = buffer.subarray(0, bytesRead)
      const cut = innerLineEnd(piece)
      if (cut < 0) { held = Buffer.concat([held, piece]); continue }
      take(held)
      take(piece.subarray(0, cut + 1))
      held = Buffer.from(piece.subarray(cut + 1))
    }
  } catch (error) {
    return { whole: false, reason: `cannot be read: ${(error as Error).message}` }
  }
  // The trailer itself may have come in several pieces.
  const cut = innerLineEnd(held)
  take(held.subarray(0, cut + 1))
  held = held.subarray(cut + 1)
  if (held.length === 0) return { whole: false, reason: 'is empty' }
  if (held[held.length - 1] !== 10) return { whole: false, reason: 'ends in the middle of a line' }
  let last: unknown
  try { last = JSON.parse(held.toString('utf8')) } catch { return { whole: false, reason: 'its last line is not JSON' } }
  const parsed = Trailer.safeParse(last)
  if (!parsed.success) return { whole: false, reason: 'has no trailer: it was cut, or its writer did not finish' }
  const { trailer } = parsed.data
  if (trailer.rows !== rows) return { whole: false, reason: `its trailer says ${trailer.rows} rows, it has ${rows}` }
  const sha256 = hash.digest('hex')
  if (trailer.sha256 !== sha256) return { whole: false, reason: 'its content does not fit the hash in its trailer' }
  return { whole: true, rows, sha256, endedAt: trailer.endedAt }
}

/** The last line end before the last byte, -1 without one. */
function innerLineEnd(bytes: Buffer): number {
  return bytes.length < 2 ? -1 : bytes.lastIndexOf(10, bytes.length - 2)
}

function countLineEnds(bytes: Buffer): number {
  let count = 0
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) count += 1
  return count
}

/**
 * Gives a finished NDJSON file that another program wrote (k6's console output) its trailer. The caller knows that the writer ended in order;
 * a file that ends in the middle of a line is left without trailer and named.
 */
export async function sealRecordFile(path: string, endedAt: number): Promise<{ sealed: true; rows: number; sha256: string } | { sealed: false; reason: string }> {
  const hash = createHash('sha256')
  let rows = 0
  let last = 10
  for await (const piece of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    hash.update(piece)
    rows += countLineEnds(piece)
    last = piece[piece.length - 1]!
  }
  if (last !== 10) return { sealed: false, reason: 'ends in the middle of a line' }
  const sha256 = hash.digest('hex')
  const trailer: Trailer = { trailer: { rows, sha256, endedAt } }
  const descriptor = openSync(path, 'a')
  try {
    writeWhole(descriptor, Buffer.from(`${JSON.stringify(trailer)}\n`))
    fsyncSync(descriptor)
  } finally { closeSync(descriptor) }
  return { sealed: true, rows, sha256 }
}
