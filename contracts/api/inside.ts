/**
 * Between the systems behind the portal. Errors `{error: {code, message}}`. `reference` is the op everywhere.
 *
 * Coordination:  POST /v1/dossiers  {dossiers: CoordinationDossier[]} (≤ 500, idempotent by dossierCode)  → 200 {accepted}
 *                POST /v1/statuses  {statuses: SyncStatus[]} (≤ 500, idempotent by reference)            → 200 {accepted}
 *                (and from the portal: what citizens set, supplement and withdrawal, comes in /v1/statuses too, with `source`, and goes on to the partner)
 *                GET  /v1/figures?unit=CODE&level=LEVEL → 200 Figures: dossiers.total, .direct .synced .migrated, one per status (dossiers.received, …), .overdue, .dueSoon (by the end of the next working day)
 *                Staff work on it by `contracts/api/staff.ts`; what they set goes to the portal (/internal/v1/statuses) and to the partner that handles the dossier (POST partner /v1/statuses) from an outbox.
 *                It forwards directly submitted dossiers to the partner that handles them (POST partner /v1/forwarded), from a durable outbox with retries.
 * Payments:      POST /v1/transactions {reference, dossierCode, unitCode, amountVnd, bank}  → 201 PaymentAnswer | 422 BENEFICIARY_UNKNOWN | 504 BANK_TIMEOUT | 502
 *                  looks the beneficiary account up by unit code; an account number in the body is refused (400)
 *                GET  /v1/transactions/:code → 200 {transactionCode, status}; status: initiated | qr-issued | paid | failed | expired
 *                POST /callbacks/v1/bank BankCallback (header x-bank, x-signature HMAC-SHA256 hex) → 200; the same again changes nothing; then tells the portal from an outbox
 *                POST /v1/counter-payments CounterPayment (from coordination)  → 201 {transactionCode, amountVnd} | 200 the same again | 409 ALREADY_PAID | 422 BENEFICIARY_UNKNOWN
 *                POST /v1/refunds RefundOrder (from coordination)              → 201 {transactionCode, amountVnd} | 200 the same again | 404 NOTHING_PAID | 409 ALREADY_REFUNDED
 *                  a refund of an online payment is ordered at the bank (POST bank /v1/credits) from an outbox; of a counter payment it is paid out at the counter
 *                GET  /v1/dossiers/:code/paid → 200 {paid}
 *                An e-receipt is issued for whatever was paid (record `receipt/<transactionCode>`), and told to the portal from an outbox
 * Feedback:      POST /v1/feedback {items: FeedbackItem[]} (≤ 500, from the portal, idempotent by feedbackCode)  → 200 {accepted}
 *                Staff answer by `contracts/api/staff.ts`; answers go to the portal (/internal/v1/feedback-answers) from an outbox.
 * Statistics:    GET /v1/report?unit=CODE&level=LEVEL (Bearer token of staff) → 200 Report: counted at the moment from coordination, payments, notifications and feedback (GET /v1/figures of each, inside)
 * Notifications: POST /v1/messages {reference, dossierCode, phone, template} → 202 {messageId, status} | 504 SMS_TIMEOUT | 502
 *                POST /callbacks/v1/receipts SmsReceipt (from the gateway) → 200
 */
import { z } from 'zod'
import { SMS_FAILURES } from '../reference/sms-gateways.ts'

export const CoordinationDossier = z.strictObject({
  reference: z.string(), dossierCode: z.string(), procedureCode: z.string(), unitCode: z.string(), applicantName: z.string(),
  status: z.string(), submittedAt: z.number(),
  /** `direct`: to be forwarded to `partner`. `synced`: came from `partner`. `migrated`: from the old portal. */
  origin: z.enum(['direct', 'synced', 'migrated']), partner: z.string(),
  /** Level at which it is handled, fee and deadline as the portal holds them. */
  level: z.enum(['ministry', 'province', 'commune']).nullable().default(null), feeVnd: z.int().default(0), dueAt: z.number().nullable().default(null),
  /** Unit code of the province whose officers handle it, also where the ministry's central system does; null where only the ministry's do. */
  territory: z.string().nullable().default(null),
})
export type CoordinationDossier = z.infer<typeof CoordinationDossier>

export const BankCallback = z.strictObject({
  transactionCode: z.string(), bankReference: z.string(), reference: z.string(), amountVnd: z.int(), paidAt: z.number(),
})
export type BankCallback = z.infer<typeof BankCallback>

/** What is paid for; a fee where it is not said. */
export const PAYMENT_PURPOSES = ['fee', 'fine', 'social-insurance'] as const
export type PaymentPurpose = (typeof PAYMENT_PURPOSES)[number]

export const CounterPayment = z.strictObject({ reference: z.string(), dossierCode: z.string(), unitCode: z.string(), amountVnd: z.int(), purpose: z.enum(PAYMENT_PURPOSES).optional() })
export type CounterPayment = z.infer<typeof CounterPayment>
export const RefundOrder = z.strictObject({ reference: z.string(), dossierCode: z.string() })
export type RefundOrder = z.infer<typeof RefundOrder>
/** `reference`: of the payment that it is the receipt of (scan or counter). */
export const PaymentReceipt = z.strictObject({ transactionCode: z.string(), dossierCode: z.string(), reference: z.string(), receiptNumber: z.string(), amountVnd: z.int(), issuedAt: z.number() })
export type PaymentReceipt = z.infer<typeof PaymentReceipt>
/** `bank`: null where it was paid out at the counter. */
export const PaymentRefund = z.strictObject({ reference: z.string(), transactionCode: z.string(), dossierCode: z.string(), amountVnd: z.int(), bank: z.string().nullable(), refundedAt: z.number() })
export type PaymentRefund = z.infer<typeof PaymentRefund>

export const FeedbackItem = z.strictObject({
  reference: z.string(), feedbackCode: z.string(), personId: z.string(), topic: z.string(), provinceId: z.string(), unitCode: z.string(), text: z.string(), sentAt: z.number(),
})
export type FeedbackItem = z.infer<typeof FeedbackItem>
export const FeedbackReply = z.strictObject({ reference: z.string(), feedbackCode: z.string(), unitCode: z.string(), text: z.string(), answeredAt: z.number() })
export type FeedbackReply = z.infer<typeof FeedbackReply>

/** A service's own counts, by name: `dossiers.synced`, `payments.paid`, `sms.sent`, … integers; all from one snapshot. */
export const Figures = z.strictObject({ figures: z.record(z.string(), z.int()) })
export type Figures = z.infer<typeof Figures>

/** A report of the statistics system: parts sum to the whole. `overdue` and `dueSoon` by the calendar of working days. */
export const Report = z.object({ unit: z.string(), at: z.number(), figures: z.record(z.string(), z.int()) })
export type Report = z.infer<typeof Report>

/** `reason` where it failed (contracts/reference/sms-gateways.ts), `code` by the vendor's own table. */
export const SmsReceipt = z.strictObject({
  messageId: z.string(), gatewayId: z.string(), status: z.enum(['delivered', 'failed']), at: z.number(), reason: z.enum(SMS_FAILURES).optional(), code: z.string().optional(),
})
export type SmsReceipt = z.infer<typeof SmsReceipt>
