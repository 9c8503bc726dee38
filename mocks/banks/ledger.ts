/**
 * What a bank has booked: debits of payers and credits back to them, in the order of booking, found by transaction and by reference. A statement is a
 * period of it, by pages; `next` is the running number after which the next page begins, so bookings that come meanwhile neither repeat nor hide one.
 */
export type Debit = {
  bankReference: string; reference: string; personId: string; transactionCode: string; account: string; amountVnd: number
  /** Scenario clock, and the wall clock beside it. */
  paidAt: number; bookedAt: number
}
/** What a debit took, given back to its payer, whole or in part. */
export type Credit = Debit
export type Booking = { kind: 'debit' | 'credit'; entry: Debit }
export type Totals = { debits: number; debitVnd: number; credits: number; creditVnd: number }
export type Page = { entries: Booking[]; next: number | null; totals: Totals }

const DAY_MS = 86_400_000

export type Ledger = ReturnType<typeof createLedger>

export function createLedger() {
  const bookings: Booking[] = []
  const byReference = new Map<string, Booking>()
  const debits = new Map<string, Debit>()
  const creditedVnd = new Map<string, number>()
  return {
    bookings,
    byReference,
    /** By transaction. */
    debits,
    creditedVnd: (transactionCode: string): number => creditedVnd.get(transactionCode) ?? 0,

    book(booking: Booking): void {
      const { transactionCode, reference, amountVnd } = booking.entry
      bookings.push(booking)
      byReference.set(reference, booking)
      if (booking.kind === 'debit') debits.set(transactionCode, booking.entry)
      else creditedVnd.set(transactionCode, (creditedVnd.get(transactionCode) ?? 0) + amountVnd)
    },

    /** Bookings with from ≤ paidAt < to (scenario clock), after the running number `after`, at most `limit`. */
    statement({ from, to, after, limit }: { from: number; to: number; after: number; limit: number }): Page {
      const entries: Booking[] = []
      const totals: Totals = { debits: 0, debitVnd: 0, credits: 0, creditVnd: 0 }
      let last = 0
      let more = false
      for (let i = 0; i < bookings.length; i += 1) {
        const booking = bookings[i]!
        const { paidAt, amountVnd } = booking.entry
        if (paidAt < from || paidAt >= to) continue
        if (booking.kind === 'debit') { totals.debits += 1; totals.debitVnd += amountVnd } else { totals.credits += 1; totals.creditVnd += amountVnd }
        if (i < after) continue
        if (entries.length === limit) { more = true; continue }
        entries.push(booking)
        last = i + 1
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
