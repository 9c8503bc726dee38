/**
 * Central payment management (contracts/api/inside.ts): looks the beneficiary up by unit code, has the bank issue a QR, takes the bank's signed
 * callback once, lets unpaid QRs expire on the scenario clock; payments at the counter, e-receipts, refunds. Tells others from a durable outbox.
 */
import { z } from 'zod'
import { BankCallback, CounterPayment, RefundOrder } from '../../../contracts/api/inside.ts'
import { openPool } from '../../database.ts'
import { serveAdmin } from '../admin.ts'
import { createBusinessServer } from '../business-server.ts'
import { createHttpClient } from '../http-client.ts'
import { holdScenarioClock } from '../scenario-clock-holder.ts'
import { requireDatabase, requireUrl, type StartService } from '../service.ts'
import { parseBody } from '../service-error.ts'
import { keysOf, signedRoutes } from '../signed-routes.ts'
import { snapshotRows } from '../snapshot-rows.ts'
import { storeAccounts } from './accounts.ts'
import { createCounterPayments } from './counter-payments.ts'
import { startDeliveries } from './deliveries.ts'
import { PAYMENTS_EVIDENCE } from './evidence.ts'
import { paymentFigures } from './figures.ts'
import { createRefunds } from './refunds.ts'
import { createTransactions, CreateTransaction } from './transactions.ts'

const EXPIRY_EVERY_MS = 500

const PaidAtCounter = CounterPayment.extend({ amountVnd: z.int().min(1) })
/** `level` is for systems that know levels; whoever asks for the figures sends the same query to all. */
const FiguresQuery = z.object({ unit: z.string().optional() })

export const start: StartService = async (config) => {
  await using starting = new AsyncDisposableStack()
  const pool = starting.adopt(openPool(requireDatabase(config), 'payments'), (open) => open.end())
  const http = starting.adopt(createHttpClient(), (open) => open.close())
  const clock = holdScenarioClock(config)
  const portalUrl = requireUrl(config, 'portal')
  await storeAccounts(pool)
  // Left over from a process that ended between asking the bank and hearing from it.
  await pool.query(`update transactions set status = 'failed', reason = 'interrupted' where status = 'initiated'`)
  const bankUrl = (bank: string) => bank.startsWith('bank-') && config.urls[bank] ? requireUrl(config, bank) : undefined
  const refunds = createRefunds({ pool, clock, ordered: () => deliveries.refunded() })
  const deliveries = starting.adopt(startDeliveries({ pool, http, portalUrl, bankUrl, credited: refunds.credited }), (open) => open.close())
  const counter = createCounterPayments({ pool, clock, paid: deliveries.paid })
  const transactions = createTransactions({
    pool, http, clock, bankUrl, callbackUrl: `${requireUrl(config, config.id)}/callbacks/v1/bank`, paid: deliveries.paid,
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
  server.app.post('/v1/counter-payments', async ({ body }, reply) => {
    const { created, answer } = await counter.take(parseBody(PaidAtCounter, body))
    return reply.code(created ? 201 : 200).send(answer)
  })
  server.app.post('/v1/refunds', async ({ body }, reply) => {
    const { created, answer } = await refunds.order(parseBody(RefundOrder, body))
    return reply.code(created ? 201 : 200).send(answer)
  })
  server.app.get<{ Params: { code: string } }>('/v1/dossiers/:code/paid', async ({ params }) => ({ paid: await counter.isPaid(params.code) }))
  server.app.get('/v1/figures', async ({ query }) => paymentFigures(pool, parseBody(FiguresQuery, query).unit))
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
    evidence: () => snapshotRows(pool, PAYMENTS_EVIDENCE), pending: deliveries.pending, served: server.served, server,
    control: (control) => (control.action === 'clock' ? clock.set(control) : undefined),
  }))
  const running = starting.move()
  return { close: () => running.disposeAsync() }
}
