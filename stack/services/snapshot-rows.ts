/**
 * Evidence out of PostgreSQL: rows of several selects from ONE repeatable-read snapshot, streamed with a cursor, so that a read
 * neither mixes two moments nor holds a table in memory. Each part: `sql` (no parameters) and how a row of it becomes an evidence row.
 */
import type pg from 'pg'
import type { EvidenceRow } from '../../contracts/evidence.ts'

export type SnapshotPart = { sql: string; row: (record: any, seenAt: number) => EvidenceRow }

const FETCH_ROWS = 2_000

export async function* snapshotRows(pool: pg.Pool, parts: readonly SnapshotPart[]): AsyncGenerator<EvidenceRow> {
  const client = await pool.connect()
  let open = true
  try {
    await client.query('begin isolation level repeatable read read only')
    for (const [index, part] of parts.entries()) {
      const cursor = `evidence_${index}`
      await client.query(`declare ${cursor} no scroll cursor for ${part.sql}`)
      for (;;) {
        const { rows } = await client.query(`fetch ${FETCH_ROWS} from ${cursor}`)
        const seenAt = Date.now()
        for (const record of rows) yield part.row(record, seenAt)
        if (rows.length < FETCH_ROWS) break
      }
      await client.query(`close ${cursor}`)
    }
    await client.query('commit')
    open = false
  } finally {
    // An error, or a reader that went away in the middle: the connection is not used again.
    client.release(open)
  }
}

/** Undefined for null, as evidence rows leave members out. */
export function orAbsent<T>(value: T | null | undefined): T | undefined { return value ?? undefined }
