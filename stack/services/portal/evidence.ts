/** What the portal holds, as evidence rows (contracts/evidence.ts). `sourceAt`: when the row was last written, wall clock. */
import { orAbsent, type SnapshotPart } from '../snapshot-rows.ts'

export const PORTAL_EVIDENCE: readonly SnapshotPart[] = [
  {
    sql: `select code, reference, status, applicant_name, procedure_code, unit_code, applicant_id, partner_id, origin, legacy_code, fee_vnd, updated_at
      from dossiers order by code`,
    row: (row, seenAt) => ({
      key: `dossier/${row.code}`, op: orAbsent(row.reference), status: row.status,
      fields: {
        applicantName: row.applicant_name, procedureCode: row.procedure_code, unitCode: row.unit_code, applicantId: row.applicant_id, partner: row.partner_id,
        origin: row.origin, legacyCode: row.legacy_code, feeVnd: row.fee_vnd,
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
  {
    sql: 'select id, reference, person_id, level, begun_at, ended_at from sessions order by id',
    row: (row, seenAt) => ({
      key: `session/${row.id}`, op: row.reference, status: row.ended_at === null ? 'open' : 'ended', fields: { personId: row.person_id, level: row.level },
      seenAt, sourceAt: row.ended_at ?? row.begun_at,
    }),
  },
  {
    // What was paid at the counter was never begun here: it has no bank, and only the row below.
    sql: `select transaction_code, dossier_code, reference, bank, amount_vnd, status, origin, updated_at from payments where bank <> '' order by transaction_code`,
    row: (row, seenAt) => ({
      key: `payment/${row.transaction_code}`, op: orAbsent(row.reference), status: row.status,
      fields: { transactionCode: row.transaction_code, dossierCode: row.dossier_code, amountVnd: row.amount_vnd, bank: row.bank, origin: row.origin }, seenAt, sourceAt: row.updated_at,
    }),
  },
  {
    sql: `select transaction_code, dossier_code, paid_reference, amount_vnd, updated_at from payments where status = 'paid' order by transaction_code`,
    row: (row, seenAt) => ({
      key: `paid/${row.transaction_code}`, op: orAbsent(row.paid_reference), status: 'paid',
      fields: { transactionCode: row.transaction_code, dossierCode: row.dossier_code, amountVnd: row.amount_vnd }, seenAt, sourceAt: row.updated_at,
    }),
  },
  {
    sql: 'select transaction_code, dossier_code, reference, receipt_number, amount_vnd, recorded_at from receipts order by transaction_code',
    row: (row, seenAt) => ({
      key: `receipt/${row.transaction_code}`, op: row.reference,
      fields: { transactionCode: row.transaction_code, dossierCode: row.dossier_code, receiptNumber: row.receipt_number, amountVnd: row.amount_vnd }, seenAt, sourceAt: row.recorded_at,
    }),
  },
  {
    sql: 'select reference, transaction_code, dossier_code, amount_vnd, bank, recorded_at from refunds order by reference',
    row: (row, seenAt) => ({
      key: `refund/${row.reference}`, op: row.reference,
      fields: { transactionCode: row.transaction_code, dossierCode: row.dossier_code, amountVnd: row.amount_vnd, bank: row.bank }, seenAt, sourceAt: row.recorded_at,
    }),
  },
  {
    sql: 'select code, reference, topic, province_id, unit_code, answer_reference, recorded_at from feedback order by code',
    row: (row, seenAt) => ({
      key: `feedback/${row.code}`, op: row.reference, status: row.answer_reference === null ? 'sent' : 'answered',
      fields: { topic: row.topic, provinceId: row.province_id, unitCode: row.unit_code }, seenAt, sourceAt: row.recorded_at,
    }),
  },
  {
    sql: 'select code, unit_code, answer_reference, answer_recorded_at from feedback where answer_reference is not null order by code',
    row: (row, seenAt) => ({
      key: `feedback-answer/${row.code}`, op: row.answer_reference, fields: { feedbackCode: row.code, unitCode: row.unit_code }, seenAt, sourceAt: row.answer_recorded_at,
    }),
  },
  {
    sql: 'select procedure_code, title, level, handled_by, ministry, fee_vnd, cardinality(provinces) as provinces from services order by procedure_code',
    row: (row, seenAt) => ({
      key: `service/${row.procedure_code}`, status: 'published',
      fields: { title: row.title, level: row.level, handledBy: row.handled_by, ministry: row.ministry, feeVnd: row.fee_vnd, provinces: row.provinces }, seenAt,
    }),
  },
]
