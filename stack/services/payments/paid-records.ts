/**
 * SQL for what must follow a payment in the same statement: its e-receipt, and what the portal is told of both (contracts/api/inside.ts, front.ts).
 * `source`: a CTE with the columns of `transactions`, of `receipts` for `queueReceipts`. `day` and `nowMs`: parameters of the statement.
 */
export function queuePaid(source: string): string {
  return `insert into outbox (topic, payload) select 'payment-status', jsonb_build_object(
    'transactionCode', code, 'dossierCode', dossier_code, 'status', status, 'reference', paid_reference, 'paidAt', paid_at) from ${source}`
}

export function issueReceipts(source: string, day: string, nowMs: string): string {
  return `insert into receipts (transaction_code, dossier_code, reference, receipt_number, amount_vnd, issued_at)
    select code, dossier_code, paid_reference, 'BL' || ${day}::text || lpad(nextval('receipt_number')::text, 9, '0'), amount_vnd, ${nowMs}::bigint from ${source} returning *`
}

export function queueReceipts(source: string): string {
  return `insert into outbox (topic, payload) select 'receipt', jsonb_build_object('transactionCode', transaction_code, 'dossierCode', dossier_code,
    'reference', reference, 'receiptNumber', receipt_number, 'amountVnd', amount_vnd, 'issuedAt', issued_at) from ${source}`
}
