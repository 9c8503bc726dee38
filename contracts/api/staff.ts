/**
 * What staff at ministry, province and commune level do on the coordination system (and, for feedback, on the feedback system with the same token).
 * Accounts and what they may do: `contracts/reference/staff.ts`. Errors `{error: {code, message}}`. `reference` is the op everywhere.
 *
 * Coordination:
 *   POST /staff/v1/sessions StaffLogin                 → 201 StaffSession | 401 ACCOUNT_UNKNOWN / PASSCODE_WRONG
 *   All others with `Authorization: Bearer TOKEN`      → 401 TOKEN_INVALID | 403 PERMISSION_MISSING | 403 SCOPE_FORBIDDEN
 *   GET  /staff/v1/dossiers?reference=OP[&payment=1]   → 200 StaffDossier | 404 DOSSIER_UNKNOWN (not here, or not yet); `paid` is asked of the payment system only with payment=1, else it is false
 *   POST /staff/v1/dossiers/:code/actions StaffAct     → 201 {dossierCode, status} | 200 the same again | 404 | 409 TRANSITION_FORBIDDEN
 *   POST /staff/v1/dossiers/:code/counter-payments {reference} → 201 {transactionCode, amountVnd} | 200 the same again | 409 ALREADY_PAID | 409 NOTHING_TO_PAY
 *   POST /staff/v1/dossiers/:code/refunds {reference}          → 201 {transactionCode, amountVnd} | 200 the same again | 404 NOTHING_PAID | 409 NOT_REFUNDABLE (only withdrawn, stopped, not received)
 * Feedback:
 *   GET  /staff/v1/feedback?reference=OP               → 200 {feedbackCode, unitCode, topic, text, status} | 404 FEEDBACK_UNKNOWN | 403 SCOPE_FORBIDDEN
 *   POST /staff/v1/feedback/:code/answers {reference, text}    → 201 {feedbackCode, status: 'answered'} | 200 the same again | 403 | 404 | 409 ALREADY_ANSWERED
 * Partner (`partner-<id>`), for officers without an account on the coordination system, who work on the partner's own:
 *   GET  /desk/dossiers?reference=OP                   → 200 {dossierCode, status} | 404 DOSSIER_UNKNOWN; then POST /desk/statuses as in `partners.ts`
 */
import { z } from 'zod'
import { PERMISSIONS, STAFF_LEVELS } from '../reference/staff.ts'
import { STAFF_ACTIONS } from '../staff-actions.ts'

export const StaffLogin = z.strictObject({ account: z.string(), passcode: z.string() })
export const StaffSession = z.object({ token: z.string(), account: z.string(), unitCode: z.string(), level: z.enum(STAFF_LEVELS), permissions: z.array(z.enum(PERMISSIONS)), expiresAt: z.number() })
export type StaffSession = z.infer<typeof StaffSession>

export const StaffDossier = z.object({
  dossierCode: z.string(), procedureCode: z.string(), unitCode: z.string(), level: z.enum(STAFF_LEVELS), applicantName: z.string(), status: z.string(), origin: z.string(),
  feeVnd: z.int(), paid: z.boolean(), dueAt: z.number().nullable(),
})
export type StaffDossier = z.infer<typeof StaffDossier>

/** `note`: why it is refused or stopped, what is asked, what the result says. */
export const StaffAct = z.strictObject({ reference: z.string().min(1), action: z.enum(STAFF_ACTIONS), note: z.string().default('') })
export type StaffAct = z.infer<typeof StaffAct>

export { STAFF_ACTIONS, STATUS_OF_ACTION, type StaffAction } from '../staff-actions.ts'
