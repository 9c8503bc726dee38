/** What the portal owes the systems behind it, from its outbox in batches of up to 500 (contracts/api/inside.ts), each kind beside the others. */
import type pg from 'pg'
import type { HttpClient } from '../http-client.ts'
import { DeliveryRefused, startOutbox, type Outbox } from '../outbox.ts'

const BATCH = 500
const GATHER_MS = 50
const TIMEOUT_MS = 10_000

export type Deliveries = { dossiers: Outbox; statuses: Outbox; feedback: Outbox; pending: () => Promise<number>; close: () => Promise<void> }

export function startDeliveries({ pool, http, coordinationUrl, feedbackUrl }: { pool: pg.Pool; http: HttpClient; coordinationUrl: string; feedbackUrl: string }): Deliveries {
  const carry = (topic: string, url: string, member: string) => startOutbox({
    pool, topic, batchSize: BATCH, lanes: 1, gatherMs: GATHER_MS,
    async deliver(items) {
      const answer = await http.postJson(url, { [member]: items.map((item) => item.payload) }, TIMEOUT_MS)
      if (answer.status === 200) return
      const Refusal = answer.status < 500 ? DeliveryRefused : Error
      throw new Refusal(`${url} answered ${answer.status}: ${answer.body?.error?.message ?? ''}`)
    },
  })
  const outboxes = {
    dossiers: carry('dossier', `${coordinationUrl}/v1/dossiers`, 'dossiers'),
    statuses: carry('status', `${coordinationUrl}/v1/statuses`, 'statuses'),
    feedback: carry('feedback', `${feedbackUrl}/v1/feedback`, 'items'),
  }
  const all = Object.values(outboxes)
  return {
    ...outboxes,
    pending: async () => (await Promise.all(all.map((outbox) => outbox.pending()))).reduce((sum, pending) => sum + pending, 0),
    close: async () => { await Promise.all(all.map((outbox) => outbox.close())) },
  }
}
