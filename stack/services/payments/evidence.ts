/**
 * What the payment system holds, as evidence rows: `payment/<code>` of the operation that created it, `paid/<code>` of the one that paid it at the bank,
 * `counter/<code>` of the one that took the money at the counter, `receipt/<code>` of either, `refund/<reference>`.
 */
import { orAbsent, type SnapshotPart } from '../snapshot-rows.ts'

export const PAYMENTS_EVIDENCE: readonly SnapshotPart[] = [
  {
    sql: `select code, reference, dossier_code, unit_code, amount_vnd, bank, status, reason, updated_at from transactions where method = 'online' order by code`,
    row: (row, seenAt) => ({
      key: `payment/${row.code}`, op: row.reference, status: row.status,
      fields: { transactionCode: row.code, dossierCode: row.dossier_code, unitCode: row.unit_code, amountVnd: row.amount_vnd, bank: row.bank, reason: row.reason }, seenAt, sourceAt: row.updated_at,
    }),
  },
  {
    sql: `select code, paid_reference, dossier_code, unit_code, amount_vnd, bank, bank_reference, updated_at from transactions where status = 'paid' and method = 'online' order by code`,
    row: (row, seenAt) => ({
      key: `paid/${row.code}`, op: orAbsent(row.paid_reference), status: 'paid',
      fields: { transactionCode: row.code, dossierCode: row.dossier_code, unitCode: row.unit_code, amountVnd: row.amount_vnd, bank: row.bank, bankReference: row.bank_reference }, seenAt, sourceAt: row.updated_at,
    }),
  },
  {
    sql: `select code, reference, dossier_code, amount_vnd, purpose, updated_at from transactions where method = 'counter' order by code`,
    row: (row, seenAt) => ({
      key: `counter/${row.code}`, op: row.reference, status: 'paid',
      fields: { transactionCode: row.code, dossierCode: row.dossier_code, amountVnd: row.amount_vnd, purpose: row.purpose }, seenAt, sourceAt: row.updated_at,
    }),
  },
  {
    sql: 'select transaction_code, reference, dossier_code, receipt_number, amount_vnd, recorded_at from receipts order by transaction_code',
    row: (row, seenAt) => ({
      key: `receipt/${row.transaction_code}`, op: row.reference, status: 'issued',
      fields: { transactionCode: row.transaction_code, dossierCode: row.dossier_code, receiptNumber: row.receipt_number, amountVnd: row.amount_vnd }, seenAt, sourceAt: row.recorded_at,
    }),
  },
  {
    sql: 'select reference, transaction_code, dossier_code, amount_vnd, bank, status, updated_at from refunds order by reference',
    row: (row, seenAt) => ({
      key: `refund/${row.reference}`, op: row.reference, status: row.status,
      fields: { transactionCode: row.transaction_code, dossierCode: row.dossier_code, amountVnd: row.amount_vnd, bank: row.bank }, seenAt, sourceAt: row.updated_at,
    }),
  },
]
