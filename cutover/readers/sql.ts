/**
 * Reads a system's database: one read-only transaction (repeatable read) for all of its queries, so that they see one snapshot, through a cursor in
 * batches. Column names are the paths of the mapping. Nothing can be written: the transaction itself refuses it.
 */
import pg from 'pg'
import { assertAllowed } from '../allow-list.ts'
import { hostOf } from '../systems.ts'
import { isCertificate } from '../wire.ts'
import { mapRow } from './map-row.ts'
import { ReadError, reader, type ReaderContext } from './reader.ts'

const BATCH = 5_000
/** bigint and numeric as text: amounts are looked at, not rounded. Timestamps as text too, in Vietnam time where they have no zone. */
const AS_TEXT = { getTypeParser: ((oid: number, format?: 'text' | 'binary') => [20, 1700, 1082, 1083, 1114, 1184].includes(oid) ? (text: string) => text : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser }

export const sqlReader = reader<'sql'>({
  by: 'sql',
  async *rows(context, read, _mode, signal) {
    const { system, now } = context
    const client = await connected(context, read.database, read.timeoutMs)
    const onAbort = () => { void client.end().catch(() => {}) }
    signal?.addEventListener('abort', onAbort, { once: true })
    try {
      await asked(context, 'begin', client.query(`set timezone = 'Asia/Ho_Chi_Minh'; set datestyle = 'ISO, YMD'; set statement_timeout = ${read.timeoutMs}; begin isolation level repeatable read read only`))
      for (const [index, records] of read.records.entries()) {
        const where = `read.records[${index}].query`
        const map = mapRow(system.id, records)
        const cursor = `tongduyet_${index}`
        await asked(context, where, client.query(`declare ${cursor} no scroll cursor for ${records.query.replace(/;\s*$/, '')}`))
        for (let done = 0; ;) {
          signal?.throwIfAborted()
          const { rows } = await asked(context, where, client.query<Record<string, unknown>>(`fetch ${BATCH} from ${cursor}`))
          const seenAt = now()
          const mapped = rows.flatMap((row, at) => map(row, `${where} row ${done + at + 1}`, seenAt) ?? [])
          if (mapped.length > 0) yield mapped
          done += rows.length
          if (rows.length < BATCH) break
        }
        await asked(context, where, client.query(`close ${cursor}`))
      }
      await client.query('commit')
    } finally {
      signal?.removeEventListener('abort', onAbort)
      await client.end().catch(() => {})
    }
  },
})

async function connected({ target, system, access }: ReaderContext, ref: string, timeoutMs: number): Promise<pg.Client> {
  const url = access.secretOf(ref)
  if (!URL.canParse(url) || !/^postgres(?:ql)?:$/.test(new URL(url).protocol)) throw new ReadError('READER_UNREACHABLE', system.id, `read.database ${ref}`, 'is no PostgreSQL address such as postgresql://reader@host:5432/portal')
  assertAllowed(`the database of system "${system.id}"`, hostOf(url), target.allow)
  const client = new pg.Client({
    connectionString: url, application_name: 'tongduyet-reader', connectionTimeoutMillis: timeoutMs, types: AS_TEXT,
    ...(access.authority !== undefined && /[?&]sslmode=(?:require|verify)/.test(url) && { ssl: { ca: access.authority } }),
  })
  client.on('error', () => {})
  try {
    await client.connect()
    return client
  } catch (error) {
    await client.end().catch(() => {})
    const { code } = error as { code?: string }
    if (isCertificate(error)) throw new ReadError('READER_CERTIFICATE', system.id, 'read.database', `its certificate is not trusted: ${access.blot((error as Error).message)}`, { cause: error })
    const refused = code !== undefined && /^(?:28|3D|42501)/.test(code)
    throw new ReadError(refused ? 'READER_REFUSED' : 'READER_UNREACHABLE', system.id, 'read.database', `${refused ? 'refuses' : 'cannot be reached'}: ${access.blot((error as Error).message || String(code))}`, { cause: error })
  }
}

/** SQLSTATE classes of data that does not fit: PostgreSQL then shows the value, which may be somebody's name. */
const SHOWS_VALUES = /^(?:22|23|P0)/

/** What PostgreSQL says is told; a query that it does not understand is a mistake of the file, one that it does not allow one of the account. */
async function asked<T>({ system, access }: ReaderContext, where: string, query: Promise<T>): Promise<T> {
  try { return await query } catch (error) {
    const { code = '', message } = error as { code?: string; message: string }
    if (SHOWS_VALUES.test(code)) throw new ReadError('EXPORT_SCHEMA', system.id, where, `a value does not fit the query (SQLSTATE ${code})`)
    throw new ReadError(code === '42501' || code === '25006' ? 'READER_REFUSED' : code.startsWith('42') ? 'EXPORT_SCHEMA' : 'READER_UNREACHABLE', system.id, where, access.blot(message), { cause: error })
  }
}
