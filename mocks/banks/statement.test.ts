import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openBank } from './bank-bench.ts'
import { createLedger, periodOfDay, type Booking, type Page } from './ledger.ts'

const booking = (n: number, paidAt: number, kind: Booking['kind'] = 'debit'): Booking => ({
  kind, entry: { bankReference: `B${n}`, reference: `op-${n}`, personId: '1', transactionCode: `TX${n}`, account: '1', amountVnd: n, paidAt, bookedAt: 0 },
})

describe('a statement', () => {
  it('has all of a period once, whatever the size of its pages, also while bookings come in', () => {
    const bookings = fc.array(fc.record({ paidAt: fc.nat(20), credit: fc.boolean() }), { maxLength: 40 })
    fc.assert(fc.property(bookings, fc.integer({ min: 1, max: 12 }), fc.tuple(fc.nat(20), fc.nat(20)), (all, limit, [from, to]) => {
      const ledger = createLedger()
      const booked = all.map(({ paidAt, credit }, n) => booking(n + 1, paidAt, credit ? 'credit' : 'debit'))
      for (const one of booked) ledger.book(one)
      const pages: Booking[] = []
      for (let after: number | null = 0; after !== null;) {
        const page: Page = ledger.statement({ from, to, after, limit })!
        expect(page.entries.length).toBeLessThanOrEqual(limit)
        pages.push(...page.entries)
        after = page.next
        // Of another period, so that it must not show.
        ledger.book(booking(1_000 + pages.length, to))
      }
      const due = booked.filter(({ entry: { paidAt } }) => paidAt >= from && paidAt < to)
      expect(pages).toEqual(due)
      const sumOf = (kind: Booking['kind']) => due.filter((one) => one.kind === kind).reduce((sum, { entry }) => sum + entry.amountVnd, 0)
      const countOf = (kind: Booking['kind']) => due.filter((one) => one.kind === kind).length
      expect(ledger.statement({ from, to, after: 0, limit: 1 })!.totals).toEqual({ debits: countOf('debit'), debitVnd: sumOf('debit'), credits: countOf('credit'), creditVnd: sumOf('credit') })
    }))
  })

  it('is whole or gone where something is forgotten: never short of a booking without a word, and pages go on where they were', () => {
    const cases = fc.record({ paidAt: fc.array(fc.nat(20), { minLength: 1, maxLength: 40 }), forgotten: fc.array(fc.nat(39)), from: fc.nat(20), limit: fc.integer({ min: 1, max: 5 }) })
    fc.assert(fc.property(cases, ({ paidAt, forgotten, from, limit }) => {
      const ledger = createLedger()
      const booked = paidAt.map((at, n) => booking(n, at))
      for (const one of booked) ledger.book(one)
      const due = booked.filter((one) => one.entry.paidAt >= from)
      const first = ledger.statement({ from, to: 21, after: 0, limit })!
      const gone = booked.filter((_, n) => forgotten.includes(n))
      ledger.forget(new Set(gone.map(({ entry }) => entry.transactionCode)))
      const isWhole = gone.every(({ entry }) => entry.paidAt < from)
      const pages = [...first.entries]
      for (let after = first.next; after !== null;) {
        const page = ledger.statement({ from, to: 21, after, limit })
        expect(page !== undefined).toBe(isWhole)
        if (!page) return
        pages.push(...page.entries)
        after = page.next
      }
      if (isWhole) expect(pages).toEqual(due)
      for (const { entry } of gone) expect([ledger.byReference.has(entry.reference), ledger.debits.has(entry.transactionCode)]).toEqual([false, false])
      ledger.book(booking(99, 20))
      expect([ledger.bookings.length, ledger.booked()]).toEqual([booked.length - gone.length + 1, booked.length + 1])
    }))
  })

  it('of a day has what was paid from midnight to midnight in Viet Nam', async () => {
    await using bank = await openBank()
    const pay = async (n: number, at: string) => {
      bank.clock.now = Date.parse(at)
      await bank.scan(await bank.issue({ transactionCode: `TX${n}`, amountVnd: n, expiresAt: Date.parse('2026-05-01T00:00:00Z') }), { reference: `op-${n}` })
    }
    await pay(1, '2026-04-10T16:59:59.999Z')
    await pay(2, '2026-04-10T17:00:00.000Z')
    await pay(3, '2026-04-11T16:59:59.999Z')
    await pay(4, '2026-04-11T17:00:00.000Z')
    const codesOf = async (query: string) => (await bank.served.get(`/v1/statement?${query}`)).body.entries.map(({ transactionCode }: any) => transactionCode)
    expect(await codesOf('day=2026-04-11')).toEqual(['TX2', 'TX3'])
    expect(await codesOf('day=2026-04-12')).toEqual(['TX4'])
    expect(periodOfDay('2026-04-11')).toEqual({ from: Date.parse('2026-04-10T17:00:00Z'), to: Date.parse('2026-04-11T17:00:00Z') })
  })

  it('goes by pages over the wire, with the totals of the whole', async () => {
    await using bank = await openBank('bank-vnpay')
    for (const n of [1, 2, 3]) await bank.scan(await bank.issue({ transactionCode: `TX${n}`, amountVnd: n * 100, bankCode: 'VCB' }), { reference: `op-${n}` })
    await bank.credit({ transactionCode: 'TX3', amountVnd: 50 })
    const page = async (query: string) => (await bank.served.get(`/v1/statement?day=2026-04-10&limit=3${query}`)).body
    const first = await page('')
    expect(first).toMatchObject({ next: 3, totals: { debits: 3, debitVnd: 600, credits: 1, creditVnd: 50 } })
    expect(first.entries[0]).toMatchObject({ kind: 'debit', transactionCode: 'TX1', amountVnd: 100, bankCode: 'VCB' })
    expect(await page(`&after=${first.next}`)).toMatchObject({ next: null, entries: [{ kind: 'credit', transactionCode: 'TX3', amountVnd: 50 }], totals: first.totals })
  })

  it.each(['', 'from=1', 'day=2026-04-10&from=1&to=2', 'day=10/04/2026', 'day=2026-02-30', 'from=1&to=2&limit=0', 'from=1&to=2&limit=1001', 'from=1&to=2&after=-1', 'from=x&to=2'])('is refused for "%s"', async (query) => {
    await using bank = await openBank()
    expect(await bank.served.get(`/v1/statement?${query}`)).toMatchObject({ status: 400, body: { error: { code: 'REQUEST_INVALID' } } })
  })
})
