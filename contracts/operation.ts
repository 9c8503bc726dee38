/**
 * One line of `history/<worker>.ndjson`: one attempt of one client operation, written when it completes (design section 4, FIXED).
 * Times are epoch ms of one wall clock. `ok` = the user was told yes; `fail` = proven not applied; `info` = nobody knows.
 * `system` is the system that answered as the client saw it: `portal` or `legacy` for the front, else the service's id.
 */
import { z } from 'zod'
import { OPERATION_KINDS } from './kinds.ts'

export const Outcome = z.enum(['ok', 'fail', 'info'])
export type Outcome = z.infer<typeof Outcome>

export const OperationLine = z.strictObject({
  v: z.literal(1),
  op: z.string(),
  attempt: z.int().min(1),
  trace: z.string(),
  kind: z.enum(OPERATION_KINDS),
  flow: z.string(),
  step: z.string(),
  actor: z.string(),
  region: z.string(),
  worker: z.string(),
  cohort: z.string(),
  phase: z.string(),
  intendedAt: z.number(),
  invokedAt: z.number(),
  completedAt: z.number(),
  outcome: Outcome,
  system: z.string(),
  dossierCode: z.string().optional(),
  procedureCode: z.string().optional(),
  unitCode: z.string().optional(),
  amountVnd: z.int().optional(),
  /** Those of COMPARED_FIELDS that were sent, plus `partner` or `bank` where a copy is due there, and `transactionCode` for payments. */
  fields: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).optional(),
  /** The status that a read returned (canonical name), or that a status push carried. */
  observed: z.string().optional(),
  http: z.strictObject({ status: z.int(), remote: z.string() }).optional(),
  error: z.string().optional(),
})
export type OperationLine = z.infer<typeof OperationLine>
