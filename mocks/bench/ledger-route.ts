/** The stateful route that is measured: books a payment once by its reference. The same JSON, by a route with its schema and by hand. */
import { z } from 'zod'
import { defineRoute, ok, type Route } from '../server/route.ts'

export type Payment = { reference: string; transactionCode: string; account: string; accountName: string; amountVnd: number; expiresAt: number; note: string }
export type Booked = { number: string; reference: string; amountVnd: number; status: string }
export type Ledger = Map<string, Booked>

export const PATH = '/v1/payments'
const Payment = z.strictObject({
  reference: z.string().min(1), transactionCode: z.string().regex(/^[\x21-\x7e]{1,30}$/), account: z.string().regex(/^[0-9A-Za-z]{1,19}$/), accountName: z.string().min(1),
  amountVnd: z.int().min(1).max(9_999_999_999_999), expiresAt: z.number(), note: z.string().default(''),
})

export function book(ledger: Ledger, { reference, amountVnd }: Pick<Payment, 'reference' | 'amountVnd'>): Booked {
  const known = ledger.get(reference)
  if (known) return known
  const booked = { number: `VCB${String(ledger.size + 1).padStart(8, '0')}`, reference, amountVnd, status: 'booked' }
  ledger.set(reference, booked)
  return booked
}

const route = (name: string, path: string): Route<Ledger> => defineRoute({
  name, method: 'POST', path, takes: 'json', request: Payment, answers: { 200: z.object({}) }, resolve: (ledger: Ledger, payment) => ok(book(ledger, payment)),
})

/** The measured one stands last, every tenth of the others has a field in its path. */
export function ledgerRoutes(count: number): Route<Ledger>[] {
  const others = Array.from({ length: count - 1 }, (_, n) => route(`other-${n}`, n % 10 === 0 ? `/v1/other-${n}/{reference}` : `/v1/other-${n}`))
  return [...others, route('payments', PATH)]
}

export function payment(n: number): Payment {
  return {
    reference: `pay-night.${n}.create.0123456789`, transactionCode: `TX${n}`, account: '0011002233', accountName: 'KHO BAC NHA NUOC', amountVnd: 135_000 + n, expiresAt: 1_776_000_000_000, note: 'Lệ phí hồ sơ G08-260410-000001',
  }
}
