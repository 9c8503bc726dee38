/**
 * What both portals, old and new, offer the public through their edges (same host name, so the same paths; each with its own codes inside).
 * Session cookie `sid`. Every answer carries `x-served-by: portal|legacy`. Errors: `{error: {code, message}}`.
 *
 *   GET  /auth/login?reference=OP&return=/           → 302 to VNeID authorize (state, nonce, PKCE S256, reference)
 *   GET  /auth/callback?code&state                   → 302 /auth/done with Set-Cookie sid; 400 on a state or nonce that does not fit
 *   GET  /auth/me                                    → 200 {personId, level, sessionId} | 401
 *   POST /auth/logout                                → 200 {endSessionUrl}; the session is over at once
 *   GET  /api/services?q=TEXT&province=ID            → 200 {services: ServiceHit[]}
 *   POST /api/dossiers            (cookie)           → 201 DossierAnswer | 200 the same op again | 409 DUPLICATE_OPEN_DOSSIER (business check, direct submissions only)
 *                                                      | 409 REDIRECTED (new portal: the procedure is taken on the ministry's own service; nothing was stored)
 *                                                      | 400 | 401 | 404 PROCEDURE_UNKNOWN | 503 PORTAL_FROZEN / PORTAL_CLOSED (nothing was stored)
 *   GET  /api/dossiers            (cookie)           → 200 {dossiers: DossierAnswer[]}   one's own, newest first, at most 50
 *   GET  /api/dossiers/:code      (cookie)           → 200 DossierAnswer | 404 (also where it is somebody else's)
 *   POST /api/dossiers/:code/payments (cookie)       → 201 PaymentAnswer | 409 NOTHING_TO_PAY | 504 BANK_TIMEOUT (the transaction is kept as failed) | 502 BANK_UNAVAILABLE
 *   GET  /api/payments/:transactionCode (cookie)     → 200 {transactionCode, status}
 *   POST /api/dossiers/:code/supplements (cookie) SendSupplement → 201 StatusSet | 200 the same again | 404 | 409 TRANSITION_FORBIDDEN (nothing was asked); new portal only
 *   POST /api/dossiers/:code/withdrawals (cookie) Withdraw       → 201 StatusSet | 200 | 404 | 409 TRANSITION_FORBIDDEN; new portal only
 *   POST /api/feedback            (cookie)           SendFeedback → 201 FeedbackAnswer | 200 the same again | 400; new portal only
 *   GET  /api/feedback/:code      (cookie)           → 200 FeedbackAnswer | 404 (also where it is somebody else's); new portal only
 *   POST /api/dossiers/:code/messages  (cookie)      → 202 {messageId, status: 'accepted'} | 504 SMS_TIMEOUT (kept as timeout) | 502 SMS_UNAVAILABLE
 * New portal only, for partners (through the edge, straight to its address; header `x-partner: ID`, `x-signature: HMAC-SHA256 hex of the body with the partner's key`):
 *   POST /sync/v1/dossiers   SyncDossier             → 201 {result:'created'} | 200 {result:'unchanged'} | 400 | 401 SIGNATURE_INVALID | 409 CONFLICT (same code, other content) | 503 PORTAL_CLOSED
 *   POST /sync/v1/statuses   SyncStatus              → 201 {result:'applied'} | 200 {result:'unchanged'} | 404 DOSSIER_UNKNOWN | 409 TRANSITION_FORBIDDEN
 * New portal only, from inside (not through the edge):
 *   POST /internal/v1/payment-statuses {transactionCode, dossierCode, status, reference, paidAt}  → 200
 *   POST /internal/v1/statuses {statuses: SyncStatus[]} (≤ 500, from coordination, idempotent by reference)  → 200 {accepted}
 *   POST /internal/v1/receipts {receipts: PaymentReceipt[]} (from payments, idempotent by transactionCode)   → 200 {accepted}
 *   POST /internal/v1/refunds {refunds: PaymentRefund[]} (from payments, idempotent by reference)            → 200 {accepted}
 *   POST /internal/v1/feedback-answers {answers: FeedbackReply[]} (from feedback, idempotent by reference)   → 200 {accepted}
 *   POST /internal/v1/catalogue {procedures: CatalogueEntry[]}  → 200 {published}
 * Old portal only: POST /callbacks/v1/bank (BankCallback) for payments begun there; POST /partner/v1/statuses {legacyDossierCode, statusNumber, at}.
 */
