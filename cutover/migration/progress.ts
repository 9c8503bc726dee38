/**
 * What the migrator remembers on the new side, in a schema of its own that `undoCopy` drops: from which instant on the next delta must read,
 * and which dossiers in progress the coordination system has been given.
 */
import type pg from 'pg'
import { InputError } from '../../contracts/error.ts'

/** Also catches writers whose clock, not the database's, sets `capnhat_luc`. */
const OVERLAP = "interval '5 minutes'"

/** Batches need not reach the disk one by one: a copy counts only when `rememberReadFrom` has been committed, and that commit takes them along. */
export async function beginCopying(fresh: pg.Client): Promise<void> {
  await fresh.query(`
    set synchronous_commit = off;
    create schema if not exists migration;
    create table if not exists migration.progress (only_row boolean primary key default true check (only_row), read_from timestamptz not null);
    create table if not exists migration.handed_over (code text primary key)`)
}

/**
 * The instant from which changes may be missing in a snapshot that is taken after this call: now, or the start of the oldest transaction
 * still open (its rows will carry that time), less an overlap. Ask before the snapshot: a transaction that ends in between is then in both.
 */
export async function readFromInstant(old: pg.Client): Promise<string> {
  const { rows } = await old.query<{ instant: string }>(`
    select least(now(), (select min(xact_start) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()),
      (select min(prepared) from pg_prepared_xacts)) - ${OVERLAP} as instant`)
  return rows[0]!.instant
}

export async function rememberReadFrom(fresh: pg.Client, instant: string): Promise<void> {
  await fresh.query('set synchronous_commit = on')
  await fresh.query('insert into migration.progress (read_from) values ($1) on conflict (only_row) do update set read_from = excluded.read_from', [instant])
}

export async function recallReadFrom(fresh: pg.Client): Promise<string> {
  const { rows: [there] } = await fresh.query<{ there: string | null }>("select to_regclass('migration.progress') as there")
  const { rows } = there!.there ? await fresh.query<{ read_from: string }>('select read_from from migration.progress') : { rows: [] }
  if (!rows[0]) throw new InputError([{ code: 'MIGRATION_BULK_MISSING', what: 'no bulk copy has been completed into the new database', mend: 'run the bulk copy before the delta' }])
  return rows[0].read_from
}
