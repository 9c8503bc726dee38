/** What coordination holds, as evidence rows. */
import type { SnapshotPart } from '../snapshot-rows.ts'

export const COORDINATION_EVIDENCE: readonly SnapshotPart[] = [
  {
    sql: 'select code, reference, status, applicant_name, procedure_code, unit_code, partner_id, origin, level, fee_vnd, due_at, updated_at from dossiers order by code',
    row: (row, seenAt) => ({
      key: `dossier/${row.code}`, op: row.reference || undefined, status: row.status,
      fields: {
        applicantName: row.applicant_name, procedureCode: row.procedure_code, unitCode: row.unit_code, partner: row.partner_id, origin: row.origin,
        level: row.level, feeVnd: row.fee_vnd, dueAt: row.due_at,
      },
      seenAt, sourceAt: row.updated_at,
    }),
  },
  {
    sql: 'select reference, dossier_code, status, source, recorded_at from dossier_events order by reference',
    row: (row, seenAt) => ({
      key: `event/${row.reference}`, op: row.reference, status: row.status, fields: { dossierCode: row.dossier_code, source: row.source }, seenAt, sourceAt: row.recorded_at,
    }),
  },
]
