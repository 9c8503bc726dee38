/**
 * What a bank has booked: debits of payers and credits back to them, in the order of booking, found by transaction and by reference. A statement is a
 * period of it, by pages; `next` is the running number after which the next page begins, so bookings that come meanwhile neither repeat nor hide one. Of a
 * period of which something was forgotten there is no statement any more.
 */
export type Debit = {
  bankReference: string; reference: string; personId: string; transactionCode: string; account: string; amountVnd: number
  /** Scenario clock, and the wall clock beside it. */
  paidAt: number; bookedAt: number
}
/** What a debit took, given back to its payer, whole or in part. */
export type Credit = Debit
export type Booking = { kind: 'debit' | 'credit'; entry: Debit }
/** `nth`: its running number, from 1. */
type Numbered = Booking & { nth: number }
export type Totals = { debits: number; debitVnd: number; credits: number; creditVnd: number }
export type Page = { entries: Booking[]; next: number | null; totals: Totals }

const DAY_MS = 86_400_000

export type Ledger = ReturnType<typeof createLedger>

export function createLedger() {
  const bookings: Numbered[] = []
  let booked = 0
  /** When the latest was paid that is forgotten. */
  let goneUntil = -Infinity
  const byReference = new Map<string, Booking>()
  const debits = new Map<string, Debit>()
  const creditedVnd = new Map<string, number>()
  return {
    bookings: bookings as readonly Booking[],
    /** All that were ever booked. */
    booked: () => booked,
    byReference,
    /** By transaction. */
    debits,
    creditedVnd: (transactionCode: string): number => creditedVnd.get(transactionCode) ?? 0,

    book(booking: Booking): void {
      const { transactionCode, reference, amountVnd } = booking.entry
      booked += 1
      bookings.push({ ...booking, nth: booked })
      byReference.set(reference, booking)
      if (booking.kind === 'debit') debits.set(transactionCode, booking.entry)
      else creditedVnd.set(transactionCode, (creditedVnd.get(transactionCode) ?? 0) + amountVnd)
    },

    /** Whatever was booked for these transactions. */
    forget(transactionCodes: ReadonlySet<string>): void {
      let kept = 0
      for (const booking of bookings) {
        const { transactionCode, reference, paidAt } = booking.entry
        if (!transactionCodes.has(transactionCode)) { bookings[kept] = booking; kept += 1; continue }
        byReference.delete(reference)
        debits.delete(transactionCode)
        creditedVnd.delete(transactionCode)
        goneUntil = Math.max(goneUntil, paidAt)
      }
      bookings.length = kept
    },

    /** Bookings with from ≤ paidAt < to (scenario clock), after the running number `after`, at most `limit`; undefined where the period is gone. */
    statement({ from, to, after, limit }: { from: number; to: number; after: number; limit: number }): Page | undefined {
      if (from <= goneUntil) return undefined
      const entries: Booking[] = []
      const totals: Totals = { debits: 0, debitVnd: 0, credits: 0, creditVnd: 0 }
      let last = 0
      let more = false
      for (const booking of bookings) {
        const { nth, kind, entry } = booking
        const { paidAt, amountVnd } = entry
        if (paidAt < from || paidAt >= to) continue
        if (kind === 'debit') { totals.debits += 1; totals.debitVnd += amountVnd } else { totals.credits += 1; totals.creditVnd += amountVnd }
        if (nth <= after) continue
        if (entries.length === limit) { more = true; continue }
        entries.push({ kind, entry })
        last = nth
      }
      return { entries, next: more ? last : null, totals }
    },
  }
}

/** A calendar day of Vietnam (UTC+7, without summer time) as a period. */
export function periodOfDay(day: string): { from: number; to: number } {
  const from = Date.parse(`${day}T00:00:00+07:00`)
  return { from, to: from + DAY_MS }
}
