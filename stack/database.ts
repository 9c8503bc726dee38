/**
 * PostgreSQL as the services use it: a database made from a schema file, and pools whose values fit the contracts
 * (bigint → number, since money stays far below 2^53; date → `YYYY-MM-DD`; timestamptz → epoch ms). Parameters for timestamptz are `Date`.
 * Fails with HarnessError POSTGRES_UNREACHABLE, DATABASE_SCHEMA_UNREADABLE or DATABASE_NOT_CREATED.
 */
import { readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { HarnessError } from '../contracts/error.ts'

const REACH_WITHIN_MS = 15_000
const REACH_AGAIN_MS = 100
/**
 * A server that vanished (killed with its network, its address given to another) says no good-bye: a connection that waits for its answer would wait for ever and keep its
 * place in the pool. Node then asks every second whether somebody is there; whoever has the address now resets what he does not know.
 */
const PROBE_AFTER_MS = 1_000
const NAME_FORM = /^[a-z][a-z0-9_]{0,62}$/

/** Connections of each service's pool: the portal carries the load of the night, the others a fraction of it. */
const POOL_SIZES: Record<string, number> = { portal: 8 }
const POOL_SIZE_OTHERS = 4

/** SQLSTATEs of a server that is there but not yet (or not for us) to be used. */
const STARTING_UP = new Set(['57P03', '57P01', '53300'])

const OID = { int8: 20, date: 1082, timestamptz: 1184 } as const
const readTimestamp = pg.types.getTypeParser(OID.timestamptz) as unknown as (text: string) => Date

const types = {
  getTypeParser(oid: number, format?: 'text' | 'binary'): unknown {
    if (format !== 'binary') {
      if (oid === OID.int8) return Number
      if (oid === OID.date) return String
      if (oid === OID.timestamptz) return (text: string) => readTimestamp(text).getTime()
    }
    return pg.types.getTypeParser(oid, format as 'text')
  },
} as pg.CustomTypesConfig

/** `name`: the service's id; it decides the size and stands in pg_stat_activity. */
export function openPool(url: string, name: string, size: number = POOL_SIZES[name] ?? POOL_SIZE_OTHERS): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url, application_name: name, max: size, types, idleTimeoutMillis: 0, connectionTimeoutMillis: 10_000, keepAlive: true, keepAliveInitialDelayMillis: PROBE_AFTER_MS,
  })
  // An idle connection that the server closes is replaced with the next query; without a listener it would end the process.
  pool.on('error', () => {})
  return pool
}

/** Makes the database anew with the schema and gives its URL. `serverUrl` names any database of the server, usually `postgres`. */
export async function createDatabase(serverUrl: string, name: string, schemaFile: string): Promise<string> {
  if (!NAME_FORM.test(name)) throw new Error(`"${name}" is no database name: lower-case letters, digits and _, beginning with a letter`)
  const schema = await readFile(schemaFile, 'utf8').catch((error: Error) => {
    throw new HarnessError({ code: 'DATABASE_SCHEMA_UNREADABLE', what: error.message, where: schemaFile, mend: 'restore the file from the repository' }, { cause: error })
  })
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  try {
    await withClient(serverUrl, (client) => client.query(`create database ${name}`))
    await withClient(url.href, (client) => client.query(schema))
  } catch (error) {
    if (error instanceof HarnessError) throw error
    throw new HarnessError({
      code: 'DATABASE_NOT_CREATED', what: `database "${name}": ${(error as Error).message}`, where: schemaFile,
      mend: 'the server must be empty and its user may create databases',
    }, { cause: error })
  }
  return url.href
}

async function withClient<T>(url: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = await reach(url)
  try { return await use(client) } finally { await client.end() }
}

/** Connects, and again while the server is coming up, for REACH_WITHIN_MS or until the signal. */
export async function reach(url: string, withinMs: number = REACH_WITHIN_MS, signal?: AbortSignal): Promise<pg.Client> {
  const giveUpAt = Date.now() + withinMs
  for (;;) {
    signal?.throwIfAborted()
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: Math.max(1, giveUpAt - Date.now()), types })
    client.on('error', () => {})
    try {
      await client.connect()
      return client
    } catch (error) {
      await client.end().catch(() => {})
      const { code } = error as { code?: string }
      const comingUp = code === undefined || code.startsWith('E') || STARTING_UP.has(code)
      if (!comingUp || Date.now() + REACH_AGAIN_MS >= giveUpAt) {
        const { host } = new URL(url)
        throw new HarnessError({
          code: 'POSTGRES_UNREACHABLE', what: `PostgreSQL at ${host} took no connection within ${withinMs} ms: ${(error as Error).message}`,
          where: host, mend: 'look into the log of PostgreSQL; a port in use or a full disk keeps it from starting',
        }, { cause: error })
      }
      await delay(REACH_AGAIN_MS)
    }
  }
}
