/**
 * Dossiers and statuses as coordination keeps them: whole batches in one statement, each row once (dossiers by code, statuses by reference).
 * Of the statuses of a dossier the one with the latest `at` counts, in whatever order they come.
 * Not prepared by name: few large batches, each planned for the tables as they have grown.
 */
import type pg from 'pg'
import type { SyncStatus } from '../../../contracts/api/front.ts'
import type { CoordinationDossier } from '../../../contracts/api/inside.ts'

const PUT_DOSSIERS = `with incoming as (
    select *, to_timestamp("submittedAt" / 1000.0) as submitted_at from jsonb_to_recordset($1::jsonb) as d("dossierCode" text, reference text, "procedureCode" text,
      "unitCode" text, "applicantName" text, status text, "submittedAt" float8, origin text, partner text)),
  inserted as (
    insert into dossiers (code, reference, procedure_code, unit_code, applicant_name, status, status_at, origin, partner_id, submitted_at)
    select "dossierCode", reference, "procedureCode", "unitCode", "applicantName", coalesce(event.status, incoming.status), event.at, origin, partner, submitted_at
    from incoming left join lateral (select status, at from dossier_events where dossier_code = "dossierCode" order by at desc, reference desc limit 1) event on true
    on conflict do nothing returning code),
  queued as (
    insert into outbox (topic, payload)
    select 'forward', entry from jsonb_array_elements($1::jsonb) as entry join inserted on inserted.code = entry->>'dossierCode' where entry->>'origin' = 'direct')
  select code from inserted`

const PUT_STATUSES = `with incoming as (
    select *, to_timestamp("at" / 1000.0) as pushed_at from jsonb_to_recordset($1::jsonb) as s(reference text, "dossierCode" text, status text, "at" float8)),
  inserted as (
    insert into dossier_events (reference, dossier_code, status, at) select reference, "dossierCode", status, pushed_at from incoming
    on conflict do nothing returning dossier_code, status, at, reference),
  newest as (select distinct on (dossier_code) dossier_code, status, at from inserted order by dossier_code, at desc, reference desc),
  moved as (
    update dossiers set status = newest.status, status_at = newest.at, updated_at = now()
    from newest where dossiers.code = newest.dossier_code and (dossiers.status_at is null or dossiers.status_at <= newest.at))
  select reference from inserted`

export function createStore(pool: pg.Pool) {
  // One batch after the other: a status and its dossier in flight side by side must see each other.
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work)
    last = turn.catch(() => {})
    return turn
  }
  return {
    /** How many were new. */
    putDossiers: (dossiers: readonly CoordinationDossier[]): Promise<number> => inTurn(async () => (
      (await pool.query(PUT_DOSSIERS, [JSON.stringify(dossiers)])).rowCount ?? 0)),
    putStatuses: (statuses: readonly SyncStatus[]): Promise<number> => inTurn(async () => (
      (await pool.query(PUT_STATUSES, [JSON.stringify(statuses)])).rowCount ?? 0)),
  }
}
