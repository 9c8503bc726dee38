/**
 * Statuses that partners push: applied once for each reference, and only along the transitions of contracts/status.ts. One statement locks
 * the dossier, checks, records the event, moves the dossier and queues the status for coordination. A partner moves only the dossiers that
 * it handles or has synced up; others are unknown to it.
 */
import type pg from 'pg'
import type { SyncStatus } from '../../../contracts/api/front.ts'
import type { DossierStatus } from '../../../contracts/status.ts'
import { REACHED_FROM } from '../reached-from.ts'
import { ServiceError } from '../service-error.ts'
import { queueStatuses } from './coordination-payload.ts'

const APPLY = `with target as (select code, status from dossiers where code = $2 and partner_id = $5 for update),
  event as (
    insert into dossier_events (reference, dossier_code, status, at, source)
    select $1, code, $3, $4, $5 from target where status = any($6)
    on conflict (reference) do nothing returning *),
  moved as (update dossiers set status = $3, status_at = $4, updated_at = now() from event where dossiers.code = event.dossier_code),
  queued as (${queueStatuses('event', 'partner')})
  select reference from event`

export function createSyncStatuses(pool: pg.Pool, queued: () => void) {
  return async (push: Omit<SyncStatus, 'source'> & { status: DossierStatus }, partnerId: string): Promise<'applied' | 'unchanged'> => {
    const applied = await pool.query({
      name: 'sync-status', text: APPLY, values: [push.reference, push.dossierCode, push.status, new Date(push.at), partnerId, REACHED_FROM[push.status]],
    })
    if (applied.rowCount === 1) {
      queued()
      return 'applied'
    }
    const { rows: [known] } = await pool.query({ name: 'event-known', text: 'select dossier_code, status from dossier_events where reference = $1', values: [push.reference] })
    if (known?.dossier_code === push.dossierCode && known.status === push.status) return 'unchanged'
    if (known) throw new ServiceError(409, 'CONFLICT', `reference "${push.reference}" carried status ${known.status} of ${known.dossier_code}`)
    const { rows: [dossier] } = await pool.query({ name: 'status-of', text: 'select status from dossiers where code = $1 and partner_id = $2', values: [push.dossierCode, partnerId] })
    if (!dossier) throw new ServiceError(404, 'DOSSIER_UNKNOWN', `${partnerId} has no dossier "${push.dossierCode}" on the portal`)
    throw new ServiceError(409, 'TRANSITION_FORBIDDEN', `${push.dossierCode} is "${dossier.status}" and cannot become "${push.status}"`)
  }
}
