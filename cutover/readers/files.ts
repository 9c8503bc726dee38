/**
 * Reads files that a system drops: NDJSON, or CSV (RFC 4180) whose first line names the columns. The final read takes only files that were written after
 * the load had ended, or waits for the marker that says so; an older export would show what was, not what is.
 */
import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { FileRecords, Read } from '../../contracts/target/read.ts'
import { mapRow } from './map-row.ts'
import { ReadError, reader, type ReaderContext } from './reader.ts'

type FilesRead = Extract<Read, { by: 'files' }>

const BATCH = 1_000
const LOOK_EVERY_MS = 250
/** A marker that was there before the load's end belongs to another export. File times are as coarse as this. */
const COARSE_MS = 1_000

export const filesReader = reader<'files'>({
  by: 'files',
  async *rows(context, read, mode, signal) {
    const { system, now } = context
    if (mode === 'baseline' && read.baseline === undefined && read.done !== undefined) return
    const directory = mode === 'baseline' ? read.baseline ?? read.directory : read.directory
    if (mode !== 'baseline') await dropped(context, read, signal)
    for (const records of read.records) {
      const map = mapRow(system.id, records)
      for (const name of await filesOf(system.id, directory, records)) {
        let batch: ReturnType<typeof map>[] = []
        for await (const { record, line } of recordsOf(join(directory, name), records, (line, what) => new ReadError('EXPORT_SCHEMA', system.id, `${name}:${line}`, what))) {
          batch.push(map(record, `${name}:${line}`, now()))
          if (batch.length < BATCH) continue
          signal?.throwIfAborted()
          yield batch.filter((row) => row !== null)
          batch = []
        }
        const rest = batch.filter((row) => row !== null)
        if (rest.length > 0) yield rest
      }
    }
  },
})

/** Waits until the export of after the load is there. */
async function dropped({ system, now, loadEndedAt }: ReaderContext, read: FilesRead, signal: AbortSignal | undefined): Promise<void> {
  const since = (loadEndedAt() ?? 0) - COARSE_MS
  const until = now() + read.waitMs
  for (;;) {
    const late = await lateOnes(system.id, read, since)
    if (late.length === 0) return
    signal?.throwIfAborted()
    if (now() >= until) throw new ReadError('EXPORT_INCOMPLETE', system.id, read.directory, `${late.join(', ')} ${late.length === 1 ? 'was' : 'were'} not written again after the load, within ${read.waitMs} ms`)
    await new Promise((look) => { setTimeout(look, LOOK_EVERY_MS) })
  }
}

async function lateOnes(system: string, read: FilesRead, since: number): Promise<string[]> {
  const isLate = async (name: string) => ((await stat(join(read.directory, name)).catch(() => null))?.mtimeMs ?? -1) < since
  if (read.done !== undefined) return await isLate(read.done) ? [read.done] : []
  const names = (await Promise.all(read.records.map((records) => filesOf(system, read.directory, records).catch(() => [records.file])))).flat()
  const late = await Promise.all(names.map(async (name) => await isLate(name) ? [name] : []))
  return late.flat()
}

async function filesOf(system: string, directory: string, { file }: FileRecords): Promise<string[]> {
  const names = await readdir(directory).catch((error: NodeJS.ErrnoException) => { throw new ReadError('READER_UNREACHABLE', system, directory, `the directory cannot be read: ${error.code}`, { cause: error }) })
  const pattern = new RegExp(`^${file.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&')).join('.*')}$`)
  const found = names.filter((name) => pattern.test(name)).toSorted()
  if (found.length === 0) throw new ReadError('EXPORT_INCOMPLETE', system, directory, `no file "${file}" is there`)
  return found
}

type BadLine = (line: number, what: string) => ReadError

function recordsOf(path: string, { format, delimiter }: FileRecords, bad: BadLine): AsyncIterable<{ record: unknown; line: number }> {
  return format === 'ndjson' ? ndjson(path, bad) : csv(path, delimiter, bad)
}

async function* ndjson(path: string, bad: BadLine): AsyncGenerator<{ record: unknown; line: number }> {
  let line = 0
  for await (const text of createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Infinity })) {
    line += 1
    if (text.trim() === '') continue
    let record: unknown
    try { record = JSON.parse(text.replace(/^\ufeff/, '')) } catch { throw bad(line, 'is no JSON') }
    yield { record, line }
  }
}

/** Quoted fields may hold delimiters, doubled quotes and line ends. */
async function* csv(path: string, delimiter: string, bad: BadLine): AsyncGenerator<{ record: unknown; line: number }> {
  let columns: string[] | undefined
  let field = ''
  let fields: string[] = []
  let quoted = false
  let began = 1
  let line = 0
  for await (const text of createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Infinity })) {
    line += 1
    if (!quoted) { began = line; if (text === '') continue }
    const chars = line === 1 ? text.replace(/^\ufeff/, '') : text
    for (let at = 0; at < chars.length; at += 1) {
      const char = chars[at]!
      if (quoted) {
        if (char !== '"') field += char
        else if (chars[at + 1] === '"') { field += '"'; at += 1 } else quoted = false
      } else if (char === '"' && field === '') quoted = true
      else if (char === delimiter) { fields.push(field); field = '' } else field += char
    }
    if (quoted) { field += '\n'; continue }
    fields.push(field)
    field = ''
    if (!columns) columns = fields
    else if (fields.length !== columns.length) throw bad(began, `has ${fields.length} fields, the first line names ${columns.length}`)
    else {
      const named = columns
      yield { record: Object.fromEntries(fields.map((value, at) => [named[at]!, value === '' ? null : value])), line: began }
    }
    fields = []
  }
  if (quoted) throw bad(began, 'a quoted field is not closed')
  if (!columns) throw bad(1, 'the file is empty: its first line must name the columns')
}
