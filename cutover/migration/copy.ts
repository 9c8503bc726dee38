/**
 * The part that bulk and delta share: reads rows of the old portal in batches from one snapshot, translates them, writes them, counts.
 * Memory is bounded by one batch. `copied` is what the new side holds afterwards, counted there.
 */
import type pg from 'pg'
import type { TextRepair } from '../../contracts/vietnamese-text.ts'
import type { Mapping } from './mapping.ts'
import { writeDossiers, writePayments, type Written } from './new-rows.ts'
import { oldDossiers, oldPayments } from './old-rows.ts'
import { translateDossier, translatePayment, type Refusal, type Translated } from './translate.ts'

export type TableCounts = { read: number; inserted: number; updated: number; unchanged: number; refused: number }
export type CopyCounts = {
  dossiers: TableCounts
  payments: TableCounts
  /** Texts mended, by kind. */
  repairs: Record<TextRepair, number>
  /** The first 100 refused rows; `refused` above counts all. */
  refusals: Refusal[]
  /** Migrated dossiers on the new side afterwards. */
  copied: number
}
export type MigrationEvent = { phase: 'bulk' | 'delta' | 'verify'; table: 'dossiers' | 'payments'; done: number; total: number | null }
export type MigrationOptions = {
  /** PostgreSQL URLs of the old and of the new portal. */
  from: string
  to: string
  mapping: Mapping
  onProgress?: (event: MigrationEvent) => void
  signal?: AbortSignal
}

const REFUSALS_KEPT = 100

export async function copyRows(old: pg.Client, fresh: pg.Client, options: MigrationOptions, phase: 'bulk' | 'delta', since?: string): Promise<CopyCounts> {
  const { mapping, onProgress, signal } = options
  const counts: CopyCounts = { dossiers: none(), payments: none(), repairs: { tcvn3: 0, nfc: 0, spaces: 0 }, refusals: [], copied: 0 }

  async function carry<O, N>(table: 'dossiers' | 'payments', batches: AsyncGenerator<O[]>, total: number, translate: (row: O, mapping: Mapping) => Translated<N>, write: (client: pg.Client, rows: N[]) => Promise<Written>): Promise<void> {
    const tally = counts[table]
    for await (const batch of batches) {
      signal?.throwIfAborted()
      const rows: N[] = []
      for (const row of batch) {
        const translated = translate(row, mapping)
        if ('refusal' in translated) { refuse(tally, [translated.refusal]); continue }
        for (const repair of translated.repairs) counts.repairs[repair] += 1
        rows.push(translated.row)
      }
      const written = await write(fresh, rows)
      refuse(tally, written.refused)
      tally.read += batch.length
      tally.inserted += written.inserted
      tally.updated += written.updated
      tally.unchanged += rows.length - written.inserted - written.updated - written.refused.length
      onProgress?.({ phase, table, done: tally.read, total })
    }
  }

  function refuse(tally: TableCounts, refusals: Refusal[]): void {
    tally.refused += refusals.length
    counts.refusals.push(...refusals.slice(0, Math.max(0, REFUSALS_KEPT - counts.refusals.length)))
  }

  const where = since ? `where capnhat_luc >= '${since}'` : ''
  await old.query('begin isolation level repeatable read read only')
  const { rows: [totals] } = await old.query<{ dossiers: number; payments: number }>(`select (select count(*) from hoso ${where})::int as dossiers, (select count(*) from thanhtoan ${where})::int as payments`)
  await carry('dossiers', oldDossiers(old, mapping, since), totals!.dossiers, translateDossier, writeDossiers)
  await carry('payments', oldPayments(old, mapping, since), totals!.payments, translatePayment, writePayments)
  await old.query('commit')
  const { rows: [held] } = await fresh.query<{ copied: number }>("select count(*)::int as copied from dossiers where origin = 'migrated'")
  counts.copied = held!.copied
  return counts
}

function none(): TableCounts { return { read: 0, inserted: 0, updated: 0, unchanged: 0, refused: 0 } }
