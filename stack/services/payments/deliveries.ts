/**
 * What payments owes others, each from its own topic of the outbox: payment statuses one by one, receipts and refunds in batches to the portal,
 * orders to pay back to the banks. `credited` is called before an order counts as delivered.
 */
import type pg from 'pg'
import type { HttpClient } from '../http-client.ts'
import { DeliveryRefused, startOutbox, type OutboxItem } from '../outbox.ts'
import type { CreditOrder } from './refunds.ts'

const STATUS_LANES = 4
const CREDIT_LANES = 2
const BATCH = 200
const GATHER_MS = 50
const TIMEOUT_MS = 5_000

export type Deliveries = ReturnType<typeof startDeliveries>

export function startDeliveries(options: {
  pool: pg.Pool; http: HttpClient; portalUrl: string
  bankUrl: (bank: string) => string | undefined
  credited: (reference: string, bankReference: string) => Promise<void>
}) {
  const { pool, http, portalUrl } = options

  const statuses = startOutbox({
    pool, topic: 'payment-status', batchSize: 1, lanes: STATUS_LANES,
    async deliver([item]) {
      const answer = await http.postJson(`${portalUrl}/internal/v1/payment-statuses`, item!.payload, TIMEOUT_MS)
      if (answer.status !== 200) throw new Error(`the portal answered ${answer.status}`)
    },
  })
  const inBatches = (topic: string, member: string) => startOutbox({
    pool, topic, batchSize: BATCH, lanes: 1, gatherMs: GATHER_MS,
    async deliver(items) {
      const answer = await http.postJson(`${portalUrl}/internal/v1/${member}`, { [member]: items.map((item) => item.payload) }, TIMEOUT_MS)
      if (answer.status === 200) return
      const Refusal = answer.status < 500 ? DeliveryRefused : Error
      throw new Refusal(`the portal answered ${answer.status}: ${answer.body?.error?.message ?? ''}`)
    },
  })
  const receipts = inBatches('receipt', 'receipts')
  const refunds = inBatches('refund', 'refunds')
  const credits = startOutbox({ pool, topic: 'credit', batchSize: 1, lanes: CREDIT_LANES, deliver: async ([item]) => payBack(item!) })

  async function payBack({ payload }: OutboxItem): Promise<void> {
    const { bank, ...order } = payload as CreditOrder
    const bankUrl = options.bankUrl(bank)
    if (bankUrl === undefined) throw new Error(`nobody knows the bank "${bank}"`)
    const answer = await http.postJson(`${bankUrl}/v1/credits`, order, TIMEOUT_MS)
    if ((answer.status !== 201 && answer.status !== 200) || typeof answer.body?.bankReference !== 'string') throw new Error(`${bank} answered ${answer.status}`)
    await options.credited(order.reference, answer.body.bankReference)
    refunds.wake()
  }

  const all = [statuses, receipts, refunds, credits]
  return {
    /** Something was paid. */
    paid(): void { statuses.wake(); receipts.wake() },
    /** A refund was ordered or paid out. */
    refunded(): void { credits.wake(); refunds.wake() },
    pending: async () => (await Promise.all(all.map((outbox) => outbox.pending()))).reduce((sum, pending) => sum + pending, 0),
    close: async () => { await Promise.all(all.map((outbox) => outbox.close())) },
  }
}
