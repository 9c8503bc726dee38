/**
 * `evidence/<system>.ndjson`: what a system holds, read through its reader (design section 4, FIXED).
 * First line a header, then rows, last line a trailer (`record-file.ts`). `<system>.ndjson` is the final read (for resolvers, edges'
 * samples and processes: the running one), `<system>.baseline.ndjson` the read before the run.
 * Row keys are `<record type>/<id>` (`dossier/H29-260410-000123`, `event/<op>`, `payment/<code>`, `paid/<code>`, `session/<id>`, `sms/<id>`,
 * `debit/<id>`, `credit/<id>`, `counter/<code>`, `refund/<code>`, `receipt/<code>`, `feedback/<code>`, `feedback-answer/<code>`, `figure/<name>`, `grant/<id>`, `request/<n>` in an edge's access log, `block/<n>` in its WAF log, `answer/<n>` of a resolver;
 * at partners also `file/<id>`, `supplement/<op>`, `result/<code>`, `confirmation/<system>/<number>`, `order/<number>`, `call/<number>`, `message/<id>`).
 */
import { z } from 'zod'

export const EvidenceMode = z.enum(['baseline', 'running', 'final'])
export type EvidenceMode = z.infer<typeof EvidenceMode>

export const EvidenceHeader = z.strictObject({
  v: z.literal(1), system: z.string(), readId: z.string(), mode: EvidenceMode, beganAt: z.number(),
})
export type EvidenceHeader = z.infer<typeof EvidenceHeader>

/** Statuses in an edge's access log that no portal sends, as nginx writes them: the client went away; the connection was broken without an answer. */
export const STATUS_CLIENT_GONE = '499'
export const STATUS_RESET = '000'
/** What an edge writes of a request that it took and of which the portal behind it said nothing: not there, no answer in time or before the client went away, broken off. */
export const UNANSWERED_STATUSES: readonly string[] = ['502', '504', STATUS_CLIENT_GONE, STATUS_RESET]

export const EvidenceRow = z.strictObject({
  key: z.string(),
  op: z.string().optional(),
  trace: z.string().optional(),
  status: z.string().optional(),
  fields: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  seenAt: z.number(),
  sourceAt: z.number().optional(),
})
export type EvidenceRow = z.infer<typeof EvidenceRow>
