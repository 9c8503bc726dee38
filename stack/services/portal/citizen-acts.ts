/**
 * What a citizen does with a dossier of their own after submitting it: answers a supplement that was asked, or withdraws it. One statement locks the
 * dossier, checks the process (contracts/status.ts), records the event once for its reference, moves the dossier and queues the status for
 * coordination. Throws ServiceError 404 DOSSIER_UNKNOWN (also where it is somebody else's), 409 TRANSITION_FORBIDDEN, 409 CONFLICT.
 */
import type pg from 'pg'
import type { DossierStatus } from '../../../contracts/status.ts'
import { REACHED_FROM } from '../reached-from.ts'
import { ServiceError } from '../service-error.ts'
import { queueStatuses } from './coordination-payload.ts'

const ACT = `with target as (select code, status, status_at from dossiers where (code = $2 or legacy_code = $2) and applicant_id = $3 for update),
  event as (
    insert into dossier_events (reference, dossier_code, status, at, source, note)
    select $1, code, $4, greatest($5::timestamptz, status_at + interval '1 millisecond'), 'citizen', $7 from target where status = any($6)
    on conflict (reference) do nothing returning *),
  moved as (update dossiers set status = event.status, status_at = event.at, updated_at = now() from event where dossiers.code = event.dossier_code),
  queued as (${queueStatuses('event', 'citizen')})
  select target.code, target.status as before, event.reference is not null as applied from target left join event on true`

export const CITIZEN_ACTS = {
  supplement: { status: 'in-process', from: ['supplement-asked'] },
  withdrawal: { status: 'withdrawn', from: REACHED_FROM['withdrawn'].filter((status) => status !== 'withdrawn') },
} as const satisfies Record<string, { status: DossierStatus; from: readonly DossierStatus[] }>
export type CitizenAct = keyof typeof CITIZEN_ACTS

type Answer = { created: boolean; answer: { dossierCode: string; status: string } }

export function createCitizenActs(pool: pg.Pool, queued: () => void) {
  return async (act: CitizenAct, { person, code, reference, note, nowMs }: { person: string; code: string; reference: string; note: string; nowMs: number }): Promise<Answer> => {
    const { status, from } = CITIZEN_ACTS[act]
    const { rows: [target] } = await pool.query<{ code: string; before: string; applied: boolean }>({
      name: 'citizen-act', text: ACT, values: [reference, code, person, status, new Date(Math.round(nowMs)), from, note],
    })
    if (!target) throw new ServiceError(404, 'DOSSIER_UNKNOWN', `you have no dossier "${code}"`)
    const answer = { dossierCode: target.code, status }
    if (target.applied) {
      queued()
      return { created: true, answer }
    }
    const { rows: [known] } = await pool.query({ name: 'event-known', text: 'select dossier_code, status from dossier_events where reference = $1', values: [reference] })
    if (known?.dossier_code === target.code && known.status === status) return { created: false, answer }
    if (known) throw new ServiceError(409, 'CONFLICT', `reference "${reference}" stands for something else`)
    throw new ServiceError(409, 'TRANSITION_FORBIDDEN', `${target.code} is "${target.before}": ${act === 'supplement' ? 'nothing was asked' : 'it cannot be withdrawn any more'}`)
  }
}
