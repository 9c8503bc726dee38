/**
 * What the simulated partners offer. State is per citizen or per dossier, never global to the process.
 *
 * VNeID (OpenID Connect, RFC 6749/7636, OIDC Core, RP-initiated logout):
 *   GET  /.well-known/openid-configuration, GET /jwks
 *   GET  /authorize?response_type=code&client_id&redirect_uri&scope=openid&state&nonce&code_challenge&code_challenge_method=S256&reference=OP → 200 {loginUrl} (the login page, as JSON)
 *   POST /authorize/login {request, personId, passcode} → 302 redirect_uri?code&state   (request: the id from loginUrl; passcode = last 6 digits of personId)
 *   POST /token (form: grant_type, code, redirect_uri, client_id, client_secret, code_verifier) → 200 {id_token, access_token, …}; a code works once
 *   GET  /userinfo (Bearer), GET /logout?id_token_hint&post_logout_redirect_uri&state
 *   Evidence `grant/<id>` with op = reference when a token was issued; `logout/<id>` (owed|told|refused) where a client is told by back-channel logout that the session is over.
 *   Paths, claims and levels are those of DEFAULT_ISSUER; another issuer profile has others (contracts/partner-api/issuer-profile.ts). A browser (Accept: text/html) gets pages instead of JSON.
 * Banks (`bank-vcb`, `bank-bidv`; also `bank-vnpay`, `bank-treasury`, contracts/reference/banks.ts): operations in contracts/partner-api/roles/bank.ts.
 *   A scan or a refund is reported by a signed callback, retried until 2xx.
 *   Evidence `debit/<bankReference>` op = reference, fields {transactionCode, amountVnd, personId}; `credit/<reference>` op = reference, fields {transactionCode, amountVnd, bankReference, personId};
 *   `qr/<transactionCode>` with status issued|delayed|cancelled.
 * SMS gateways (`sms`; also `sms-second`, contracts/reference/sms-gateways.ts): operations in contracts/partner-api/roles/sms.ts.
 *   Evidence `sms/<gatewayId>` op = reference, status accepted|delivered|failed, fields {messageId, phone, reason where it failed}.
 * Ministries, EVN, provinces (`partner-<id>`), base URL per partner:
 *   POST /v1/forwarded CoordinationDossier → 200 {result: 'received'|'unchanged'}     (from coordination; idempotent by dossierCode)
 *   POST /v1/statuses {statuses: SyncStatus[]} (from coordination: what staff and citizens set; idempotent by reference)  → 200 {accepted}
 *   POST /public/v1/dossiers OwnServiceDossier → 201 {dossierCode, unitCode, status}   the ministry's own service, to which the portal redirects; stored first, then synced up from the outbox (at once, with retries); the same reference again → 200; 409 REFERENCE_TAKEN where it stands for a dossier that came another way
 *   GET  /desk/dossiers?reference=OP → 200 {dossierCode, status} | 404
 *   POST /desk/dossiers DeskDossier → 201 DeskAnswer        an officer takes a dossier at the partner's own desk; it is stored there first, then pushed to the portal at once where connected
 *   POST /desk/statuses DeskStatus  → 201 DeskAnswer
 *   Evidence `dossier/<code>` op = reference, status, fields {applicantName, procedureCode, unitCode, origin: 'desk'|'forwarded'|'own-service', sync: DeskAnswer.sync|null}; `event/<op>` for statuses.
 *   Files, supplements, results, confirmations, lists, fees, deadlines, readiness: contracts/partner-api/roles/dossier-system/.
 * Civil status, land, tax, post, call centre, data-exchange node: contracts/partner-api/roles/{civil-status,land,tax,post,call-centre,exchange-node}.ts.
 */
import { z } from 'zod'

export const DeskDossier = z.strictObject({
  reference: z.string(), dossierCode: z.string(), procedureCode: z.string(), applicantId: z.string(), applicantName: z.string(),
  applicantBirthDate: z.iso.date(), status: z.string(), note: z.string().default(''),
})
export type DeskDossier = z.infer<typeof DeskDossier>

export const OwnServiceDossier = z.strictObject({
  reference: z.string().min(1), procedureCode: z.string(), provinceId: z.string(), personId: z.string(), applicantName: z.string(), applicantBirthDate: z.iso.date(), phone: z.string(), note: z.string().default(''),
})
export type OwnServiceDossier = z.infer<typeof OwnServiceDossier>

export const DeskStatus = z.strictObject({ reference: z.string(), dossierCode: z.string(), status: z.string() })
export type DeskStatus = z.infer<typeof DeskStatus>

/**
 * `acknowledged`: the portal said yes (ok). `refused`: a 4xx, the WAF's 403 or 503 PORTAL_CLOSED, nothing was stored (fail; the partner does not try again by itself).
 * `unknown`: time-out or reset (info; the partner tries again from its outbox, same reference). `not-connected`: kept in the partner's own system (fail).
 */
export const DeskAnswer = z.object({
  sync: z.enum(['acknowledged', 'refused', 'unknown', 'not-connected']),
  /** HTTP status and error code of the portal or the edge, where one came. */
  portalStatus: z.int().nullable(), errorCode: z.string().nullable(), message: z.string().nullable(),
})
export type DeskAnswer = z.infer<typeof DeskAnswer>

/** What a partner says, with the code CERT_HAS_EXPIRED, to whom the portal showed a certificate whose time is over. */
export function certificateEnded(endedAtMs: number): string { return `the certificate ended at ${new Date(endedAtMs).toISOString()}` }
/** Its one group: when, ISO 8601 in UTC. */
export const CERTIFICATE_ENDED = 'the certificate ended at ([0-9-]+T[0-9:.]+Z)'
