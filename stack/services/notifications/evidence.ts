/** What notifications hold, as evidence rows. `receipt`: whether the gateway reported delivery, also for a message that timed out before. */
import type { SnapshotPart } from '../snapshot-rows.ts'

export const NOTIFICATIONS_EVIDENCE: readonly SnapshotPart[] = [
  {
    sql: 'select id, reference, dossier_code, status, gateway_id, reason, receipt_at is not null as receipt, updated_at from messages order by id',
    row: (row, seenAt) => ({
      key: `sms/${row.id}`, op: row.reference, status: row.status,
      fields: { dossierCode: row.dossier_code, gatewayId: row.gateway_id, reason: row.reason, receipt: row.receipt }, seenAt, sourceAt: row.updated_at,
    }),
  },
]
