/**
 * Gives migrated dossiers in progress to the coordination system: one `outbox` row each (topic `dossier`, a CoordinationDossier of origin
 * `migrated`), written in the same transaction as the note that it was done. Finished ones stay on the portal only.
 */
import type pg from 'pg'
import type { Mapping } from './mapping.ts'

const HAND_OVER = `
  with due as (
    select d.* from dossiers d where d.origin = 'migrated' and d.status = any($1) and not exists (select from migration.handed_over h where h.code = d.code)
  ), noted as (
    insert into migration.handed_over (code) select code from due
  ), queued as (
    insert into outbox (topic, payload)
    select 'dossier', jsonb_build_object('reference', coalesce(reference, ''), 'dossierCode', code, 'procedureCode', procedure_code, 'unitCode', unit_code, 'applicantName', applicant_name,
      'status', status, 'submittedAt', floor(extract(epoch from submitted_at) * 1000)::bigint, 'origin', 'migrated', 'partner', partner_id)
    from due order by code returning 1
  ) select count(*)::int as queued from queued`

export async function handOver(fresh: pg.Client, mapping: Mapping): Promise<number> {
  const { rows } = await fresh.query<{ queued: number }>(HAND_OVER, [mapping.inProgress])
  return rows[0]!.queued
}
