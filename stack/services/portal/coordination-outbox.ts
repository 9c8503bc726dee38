/** From the portal's outbox to coordination, in batches of up to 500 (contracts/api/inside.ts), dossiers and statuses side by side. */
import type pg from 'pg'
import type { HttpClient } from '../http-client.ts'
import { DeliveryRefused, startOutbox, type Outbox } from '../outbox.ts'

const BATCH = 500
const GATHER_MS = 50
const TIMEOUT_MS = 10_000

export type CoordinationOutbox = { dossiers: Outbox; statuses: Outbox; close: () => Promise<void> }

export function startCoordinationOutbox({ pool, http, coordinationUrl }: { pool: pg.Pool; http: HttpClient; coordinationUrl: string }): CoordinationOutbox {
  const carry = (topic: string, member: 'dossiers' | 'statuses') => startOutbox({
    pool, topic, batchSize: BATCH, lanes: 1, gatherMs: GATHER_MS,
    async deliver(items) {
      const answer = await http.postJson(`${coordinationUrl}/v1/${member}`, { [member]: items.map((item) => item.payload) }, TIMEOUT_MS)
      if (answer.status === 200) return
      const Refusal = answer.status < 500 ? DeliveryRefused : Error
      throw new Refusal(`coordination answered ${answer.status}: ${answer.body?.error?.message ?? ''}`)
    },
  })
  const dossiers = carry('dossier', 'dossiers')
  const statuses = carry('status', 'statuses')
  return { dossiers, statuses, close: async () => { await Promise.all([dossiers.close(), statuses.close()]) } }
}
