/**
 * Central payment management (contracts/api/inside.ts): looks the beneficiary up by unit code, has the bank issue a QR, takes the bank's signed
 * callback once, tells the portal from a durable outbox, and lets unpaid QRs expire on the scenario clock.
 */
import { BankCallback } from '../../../contracts/api/inside.ts'
import { openPool } from '../../database.ts'
import { serveAdmin } from '../admin.ts'
import { createBusinessServer } from '../business-server.ts'
import { createHttpClient } from '../http-client.ts'
import { startOutbox } from '../outbox.ts'
import { holdScenarioClock } from '../scenario-clock-holder.ts'
import { requireDatabase, requireUrl, type StartService } from '../service.ts'
import { parseBody } from '../service-error.ts'
import { keysOf, signedRoutes } from '../signed-routes.ts'
import { snapshotRows } from '../snapshot-rows.ts'
import { storeAccounts } from './accounts.ts'
import { PAYMENTS_EVIDENCE } from './evidence.ts'
import { createTransactions, CreateTransaction } from './transactions.ts'

const PORTAL_LANES = 4
const PORTAL_TIMEOUT_MS = 5_000
const EXPIRY_EVERY_MS = 500

export const start: StartService = async (config) => {
  await using starting = new AsyncDisposableStack()
  const pool = starting.adopt(openPool(requireDatabase(config), 'payments'), (open) => open.end())
  const http = starting.adopt(createHttpClient(), (open) => open.close())
  const clock = holdScenarioClock(config)
  const portalUrl = requireUrl(config, 'portal')
  await storeAccounts(pool)
  // Left over from a process that ended between asking the bank and hearing from it.
  await pool.query(`update transactions set status = 'failed', reason = 'interrupted' where status = 'initiated'`)
  const outbox = starting.adopt(startOutbox({
    pool, topic: 'payment-status', batchSize: 1, lanes: PORTAL_LANES,
    async deliver([item]) {
      const answer = await http.postJson(`${portalUrl}/internal/v1/payment-statuses`, item!.payload, PORTAL_TIMEOUT_MS)
      if (answer.status !== 200) throw new Error(`the portal answered ${answer.status}`)
    },
  }), (open) => open.close())
  const transactions = createTransactions({
    pool, http, clock, bankUrl: (bank) => bank.startsWith('bank-') && config.urls[bank] ? requireUrl(config, bank) : undefined,
    callbackUrl: `${requireUrl(config, config.id)}/callbacks/v1/bank`, paid: outbox.wake,
  })
  const expiry = setInterval(() => { transactions.expire().catch((error: Error) => process.stderr.write(`payments: ${error.message}\n`)) }, EXPIRY_EVERY_MS)
  starting.defer(() => clearInterval(expiry))

  const server = createBusinessServer({ servedBy: config.id, mode: 'open' })
  starting.defer(() => server.app.close())
  server.app.post('/v1/transactions', async ({ body }, reply) => {
    const { created, answer } = await transactions.create(parseBody(CreateTransaction, body))
    return reply.code(created ? 201 : 200).send(answer)
  })
  server.app.get<{ Params: { code: string } }>('/v1/transactions/:code', ({ params }) => transactions.statusOf(params.code))
  signedRoutes(server.app, keysOf(config, (id) => id.startsWith('bank-')), {
    '/callbacks/v1/bank': {
      idHeader: 'x-bank',
      async answer({ signer, json }) {
        const callback = parseBody(BankCallback, json)
        await transactions.settle(signer, callback)
        return { transactionCode: callback.transactionCode }
      },
    },
  })

  await server.app.listen({ host: config.host, port: config.port })
  starting.use(await serveAdmin(config, pool, {
    evidence: () => snapshotRows(pool, PAYMENTS_EVIDENCE), pending: outbox.pending, served: server.served,
    control: (control) => (control.action === 'clock' ? clock.set(control) : undefined),
  }))
  const running = starting.move()
  return { close: () => running.disposeAsync() }
}
