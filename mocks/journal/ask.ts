/** The journal as it is asked: `partner`, `operation`, `status`, `reference`, `after` (seq), `limit`; the newest that fit, oldest first. */
import { z } from 'zod'
import type { Exchange, Journals } from './journal.ts'
import { isUnmatched, unmatchedOf, type Offered, type Unmatched } from './unmatched.ts'

const Count = z.coerce.number().int().min(0)

export const JournalQuery = z.strictObject({
  partner: z.string().optional(), operation: z.string().optional(), status: z.coerce.number().int().optional(),
  /** Whose: the subject, or a text that stands in the request. */
  reference: z.string().min(1).optional(),
  after: Count.optional(), limit: Count.max(1_000).default(100),
  /** Only those that met no operation, or one that did not take them. */
  unmatched: z.enum(['true', 'false']).optional(),
})
export type JournalQuery = z.infer<typeof JournalQuery>

export type JournalEntry = Exchange & { unmatched?: Unmatched }

export function askJournal(journals: Journals, query: JournalQuery, offeredBy: (partner: string) => readonly Offered[]): JournalEntry[] {
  const fitting = journals.all(query.partner).filter((exchange) =>
    (query.operation === undefined || exchange.operation === query.operation)
    && (query.status === undefined || exchange.status === query.status)
    && (query.after === undefined || exchange.seq > query.after)
    && (query.reference === undefined || exchange.subject === query.reference || exchange.requestBody.includes(query.reference) || exchange.query.includes(query.reference)))
  const asked = query.unmatched === undefined ? fitting : fitting.filter((exchange) => isUnmatched(exchange) === (query.unmatched === 'true'))
  // Only what is shown is explained: looking for the nearest operation costs more than all the rest.
  return (query.limit === 0 ? [] : asked.slice(-query.limit)).map((exchange): JournalEntry => {
    const unmatched = unmatchedOf(exchange, offeredBy(exchange.partner))
    return unmatched ? { ...exchange, unmatched } : exchange
  })
}