import { z } from 'zod'

/** `redirectUrl`: where a ministry takes the procedure on its own service; null where it is submitted here. */
export const ServiceHit = z.object({ procedureCode: z.string(), title: z.string(), unitCode: z.string(), feeVnd: z.int(), redirectUrl: z.string().nullable().default(null) })

export const SubmitDossier = z.strictObject({
  /** The op. */
  reference: z.string().min(1),
  procedureCode: z.string(),
  provinceId: z.string(),
  applicantName: z.string().min(1),
  applicantBirthDate: z.iso.date(),
  phone: z.string(),
  note: z.string().default(''),
})
export type SubmitDossier = z.infer<typeof SubmitDossier>

/** `status`: the canonical name on the new portal, the old portal's number as text there. */
export const DossierAnswer = z.object({
  dossierCode: z.string(), procedureCode: z.string(), unitCode: z.string(), status: z.string(), feeVnd: z.int(), submittedAt: z.number(), dueAt: z.number().nullable(),
})
export type DossierAnswer = z.infer<typeof DossierAnswer>

export const CreatePayment = z.strictObject({ reference: z.string(), bank: z.string() })
export const PaymentAnswer = z.object({ transactionCode: z.string(), qr: z.string(), amountVnd: z.int(), bank: z.string(), expiresAt: z.number() })
export const SendMessage = z.strictObject({ reference: z.string(), phone: z.string() })

export const SendSupplement = z.strictObject({ reference: z.string().min(1), text: z.string().min(1) })
export const Withdraw = z.strictObject({ reference: z.string().min(1), reason: z.string().min(1) })
export const StatusSet = z.object({ dossierCode: z.string(), status: z.string() })

/** `topic`: one of FEEDBACK_TOPICS (`contracts/reference/feedback-units.ts`), which with the province decides the unit. */
export const SendFeedback = z.strictObject({ reference: z.string().min(1), topic: z.string(), provinceId: z.string(), text: z.string().min(1), phone: z.string() })
export const FeedbackAnswer = z.object({ feedbackCode: z.string(), unitCode: z.string(), status: z.enum(['sent', 'answered']), answer: z.string().nullable() })
export type FeedbackAnswer = z.infer<typeof FeedbackAnswer>

export const SyncDossier = z.strictObject({
  reference: z.string(), dossierCode: z.string(), procedureCode: z.string(), unitCode: z.string(),
  applicantId: z.string(), applicantName: z.string(), applicantBirthDate: z.iso.date(), status: z.string(), submittedAt: z.number(), note: z.string().default(''),
})
export type SyncDossier = z.infer<typeof SyncDossier>

/** Who sets a status; a partner where it is not said. Partners themselves do not say it. */
export const STATUS_SOURCES = ['partner', 'staff', 'citizen'] as const
export const SyncStatus = z.strictObject({ reference: z.string(), dossierCode: z.string(), status: z.string(), at: z.number(), source: z.enum(STATUS_SOURCES).optional() })
export type SyncStatus = z.infer<typeof SyncStatus>

export const CatalogueEntry = z.object({ procedureCode: z.string(), title: z.string(), level: z.string(), handledBy: z.string(), ministry: z.string(), feeVnd: z.int(), provinces: z.array(z.string()), redirected: z.boolean().default(false) })
export type CatalogueEntry = z.infer<typeof CatalogueEntry>

export { LEGACY_STATUS_NUMBERS } from '../legacy-status.ts'
