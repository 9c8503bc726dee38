/** SQL that puts what a statement has just written into the outbox, as coordination takes it (contracts/api/inside.ts). */

/** `source`: a CTE with the columns of `dossiers`; `level` and `territory`: SQL of who handles it. */
export function queueDossiers(source: string, { level, territory }: { level: string; territory: string }): string {
  return `insert into outbox (topic, payload) select 'dossier', jsonb_build_object(
    'reference', coalesce(reference, ''), 'dossierCode', code, 'procedureCode', procedure_code, 'unitCode', unit_code, 'applicantName', applicant_name,
    'status', status, 'submittedAt', ${epochMs('submitted_at')}, 'origin', origin, 'partner', partner_id,
    'level', ${level}, 'territory', ${territory}, 'feeVnd', fee_vnd, 'dueAt', ${epochMs('due_at')}) from ${source}`
}

/** `source`: a CTE with the columns of `dossier_events`. Coordination takes a status for a partner's where nothing else is said. */
export function queueStatuses(source: string, setBy: 'partner' | 'citizen'): string {
  return `insert into outbox (topic, payload) select 'status', jsonb_build_object(
    'reference', reference, 'dossierCode', dossier_code, 'status', status, 'at', ${epochMs('at')}${setBy === 'citizen' ? ", 'source', 'citizen'" : ''}) from ${source}`
}

function epochMs(column: string): string { return `round(extract(epoch from ${column}) * 1000)::bigint` }
