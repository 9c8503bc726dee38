/** E-receipts and refunds as the payment system tells of them: whole batches, each once (receipts by transaction, refunds by reference). */
import type pg from 'pg'
import type { PaymentReceipt, PaymentRefund } from '../../../contracts/api/inside.ts'

const RECEIPTS = `insert into receipts (transaction_code, dossier_code, reference, receipt_number, amount_vnd, issued_at)
  select "transactionCode", "dossierCode", reference, "receiptNumber", "amountVnd", to_timestamp("issuedAt" / 1000.0)
  from jsonb_to_recordset($1::jsonb) as r("transactionCode" text, "dossierCode" text, reference text, "receiptNumber" text, "amountVnd" bigint, "issuedAt" float8)
  on conflict do nothing`

const REFUNDS = `insert into refunds (reference, transaction_code, dossier_code, amount_vnd, bank, refunded_at)
  select reference, "transactionCode", "dossierCode", "amountVnd", bank, to_timestamp("refundedAt" / 1000.0)
  from jsonb_to_recordset($1::jsonb) as r(reference text, "transactionCode" text, "dossierCode" text, "amountVnd" bigint, bank text, "refundedAt" float8)
  on conflict do nothing`

export function createMoneyRecords(pool: pg.Pool) {
  return {
    takeReceipts: async (receipts: readonly PaymentReceipt[]): Promise<void> => { await pool.query({ name: 'receipts', text: RECEIPTS, values: [JSON.stringify(receipts)] }) },
    takeRefunds: async (refunds: readonly PaymentRefund[]): Promise<void> => { await pool.query({ name: 'refunds', text: REFUNDS, values: [JSON.stringify(refunds)] }) },
  }
}

export type MoneyRecords = ReturnType<typeof createMoneyRecords>
