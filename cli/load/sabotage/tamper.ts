/** Changes record files of a run folder as a liar would: lines edited, taken out or added, with or without a trailer that fits again. */
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The lines before the trailer, as they stand. */
export function linesOf(directory: string, file: string): string[] {
  return readFileSync(join(directory, file), 'utf8').trimEnd().split('\n').slice(0, -1)
}

/** New lines with a trailer made anew: nothing but the content can tell. */
export function resealed(directory: string, file: string, change: (lines: string[]) => string[]): void {
  const path = join(directory, file)
  const { trailer } = JSON.parse(readFileSync(path, 'utf8').trimEnd().split('\n').at(-1)!) as { trailer: { endedAt: number } }
  const lines = change(linesOf(directory, file))
  const body = lines.map((line) => `${line}\n`).join('')
  const sha256 = createHash('sha256').update(body).digest('hex')
  writeFileSync(path, `${body}${JSON.stringify({ trailer: { rows: lines.length, sha256, endedAt: trailer.endedAt } })}\n`)
}

/** Records edited one by one, resealed. */
export function edited(directory: string, file: string, change: (record: any, index: number) => void): void {
  resealed(directory, file, (lines) => lines.map((line, index) => {
    const record = JSON.parse(line)
    change(record, index)
    return JSON.stringify(record)
  }))
}

/** The bytes as they are, changed: the trailer is not made to fit. */
export function raw(directory: string, file: string, change: (text: string) => string): void {
  const path = join(directory, file)
  writeFileSync(path, change(readFileSync(path, 'utf8')))
}
