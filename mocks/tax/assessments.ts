/**
 * A tax office: assesses the obligation of a dossier, issues a notice or says that nothing is owed, and takes the confirmation that it was paid.
 * Amounts are whole VND, each item rounded up to 1 VND; the notice is their sum. A notice is paid once; the same reference again gets the same answer.
 */
import type { z } from 'zod'
import type { assess, Notice } from '../../contracts/partner-api/roles/tax.ts'
import { createOrders, stateOf, type Order, type OrdersOptions } from '../specialised/orders.ts'
import { PAYABLE_WITHIN_DAYS, RATES } from './rates.ts'

export type Assessment = z.infer<typeof assess.request>
export type PayRefused = 'NOTICE_UNKNOWN' | 'NOTHING_TO_PAY' | 'AMOUNT_MISMATCH' | 'ALREADY_PAID'
export type TaxOffice = ReturnType<typeof createTaxOffice>

const DAY_MS = 86_400_000

export function createTaxOffice(options: OrdersOptions) {
  const orders = createOrders<Assessment>('tax', (running) => `TB${String(running).padStart(8, '0')}`, {
    ended: ['paid', 'exempt'],
    forget: (forgotten) => { for (const { number } of forgotten) { issuedAt.delete(number); payments.delete(number) } },
  }, options)
  const issuedAt = new Map<string, number>()
  const payments = new Map<string, { reference: string; paidAt: number }>()

  function issue(order: Order<Assessment>): void {
    const amountVnd = itemsOf(order.request).reduce((sum, item) => sum + item.amountVnd, 0)
    if (amountVnd > 0) issuedAt.set(order.number, orders.now())
    orders.advance(order, amountVnd > 0 ? 'issued' : 'exempt', { amountVnd })
  }

  return {
    orders,
    assess(assessment: Assessment) {
      const accepted = orders.accept(assessment)
      if (accepted?.created) orders.later(accepted.order, 'issue', () => issue(accepted.order))
      return accepted
    },

    notice(reference: string): Notice | undefined {
      const order = orders.find(reference)
      if (!order) return undefined
      const issued = issuedAt.get(order.number)
      return {
        ...stateOf(order), items: order.status === 'accepted' ? [] : itemsOf(order.request),
        dueAt: issued === undefined ? null : issued + PAYABLE_WITHIN_DAYS * DAY_MS, paidAt: payments.get(order.number)?.paidAt ?? null,
      }
    },

    pay({ reference, number, amountVnd }: { reference: string; number: string; amountVnd: number }): { created: boolean; paidAt: number } | PayRefused {
      const order = orders.byNumber(number)
      if (!order) return 'NOTICE_UNKNOWN'
      if (!issuedAt.has(number)) return 'NOTHING_TO_PAY'
      if (amountVnd !== order.amountVnd) return 'AMOUNT_MISMATCH'
      const known = payments.get(number)
      if (known) return known.reference === reference ? { created: false, paidAt: known.paidAt } : 'ALREADY_PAID'
      const paidAt = orders.now()
      payments.set(number, { reference, paidAt })
      orders.advance(order, 'paid')
      return { created: true, paidAt }
    },

    evidence: () => orders.evidence(({ number, request }) => ({ kind: request.kind, payerId: request.payerId, paidBy: payments.get(number)?.reference ?? null })),
    forgotten: orders.forgotten,
    pending: orders.pending,
    close: orders.close,
  }
}

function itemsOf({ kind, baseVnd }: Assessment): Notice['items'] {
  return RATES[kind].map((rate) => ({ ...rate, amountVnd: Number((BigInt(baseVnd) * BigInt(rate.ratePermille) + 999n) / 1000n) })).filter(({ amountVnd }) => amountVnd > 0)
}
