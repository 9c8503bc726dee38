/** What coordination holds, as evidence rows. */
import type { SnapshotPart } from '../snapshot-rows.ts'

export const COORDINATION_EVIDENCE: readonly SnapshotPart[] = [
  {
    sql: 'select code, reference, status, applicant_name, procedure_code, unit_code, partner_id, origin, updated_at from dossiers order by code',
    row: (row, seenAt) => ({
      key: `dossier/${row.code}`, op: row.reference || undefined, status: row.status,
      fields: { applicantName: row.applicant_name, procedureCode: row.procedure_code, unitCode: row.unit_code, partner: row.partner_id, origin: row.origin },
      seenAt, sourceAt: row.updated_at,
    }),
  },
  {
    sql: 'select reference, dossier_code, status, recorded_at from dossier_events order by reference',
    row: (row, seenAt) => ({
      key: `event/${row.reference}`, op: row.reference, status: row.status, fields: { dossierCode: row.dossier_code }, seenAt, sourceAt: row.recorded_at,
    }),
  },
]
