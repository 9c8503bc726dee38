/**
 * A file of behaviours for `tongduyet mocks --behaviours FILE`: by partner (`bank-vcb`), by role (`bank`), or `*` for all. A role's and `*` touch each
 * partner that has the route or call; a partner's own must fit it.
 */
import { z } from 'zod'
import { Behaviour } from '../api/behaviour.ts'

export const BehavioursFile = z.strictObject({
  version: z.literal(1),
  /** Whether magic identifiers count (contracts/partner-api/magic.ts). */
  magic: z.boolean().default(true),
  partners: z.record(z.string(), z.array(Behaviour)),
})
export type BehavioursFile = z.infer<typeof BehavioursFile>
