/** SQL that puts statuses just written into the outbox. `source`: a CTE with the columns of dossier_events, for partners also `partner_id` and `origin`. */

const STATUS = `jsonb_build_object('reference', reference, 'dossierCode', dossier_code, 'status', status, 'at', round(extract(epoch from at) * 1000)::bigint, 'source', source)`

export function queuePortalStatuses(source: string): string { return `insert into outbox (topic, payload) select 'portal-status', ${STATUS} from ${source}` }

/** To whoever has the dossier: forwarded to the partner, or come from it. Migrated ones are at no partner. */
export function queuePartnerStatuses(source: string): string {
  return `insert into outbox (topic, payload) select 'partner-status', jsonb_build_object('partner', partner_id, 'status', ${STATUS}) from ${source} where origin <> 'migrated'`
}
