/**
 * Dossiers and statuses as coordination keeps them: whole batches in one statement, each row once (dossiers by code, statuses by reference).
 * Of the statuses of a dossier the one with the latest `at` counts, in whatever order they come. What a citizen set is queued for the partner too;
 * what a partner pushed is never sent back to it. Not prepared by name: few large batches, each planned for the tables as they have grown.
 */
import type pg from 'pg'
import type { SyncStatus } from '../../../contracts/api/front.ts'
import type { CoordinationDossier } from '../../../contracts/api/inside.ts'
import type { InTurn } from './in-turn.ts'
import { queuePartnerStatuses } from './status-payload.ts'

const PUT_DOSSIERS = `with incoming as (
    select *, to_timestamp("submittedAt" / 1000.0) as submitted_at, to_timestamp("dueAt" / 1000.0) as due_at
    from jsonb_to_recordset($1::jsonb) as d("dossierCode" text, reference text, "procedureCode" text, "unitCode" text, "applicantName" text, status text,
      "submittedAt" float8, origin text, partner text, level text, territory text, "feeVnd" bigint, "dueAt" float8)),
  inserted as (
    insert into dossiers (code, reference, procedure_code, unit_code, applicant_name, status, status_at, origin, partner_id, submitted_at, level, territory, fee_vnd, due_at)
    select "dossierCode", reference, "procedureCode", "unitCode", "applicantName", coalesce(event.status, incoming.status), event.at, origin, partner, submitted_at,
      level, territory, coalesce("feeVnd", 0), due_at
    from incoming left join lateral (select status, at from dossier_events where dossier_code = "dossierCode" order by at desc, reference desc limit 1) event on true
    on conflict do nothing returning code, partner_id, origin, status_at),
  queued as (
    insert into outbox (topic, payload)
    select 'forward', entry from jsonb_array_elements($1::jsonb) as entry join inserted on inserted.code = entry->>'dossierCode' where entry->>'origin' = 'direct'),
  early as (
    select inserted.partner_id, inserted.origin, event.* from inserted join dossier_events event on event.dossier_code = inserted.code
    where inserted.status_at is not null and event.source = 'citizen'),
  told as (${queuePartnerStatuses('early')})
  select code from inserted`

const PUT_STATUSES = `with incoming as (
    select *, to_timestamp("at" / 1000.0) as pushed_at from jsonb_to_recordset($1::jsonb) as s(reference text, "dossierCode" text, status text, "at" float8, source text)),
  inserted as (
    insert into dossier_events (reference, dossier_code, status, at, source) select reference, "dossierCode", status, pushed_at, coalesce(source, 'partner') from incoming
    on conflict do nothing returning *),
  newest as (select distinct on (dossier_code) dossier_code, status, at from inserted order by dossier_code, at desc, reference desc),
  moved as (
    update dossiers set status = newest.status, status_at = newest.at, updated_at = now()
    from newest where dossiers.code = newest.dossier_code and (dossiers.status_at is null or dossiers.status_at <= newest.at)),
  by_citizens as (select partner_id, origin, inserted.* from inserted join dossiers on dossiers.code = inserted.dossier_code where inserted.source = 'citizen'),
  told as (${queuePartnerStatuses('by_citizens')})
  select reference from inserted`

export function createStore(pool: pg.Pool, inTurn: InTurn) {
  return {
    /** How many were new. */
    putDossiers: (dossiers: readonly CoordinationDossier[]): Promise<number> => inTurn(async () => (
      (await pool.query(PUT_DOSSIERS, [JSON.stringify(dossiers)])).rowCount ?? 0)),
    putStatuses: (statuses: readonly SyncStatus[]): Promise<number> => inTurn(async () => (
      (await pool.query(PUT_STATUSES, [JSON.stringify(statuses)])).rowCount ?? 0)),
  }
}
