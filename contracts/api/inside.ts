/**
 * Between the systems behind the portal. Errors `{error: {code, message}}`. `reference` is the op everywhere.
 *
 * Coordination:  POST /v1/dossiers  {dossiers: CoordinationDossier[]} (≤ 500, idempotent by dossierCode)  → 200 {accepted}
 *                POST /v1/statuses  {statuses: SyncStatus[]} (≤ 500, idempotent by reference)            → 200 {accepted}
 *                It forwards directly submitted dossiers to the partner that handles them (POST partner /v1/forwarded), from a durable outbox with retries.
 * Payments:      POST /v1/transactions {reference, dossierCode, unitCode, amountVnd, bank}  → 201 PaymentAnswer | 422 BENEFICIARY_UNKNOWN | 504 BANK_TIMEOUT | 502
 *                  looks the beneficiary account up by unit code; an account number in the body is refused (400)
 *                GET  /v1/transactions/:code → 200 {transactionCode, status}; status: initiated | qr-issued | paid | failed | expired
 *                POST /callbacks/v1/bank BankCallback (header x-bank, x-signature HMAC-SHA256 hex) → 200; the same again changes nothing; then tells the portal from an outbox
 * Notifications: POST /v1/messages {reference, dossierCode, phone, template} → 202 {messageId, status} | 504 SMS_TIMEOUT | 502
 *                POST /callbacks/v1/receipts SmsReceipt (from the gateway) → 200
 */
import { z } from 'zod'

export const CoordinationDossier = z.strictObject({
  reference: z.string(), dossierCode: z.string(), procedureCode: z.string(), unitCode: z.string(), applicantName: z.string(),
  status: z.string(), submittedAt: z.number(),
  /** `direct`: to be forwarded to `partner`. `synced`: came from `partner`. `migrated`: from the old portal. */
  origin: z.enum(['direct', 'synced', 'migrated']), partner: z.string(),
})
export type CoordinationDossier = z.infer<typeof CoordinationDossier>

export const BankCallback = z.strictObject({
  transactionCode: z.string(), bankReference: z.string(), reference: z.string(), amountVnd: z.int(), paidAt: z.number(),
})
export type BankCallback = z.infer<typeof BankCallback>

export const SmsReceipt = z.strictObject({ messageId: z.string(), gatewayId: z.string(), status: z.enum(['delivered', 'failed']), at: z.number() })
export type SmsReceipt = z.infer<typeof SmsReceipt>
