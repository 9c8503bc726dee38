/**
 * Paying back what was paid for a dossier that ended without a result. Ordered once; money paid online goes back through the bank that debited it
 * (from the outbox, until it has answered), money of the counter is paid out there at once. The portal is told when the money has moved.
 * Throws ServiceError 404 NOTHING_PAID, 409 ALREADY_REFUNDED, 409 REFERENCE_REUSED.
 */
import type pg from 'pg'
import type { RefundOrder } from '../../../contracts/api/inside.ts'
import type { ScenarioClockHolder } from '../scenario-clock-holder.ts'
import { ServiceError } from '../service-error.ts'
import type { TakenAtCounter } from './counter-payments.ts'

/** What the bank is asked; `bank` says which. */
export type CreditOrder = { reference: string; transactionCode: string; amountVnd: number; bank: string }

const tellPortal = (source: string) => `insert into outbox (topic, payload) select 'refund', jsonb_build_object('reference', reference, 'transactionCode', transaction_code,
  'dossierCode', dossier_code, 'amountVnd', amount_vnd, 'bank', bank, 'refundedAt', refunded_at) from ${source}`

// Of two payments (a QR scanned after paying at the counter) the first not yet paid back; the row's lock keeps two orders from choosing the same.
const ORDER = `with chosen as (
    select * from transactions t where dossier_code = $2 and status = 'paid' and not exists (select from refunds r where r.transaction_code = t.code)
    order by code limit 1 for update),
  inserted as (
    insert into refunds (reference, transaction_code, dossier_code, amount_vnd, bank, status, refunded_at)
    select $1, code, dossier_code, amount_vnd, nullif(bank, ''), case method when 'counter' then 'refunded' else 'ordered' end, case method when 'counter' then $3::bigint end from chosen
    on conflict do nothing returning *),
  ordered as (insert into outbox (topic, payload) select 'credit', jsonb_build_object('reference', reference, 'transactionCode', transaction_code,
    'amountVnd', amount_vnd, 'bank', bank) from inserted where status = 'ordered'),
  paid_out as (select * from inserted where status = 'refunded'),
  told as (${tellPortal('paid_out')})
  select transaction_code, amount_vnd from inserted`

const CREDITED = `with credited as (
    update refunds set status = 'refunded', bank_reference = $2, refunded_at = $3, updated_at = now() where reference = $1 and status = 'ordered' returning *)
  ${tellPortal('credited')}`

export function createRefunds({ pool, clock, ordered }: { pool: pg.Pool; clock: ScenarioClockHolder; ordered: () => void }) {
  async function again({ reference, dossierCode }: RefundOrder): Promise<TakenAtCounter> {
    const { rows } = await pool.query({
      name: 'refund-known', text: 'select reference, dossier_code, transaction_code, amount_vnd from refunds where reference = $1 or dossier_code = $2', values: [reference, dossierCode],
    })
    const same = rows.find((row) => row.reference === reference)
    if (same && same.dossier_code !== dossierCode) throw new ServiceError(409, 'REFERENCE_REUSED', `"${reference}" stands for another refund`)
    if (same) return { transactionCode: same.transaction_code, amountVnd: same.amount_vnd }
    if (rows.length > 0) throw new ServiceError(409, 'ALREADY_REFUNDED', `what was paid for ${dossierCode} was paid back by "${rows[0].reference}"`)
    throw new ServiceError(404, 'NOTHING_PAID', `nothing was paid for ${dossierCode}`)
  }

  return {
    async order(refund: RefundOrder): Promise<{ created: boolean; answer: TakenAtCounter }> {
      const { rows: [row] } = await pool.query({ name: 'refund-order', text: ORDER, values: [refund.reference, refund.dossierCode, Math.round(clock.now())] })
      if (!row) return { created: false, answer: await again(refund) }
      ordered()
      return { created: true, answer: { transactionCode: row.transaction_code, amountVnd: row.amount_vnd } }
    },

    /** The bank has paid it back; the same again changes nothing. */
    async credited(reference: string, bankReference: string): Promise<void> {
      await pool.query({ name: 'refund-credited', text: CREDITED, values: [reference, bankReference, Math.round(clock.now())] })
    },
  }
}
