/**
 * What coordination owes others, each from the outbox until it has arrived: direct dossiers to the partner that handles them, statuses to the portal
 * in the order in which they were set, and to the partners. A status never overtakes its dossier on the way to a partner.
 */
import type pg from 'pg'
import type { CoordinationDossier } from '../../../contracts/api/inside.ts'
import type { SyncStatus } from '../../../contracts/api/front.ts'
import type { HttpClient } from '../http-client.ts'
import { DeliveryRefused, startOutbox, type OutboxItem } from '../outbox.ts'

const TIMEOUT_MS = 5_000
const FORWARD_LANES = 8
const STATUS_BATCH = 500
const STATUS_LANES = 4
const GATHER_MS = 50

export type Deliveries = { forwarding: { wake: () => void }; statusesSet: () => void; pending: () => Promise<number>; close: () => Promise<void> }
type ForPartner = { partner: string; status: SyncStatus }

const NOT_YET_FORWARDED = `select payload->>'dossierCode' as code from outbox where topic = 'forward' and payload->>'dossierCode' = any($1)`

export function startDeliveries({ pool, http, portalUrl, partnerUrl }: { pool: pg.Pool; http: HttpClient; portalUrl: string; partnerUrl: (partner: string) => string }): Deliveries {
  const forwarding = startOutbox({
    pool, topic: 'forward', batchSize: 1, lanes: FORWARD_LANES,
    async deliver([item]) {
      const dossier = item!.payload as CoordinationDossier
      const answer = await http.postJson(`${partnerUrl(dossier.partner)}/v1/forwarded`, dossier, TIMEOUT_MS)
      if (answer.status !== 200) throw new Error(`${dossier.partner} answered ${answer.status}`)
    },
  })

  const toPortal = startOutbox({
    pool, topic: 'portal-status', batchSize: STATUS_BATCH, lanes: 1, gatherMs: GATHER_MS, inOrder: true,
    async deliver(items) {
      const answer = await http.postJson(`${portalUrl}/internal/v1/statuses`, { statuses: items.map((item) => item.payload) }, TIMEOUT_MS)
      if (answer.status === 200) return
      const Refusal = answer.status < 500 ? DeliveryRefused : Error
      throw new Refusal(`the portal answered ${answer.status}: ${answer.body?.error?.message ?? ''}`)
    },
  })

  const toPartners = startOutbox({
    pool, topic: 'partner-status', batchSize: STATUS_BATCH, lanes: STATUS_LANES, gatherMs: GATHER_MS,
    async deliver(items) {
      const codes = items.map((item) => (item.payload as ForPartner).status.dossierCode)
      const early = new Set((await pool.query<{ code: string }>(NOT_YET_FORWARDED, [codes])).rows.map((row) => row.code))
      const left: OutboxItem[] = items.filter((_, index) => early.has(codes[index]!))
      const byPartner = Map.groupBy(items.filter((_, index) => !early.has(codes[index]!)), (item) => (item.payload as ForPartner).partner)
      await Promise.all([...byPartner].map(async ([partner, group]) => {
        if (!await arrived(partner, group.map((item) => (item.payload as ForPartner).status))) left.push(...group)
      }))
      return left
    },
  })

  async function arrived(partner: string, statuses: SyncStatus[]): Promise<boolean> {
    try { return (await http.postJson(`${partnerUrl(partner)}/v1/statuses`, { statuses }, TIMEOUT_MS)).status === 200 } catch { return false }
  }

  const all = [forwarding, toPortal, toPartners]
  return {
    forwarding,
    statusesSet: () => { toPortal.wake(); toPartners.wake() },
    pending: async () => (await Promise.all(all.map((outbox) => outbox.pending()))).reduce((sum, pending) => sum + pending, 0),
    close: async () => { await Promise.all(all.map((outbox) => outbox.close())) },
  }
}
