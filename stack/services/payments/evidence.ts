/** What the payment system holds, as evidence rows: `payment/<code>` of the operation that created it, `paid/<code>` of the one that paid it. */
import { orAbsent, type SnapshotPart } from '../snapshot-rows.ts'

export const PAYMENTS_EVIDENCE: readonly SnapshotPart[] = [
  {
    sql: 'select code, reference, dossier_code, unit_code, amount_vnd, bank, status, reason, updated_at from transactions order by code',
    row: (row, seenAt) => ({
      key: `payment/${row.code}`, op: row.reference, status: row.status,
      fields: { transactionCode: row.code, dossierCode: row.dossier_code, unitCode: row.unit_code, amountVnd: row.amount_vnd, bank: row.bank, reason: row.reason }, seenAt, sourceAt: row.updated_at,
    }),
  },
  {
    sql: `select code, paid_reference, dossier_code, unit_code, amount_vnd, bank, bank_reference, updated_at from transactions where status = 'paid' order by code`,
    row: (row, seenAt) => ({
      key: `paid/${row.code}`, op: orAbsent(row.paid_reference), status: 'paid',
      fields: { transactionCode: row.code, dossierCode: row.dossier_code, unitCode: row.unit_code, amountVnd: row.amount_vnd, bank: row.bank, bankReference: row.bank_reference }, seenAt, sourceAt: row.updated_at,
    }),
  },
]
