/** The administration interface of one service at its own address; ready as soon as its database answers (at once where it has none). With `server` it obeys control `limit`. */
import { once } from 'node:events'
import type pg from 'pg'
import { startAdminServer, type AdminHandlers } from '../../contracts/admin-server.ts'
import type { Control } from '../../contracts/api/admin.ts'
import type { ServiceConfig } from '../../contracts/process.ts'
import type { BusinessServer } from './business-server.ts'

export async function serveAdmin(
  config: Pick<ServiceConfig, 'id' | 'host' | 'adminPort'>, pool: pg.Pool | null, { server: business, ...handlers }: Omit<AdminHandlers, 'system' | 'ready'> & { server?: Pick<BusinessServer, 'limit' | 'limited'> },
): Promise<AsyncDisposable> {
  const limits = business && { limited: business.limited, control: (control: Control) => business.limit(control) ?? handlers.control(control) }
  const server = await startAdminServer({
    host: config.host, port: config.adminPort,
    systems: new Map([['', { system: config.id, ready: async () => pool === null || (await pool.query('select 1')).rowCount === 1, ...handlers, ...limits }]]),
  })
  return {
    async [Symbol.asyncDispose]() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
