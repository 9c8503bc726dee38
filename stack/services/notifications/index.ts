/** Messages to citizens (contracts/api/inside.ts): sends through the telecom's gateway, takes its delivery receipts, which are signed. */
import { z } from 'zod'
import { SmsReceipt } from '../../../contracts/api/inside.ts'
import { boundWallMs } from '../../../contracts/scenario-clock.ts'
import { openPool } from '../../database.ts'
import { serveAdmin } from '../admin.ts'
import { createBusinessServer } from '../business-server.ts'
import { createHttpClient } from '../http-client.ts'
import { holdScenarioClock } from '../scenario-clock-holder.ts'
import { requireDatabase, requireUrl, type StartService } from '../service.ts'
import { parseBody } from '../service-error.ts'
import { keysOf, signedRoutes } from '../signed-routes.ts'
import { snapshotRows } from '../snapshot-rows.ts'
import { NOTIFICATIONS_EVIDENCE } from './evidence.ts'
import { messageFigures } from './figures.ts'
import { createMessages, SendRequest } from './messages.ts'

/** Assumption (the receipts' convergence bound): after this nobody waits for a receipt any more. */
const RECEIPT_AWAITED_SCENARIO_MS = 10 * 60_000

const FiguresQuery = z.object({ unit: z.string().optional() })

export const start: StartService = async (config) => {
  await using starting = new AsyncDisposableStack()
  const pool = starting.adopt(openPool(requireDatabase(config), 'notifications'), (open) => open.end())
  const http = starting.adopt(createHttpClient(), (open) => open.close())
  const clock = holdScenarioClock(config)
  // Left over from a process that ended between asking the gateway and hearing from it.
  await pool.query(`update messages set status = 'failed', reason = 'interrupted' where status = 'asked'`)
  const messages = createMessages({ pool, http, gatewayUrl: requireUrl(config, 'sms'), receiptUrl: `${requireUrl(config, config.id)}/callbacks/v1/receipts` })

  const server = createBusinessServer({ servedBy: config.id, mode: 'open' })
  starting.defer(() => server.app.close())
  server.app.post('/v1/messages', async ({ body }, reply) => reply.code(202).send(await messages.send(parseBody(SendRequest, body))))
  server.app.get('/v1/figures', async ({ query }) => messageFigures(pool, parseBody(FiguresQuery, query).unit))
  signedRoutes(server.app, keysOf(config, (id) => id === 'sms'), {
    '/callbacks/v1/receipts': {
      idHeader: 'x-gateway',
      async answer({ json }) {
        const receipt = parseBody(SmsReceipt, json)
        await messages.receive(receipt)
        return { messageId: receipt.messageId }
      },
    },
  })

  await server.app.listen({ host: config.host, port: config.port })
  starting.use(await serveAdmin(config, pool, {
    evidence: () => snapshotRows(pool, NOTIFICATIONS_EVIDENCE), pending: () => messages.awaited(boundWallMs(RECEIPT_AWAITED_SCENARIO_MS, clock.timeScale())), served: server.served, server,
    control: (control) => (control.action === 'clock' ? clock.set(control) : undefined),
  }))
  const running = starting.move()
  return { close: () => running.disposeAsync() }
}
