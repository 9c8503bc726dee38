/**
 * Reads an export over HTTP, page by page: by page numbers, by a cursor, or by the address of the next page. Bounded in pages and in bytes a page; a page
 * that comes twice, a count that does not fit or an answer that is no JSON makes the whole read fail.
 */
import { z } from 'zod'
import type { HttpRecords } from '../../contracts/target/read.ts'
import { assertAllowed } from '../allow-list.ts'
import { hostOf } from '../systems.ts'
import { WireError } from '../wire.ts'
import { at, mapRow } from './map-row.ts'
import { ReadError, reader, type ReaderContext } from './reader.ts'

const MAX_PAGES = 100_000
const MAX_PAGE_BYTES = 64 << 20
/** Of one page that the system would not give at once. */
const TRIES = 3
const WAIT_MS = 500

export const httpReader = reader<'http'>({
  by: 'http',
  async *rows(context, read, _mode, signal) {
    const { system } = context
    const base = read.url ?? system.url
    if (base === undefined) throw new ReadError('READER_UNREACHABLE', system.id, 'read.url', 'has no address for its export')
    const timeoutMs = read.timeoutMs
    for (const records of read.records) {
      const map = mapRow(system.id, records)
      let came = 0
      let promised: number | undefined
      for await (const { rows, where, total } of pages(context, base, records, { timeoutMs, signal })) {
        const seenAt = context.now()
        came += rows.length
        const mapped = rows.flatMap((row, index) => map(row, `${where} row ${index + 1}`, seenAt) ?? [])
        if (mapped.length > 0) yield mapped
        promised = total ?? promised
      }
      if (promised !== undefined && promised !== came) throw new ReadError('EXPORT_INCOMPLETE', system.id, records.path, `${came} rows came, the export says ${promised} in all`)
    }
  },
})

type Page = { rows: unknown[]; where: string; total: number | undefined }

async function* pages(context: ReaderContext, base: string, records: HttpRecords, limits: { timeoutMs: number; signal: AbortSignal | undefined }): AsyncGenerator<Page> {
  const { system } = context
  const { paging } = records
  const seen = new Set<string>()
  let url = new URL(base.replace(/\/+$/, '') + records.path)
  if (paging && paging.by !== 'link' && paging.size !== undefined && paging.sizeParameter !== undefined) url.searchParams.set(paging.sizeParameter, String(paging.size))
  if (paging?.by === 'page') url.searchParams.set(paging.parameter, String(paging.first))
  for (let page = 1; page <= MAX_PAGES; page += 1) {
    const where = `${records.path}${paging ? ` page ${page}` : ''}`
    if (seen.has(url.href)) throw new ReadError('EXPORT_INCOMPLETE', system.id, where, 'the export leads back to a page that was read already')
    seen.add(url.href)
    const { json, link } = await fetchPage(context, url, where, limits)
    const rows = records.rows === undefined ? json : at(json, records.rows)
    if (!Array.isArray(rows)) throw new ReadError('EXPORT_SCHEMA', system.id, where, records.rows === undefined ? 'the answer is no list; say under "rows:" where the list is' : `"${records.rows}" is no list`)
    const total = records.total === undefined ? undefined : z.int().min(0).safeParse(at(json, records.total))
    if (total && !total.success) throw new ReadError('EXPORT_SCHEMA', system.id, where, `"${records.total}" is no count`)
    yield { rows, where, total: total?.data }
    const next = nextOf(paging, url, json, link, rows.length, page)
    if (!next || (rows.length === 0 && paging?.by !== 'link' && paging?.by !== 'cursor')) return
    assertAllowed(`the next page of "${system.id}"`, hostOf(next.href), context.target.allow)
    if (next.origin !== url.origin) throw new ReadError('EXPORT_INCOMPLETE', system.id, where, 'the next page is at another host, to which no credentials are sent')
    url = next
  }
  throw new ReadError('EXPORT_INCOMPLETE', system.id, records.path, `more than ${MAX_PAGES} pages`)
}

function nextOf(paging: HttpRecords['paging'], url: URL, json: unknown, link: string | undefined, rows: number, page: number): URL | undefined {
  if (!paging) return undefined
  const next = new URL(url)
  switch (paging.by) {
    case 'page': {
      if (rows < paging.size) return undefined
      next.searchParams.set(paging.parameter, String(paging.first + page))
      return next
    }
    case 'cursor': {
      const cursor = at(json, paging.next)
      if (cursor === undefined || cursor === null || cursor === '' || cursor === false) return undefined
      next.searchParams.set(paging.parameter, String(cursor))
      return next
    }
    case 'link': {
      const address = paging.next === undefined ? /<([^>]+)>\s*;[^,]*\brel="?next"?/.exec(link ?? '')?.[1] : at(json, paging.next)
      return typeof address === 'string' && address !== '' ? new URL(address, url) : undefined
    }
  }
}

async function fetchPage(context: ReaderContext, url: URL, where: string, { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal | undefined }): Promise<{ json: unknown; link: string | undefined }> {
  const { system, wire } = context
  for (let tries = 1; ; tries += 1) {
    signal?.throwIfAborted()
    try {
      const answer = await wire.ask(system, url.href, { headers: { accept: 'application/json' }, timeoutMs, signal })
      const text = await boundedText(answer.body, system.id, where)
      const { status } = answer
      if (status >= 500 || status === 429) throw new WireError(`answered ${status}`, false)
      if (status !== 200) throw new ReadError('READER_REFUSED', system.id, where, `answered ${status}${status === 401 || status === 403 ? ': the credentials do not allow this read' : ''}`)
      const link = answer.headers['link']
      try { return { json: JSON.parse(text), link: Array.isArray(link) ? link.join(', ') : link } } catch {
        throw new ReadError('EXPORT_SCHEMA', system.id, where, 'the answer is no JSON')
      }
    } catch (error) {
      if (error instanceof ReadError) throw error
      signal?.throwIfAborted()
      if (error instanceof WireError && error.certificate) throw new ReadError('READER_CERTIFICATE', system.id, where, `its certificate is not trusted: ${error.message}`, { cause: error })
      if (tries === TRIES) throw new ReadError('READER_UNREACHABLE', system.id, where, `cannot be read: ${(error as Error).message}`, { cause: error })
      await new Promise((again) => { setTimeout(again, WAIT_MS * tries) })
    }
  }
}

async function boundedText(body: AsyncIterable<Uint8Array>, system: string, where: string): Promise<string> {
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const piece of body) {
    size += piece.length
    if (size > MAX_PAGE_BYTES) throw new ReadError('EXPORT_INCOMPLETE', system, where, `a page is larger than ${MAX_PAGE_BYTES >> 20} MiB`)
    pieces.push(piece)
  }
  return Buffer.concat(pieces).toString('utf8')
}
