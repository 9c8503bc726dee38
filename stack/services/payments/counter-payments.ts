/**
 * Payment at the counter, where paying online failed (002): the officer has taken the money, so the transaction is paid from the start, with its receipt.
 * A QR that is still open does not hinder it; should the citizen scan it all the same, that money has moved too and counts (then one is refunded).
 * Throws ServiceError 422 BENEFICIARY_UNKNOWN, 409 ALREADY_PAID, 409 REFERENCE_REUSED.
 */
import type pg from 'pg'
import type { CounterPayment } from '../../../contracts/api/inside.ts'
import type { ScenarioClockHolder } from '../scenario-clock-holder.ts'
import { ServiceError } from '../service-error.ts'
import { accountOf } from './accounts.ts'
import { hanoiDay } from './hanoi-day.ts'
import { issueReceipts, queuePaid, queueReceipts } from './paid-records.ts'

export type TakenAtCounter = { transactionCode: string; amountVnd: number }

const TAKE = `with inserted as (
    insert into transactions (code, reference, dossier_code, unit_code, amount_vnd, bank, method, purpose, status, expires_at, paid_reference, paid_at)
    select 'T' || $1::text || lpad(nextval('transaction_number')::text, 9, '0'), $2::text, $3, $4, $5, '', 'counter', $6, 'paid', $7::bigint, $2, $7
    where not exists (select from transactions where dossier_code = $3 and status = 'paid')
    on conflict do nothing returning *),
  told as (${queuePaid('inserted')}),
  issued as (${issueReceipts('inserted', '$1', '$7')}),
  queued as (${queueReceipts('issued')})
  select code, amount_vnd from inserted`

export function createCounterPayments({ pool, clock, paid }: { pool: pg.Pool; clock: ScenarioClockHolder; paid: () => void }) {
  return {
    async take(order: CounterPayment): Promise<{ created: boolean; answer: TakenAtCounter }> {
      const account = await accountOf(pool, order.unitCode)
      if (!account) throw new ServiceError(422, 'BENEFICIARY_UNKNOWN', `the unit "${order.unitCode}" has no beneficiary account`)
      const now = Math.round(clock.now())
      const { rows: [taken] } = await pool.query({
        name: 'counter-take', text: TAKE, values: [hanoiDay(now), order.reference, order.dossierCode, account.unit_code, order.amountVnd, order.purpose ?? 'fee', now],
      })
      if (taken) {
        paid()
        return { created: true, answer: { transactionCode: taken.code, amountVnd: taken.amount_vnd } }
      }
      return { created: false, answer: await again(order) }
    },

    async isPaid(dossierCode: string): Promise<boolean> {
      const { rows } = await pool.query({ name: 'dossier-paid', text: `select exists (select from transactions where dossier_code = $1 and status = 'paid') as paid`, values: [dossierCode] })
      return rows[0].paid
    },
  }

  async function again(order: CounterPayment): Promise<TakenAtCounter> {
    const { rows: [known] } = await pool.query({ name: 'counter-by-reference', text: 'select code, dossier_code, amount_vnd, method from transactions where reference = $1', values: [order.reference] })
    if (!known) throw new ServiceError(409, 'ALREADY_PAID', `${order.dossierCode} is paid`)
    if (known.dossier_code !== order.dossierCode || known.amount_vnd !== order.amountVnd || known.method !== 'counter') {
      throw new ServiceError(409, 'REFERENCE_REUSED', `"${order.reference}" stands for another payment`)
    }
    return { transactionCode: known.code, amountVnd: known.amount_vnd }
  }
}
