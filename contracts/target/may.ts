/**
 * What may be done to a target. A file that does not say it allows nothing but reading; the product's own stack (`kind: reference`) allows everything.
 * A system may allow less than the whole, never more.
 */
import { z } from 'zod'
import { ClockTime } from '../duration.ts'
import { INCIDENT_IDS } from '../incidents.ts'

export const Faults = z.union([z.literal('all'), z.array(z.enum(INCIDENT_IDS))])

export const May = z.strictObject({
  /** Load: operations that write. False: read only. */
  write: z.boolean().default(false),
  /** Steps of a runbook that act on systems. */
  control: z.boolean().default(false),
  /** Incidents that may be planted. */
  faults: Faults.default([]),
  /** Only people whose id fits may act: a regular expression over the 12 digits, such as `^99[5-9]`, the range of the product's invented people. */
  identities: z.string().optional(),
  /** HTTP requests a second, all load generators together. */
  ratePerSecond: z.number().positive().optional(),
  /** When load may be sent, Vietnam time of the wall clock; it may go over midnight. */
  window: z.strictObject({ from: ClockTime, to: ClockTime, days: z.array(z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'])).min(1).optional() }).optional(),
})
export type May = z.infer<typeof May>

export const SystemMay = z.strictObject({ write: z.boolean().optional(), control: z.boolean().optional(), faults: Faults.optional() })
export type SystemMay = z.infer<typeof SystemMay>
