/**
 * Connections of the migrator: by PostgreSQL URL, values as text in UTC so that instants keep their microseconds, long reads by cursor from
 * one repeatable-read snapshot. Fails with InputError MIGRATION_URL_INVALID or MIGRATION_NOT_A_PORTAL (the wrong database), with HarnessError
 * MIGRATION_UNREACHABLE (which side, which host) or MIGRATION_BUSY (another migrator holds the new side).
 */
import pg from 'pg'
import { HarnessError, InputError } from '../../contracts/error.ts'

export type Sides = { from: string; to: string }
type Side = 'old' | 'new'

/** What each side must have, by which the one is told from the other. */
const TABLES: Record<Side, string[]> = { old: ['hoso', 'thanhtoan', 'so_hoso'], new: ['dossiers', 'payments', 'dossier_events', 'outbox', 'dossier_number'] }
const FETCH_ROWS = 2_000
/** Any fixed number: "one migrator at a time" on the new side. */
export const LOCK_KEY = 7_194_026
const LOCK_WAIT_MS = 3_000
const LOCK_NOT_AVAILABLE = '55P03'

/** All but int4 and booleans stays text: bigint and instants lose nothing. */
const asText = {
  getTypeParser: (oid: number) => oid === pg.types.builtins.INT4 ? Number : oid === pg.types.builtins.BOOL ? (value: string) => value === 't' : String,
} as pg.CustomTypesConfig

/** Runs `use` with a client of each side; both are closed whatever happens, and at once when `signal` fires. */
export function withSides<T>({ from, to }: Sides, signal: AbortSignal | undefined, use: (old: pg.Client, fresh: pg.Client) => Promise<T>): Promise<T> {
  return withClients([['old', from], ['new', to]], signal, ([old, fresh]) => use(old!, fresh!))
}

export function withNewSide<T>(to: string, signal: AbortSignal | undefined, use: (fresh: pg.Client) => Promise<T>): Promise<T> {
  return withClients([['new', to]], signal, ([fresh]) => use(fresh!))
}

async function withClients<T>(sides: [side: Side, url: string][], signal: AbortSignal | undefined, use: (clients: pg.Client[]) => Promise<T>): Promise<T> {
  signal?.throwIfAborted()
  const clients: pg.Client[] = []
  let failure: { reason: unknown } | undefined
  // A statement that runs for long (the money sums of a large table) ends with the signal too.
  const stop = () => { for (const client of clients) (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy() }
  signal?.addEventListener('abort', stop, { once: true })
  try {
    for (const opened of await Promise.allSettled(sides.map(([side, url]) => open(url, side)))) {
      if (opened.status === 'fulfilled') clients.push(opened.value)
      else failure ??= { reason: opened.reason }
    }
    if (failure) throw failure.reason
    signal?.throwIfAborted()
    return await use(clients)
  } catch (error) {
    signal?.throwIfAborted()
    throw error
  } finally {
    signal?.removeEventListener('abort', stop)
    await Promise.all(clients.map((client) => client.end().catch(() => {})))
  }
}

async function open(url: string, side: Side): Promise<pg.Client> {
  if (!/^postgres(ql)?:/.test(url) || !URL.canParse(url)) {
    throw new InputError([{ code: 'MIGRATION_URL_INVALID', what: `the ${side} database's address is not a PostgreSQL URL`, mend: 'write it as postgresql://user:password@host:port/database' }])
  }
  const { host } = new URL(url)
  const client = new pg.Client({ connectionString: url, types: asText, application_name: 'migration', connectionTimeoutMillis: 10_000 })
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query("set timezone = 'UTC'; set datestyle = 'ISO, YMD'")
    await requireTables(client, side, host)
    return client
  } catch (error) {
    await client.end().catch(() => {})
    if (error instanceof InputError) throw error
    throw new HarnessError({ code: 'MIGRATION_UNREACHABLE', what: `the ${side} database: ${(error as Error).message}`, where: host, mend: 'check the URL and that PostgreSQL is up there' }, { cause: error })
  }
}

/** A mistaken URL is told before anything is read or written. */
async function requireTables(client: pg.Client, side: Side, host: string): Promise<void> {
  const { rows } = await client.query<{ name: string }>('select name from unnest($1::text[]) as name where to_regclass(name) is null', [TABLES[side]])
  if (rows.length === 0) return
  throw new InputError([{
    code: 'MIGRATION_NOT_A_PORTAL', what: `the ${side} database "${client.database}" has no ${rows.map((row) => row.name).join(', ')}`, where: host,
    mend: side === 'old' ? 'give the old portal\'s database as the one to copy from' : 'give the new portal\'s database as the one to copy to',
  }])
}

/** Held until the connection closes. Waits a little: the server notices late that an aborted migrator has gone. */
export async function lockNewSide(fresh: pg.Client): Promise<void> {
  try {
    await fresh.query(`set lock_timeout = ${LOCK_WAIT_MS}; select pg_advisory_lock(${LOCK_KEY}); reset lock_timeout`)
  } catch (error) {
    if ((error as { code?: string }).code !== LOCK_NOT_AVAILABLE) throw error
    throw new HarnessError({ code: 'MIGRATION_BUSY', what: 'another migration is writing to the new database', mend: 'wait until it has ended, or end it' }, { cause: error })
  }
}

/** Batches of a select, in its order, through a cursor of the transaction that is open on the client; the next is read while one is worked on. */
export async function* batchesOf<T>(client: pg.Client, name: string, sql: string): AsyncGenerator<T[]> {
  await client.query(`declare ${name} no scroll cursor for ${sql}`)
  const fetch = () => {
    const batch = client.query(`fetch ${FETCH_ROWS} from ${name}`)
    // Where nobody comes back for it, its failure is nobody's.
    batch.catch(() => {})
    return batch
  }
  for (let next = fetch(); ;) {
    const { rows } = await next
    const last = rows.length < FETCH_ROWS
    if (!last) next = fetch()
    if (rows.length > 0) yield rows as T[]
    if (last) break
  }
  await client.query(`close ${name}`)
}

/** Row by row, for merging two sides: `next` awaits only where a batch is used up. */
export class RowCursor<T> {
  readonly #batches: AsyncGenerator<T[]>
  #batch: T[] = []
  #at = 0
  constructor(batches: AsyncGenerator<T[]>) { this.#batches = batches }

  async next(): Promise<T | undefined> {
    if (this.#at >= this.#batch.length) {
      const { value, done } = await this.#batches.next()
      if (done) return undefined
      this.#batch = value
      this.#at = 0
    }
    return this.#batch[this.#at++]
  }
}
