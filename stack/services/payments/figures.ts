/**
 * The payment system's own counts (Figures of contracts/api/inside.ts), from one statement and so one snapshot: asked = paid + failed + expired + open,
 * paid = fees + fines + social insurance. `unit`: only what goes to it or a unit below it. Refunds count from their order on.
 */
import type pg from 'pg'
import type { Figures } from '../../../contracts/api/inside.ts'

const FIGURES = `with counted as (select code, status, purpose, amount_vnd from transactions where $1::text is null or unit_code = $1 or starts_with(unit_code, $1 || '.')),
  back as (select refunds.amount_vnd from refunds join counted on counted.code = refunds.transaction_code)
  select count(*) as "payments.asked",
    count(*) filter (where status = 'paid') as "payments.paid",
    count(*) filter (where status = 'failed') as "payments.failed",
    count(*) filter (where status = 'expired') as "payments.expired",
    count(*) filter (where status in ('initiated', 'qr-issued')) as "payments.open",
    count(*) filter (where status = 'paid' and purpose = 'fee') as "payments.fee",
    count(*) filter (where status = 'paid' and purpose = 'fine') as "payments.fine",
    count(*) filter (where status = 'paid' and purpose = 'social-insurance') as "payments.social-insurance",
    coalesce(sum(amount_vnd) filter (where status = 'paid'), 0)::bigint as "money.paidVnd",
    (select count(*) from back) as "refunds",
    (select coalesce(sum(amount_vnd), 0)::bigint from back) as "money.refundedVnd"
  from counted`

export async function paymentFigures(pool: pg.Pool, unit: string | undefined): Promise<Figures> {
  return { figures: (await pool.query(FIGURES, [unit ?? null])).rows[0] }
}
