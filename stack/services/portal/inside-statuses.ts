/**
 * Statuses that coordination tells of, set there by staff: whole batches in one statement, each once for its reference. Of the statuses of a dossier
 * the one with the latest `at` counts, in whatever order they come. A batch with a dossier that is not here is refused whole (404 DOSSIER_UNKNOWN).
 * Not prepared by name: few batches, each planned for the tables as they have grown.
 */
import type pg from 'pg'
import type { SyncStatus } from '../../../contracts/api/front.ts'
import { ServiceError } from '../service-error.ts'

const PUT = `with incoming as (
    select *, to_timestamp("at" / 1000.0) as set_at from jsonb_to_recordset($1::jsonb) as s(reference text, "dossierCode" text, status text, "at" float8, source text)),
  strange as (select "dossierCode" from incoming where not exists (select from dossiers where code = "dossierCode")),
  inserted as (
    insert into dossier_events (reference, dossier_code, status, at, source) select reference, "dossierCode", status, set_at, coalesce(source, 'staff') from incoming
    where not exists (select from strange) on conflict do nothing returning *),
  newest as (select distinct on (dossier_code) dossier_code, status, at from inserted order by dossier_code, at desc, reference desc),
  moved as (
    update dossiers set status = newest.status, status_at = newest.at, updated_at = now()
    from newest where dossiers.code = newest.dossier_code and (dossiers.status_at is null or dossiers.status_at <= newest.at))
  select "dossierCode" as strange from strange limit 1`

export function createInsideStatuses(pool: pg.Pool) {
  return async (statuses: readonly SyncStatus[]): Promise<void> => {
    const { rows: [unknown] } = await pool.query<{ strange: string }>(PUT, [JSON.stringify(statuses)])
    if (unknown) throw new ServiceError(404, 'DOSSIER_UNKNOWN', `the portal has no dossier "${unknown.strange}"; nothing of the batch was stored`)
  }
}
