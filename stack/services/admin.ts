/** The administration interface of one service at its own address; ready as soon as its database answers. */
import { once } from 'node:events'
import type pg from 'pg'
import { startAdminServer, type AdminHandlers } from '../../contracts/admin-server.ts'
import type { ServiceConfig } from '../../contracts/process.ts'

export async function serveAdmin(
  config: Pick<ServiceConfig, 'id' | 'host' | 'adminPort'>, pool: pg.Pool, handlers: Omit<AdminHandlers, 'system' | 'ready'>,
): Promise<AsyncDisposable> {
  const server = await startAdminServer({
    host: config.host, port: config.adminPort,
    systems: new Map([['', { system: config.id, ready: async () => (await pool.query('select 1')).rowCount === 1, ...handlers }]]),
  })
  return {
    async [Symbol.asyncDispose]() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
