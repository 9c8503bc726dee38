/**
 * What the portal keeps of payments; the central payment system is the master. The portal never takes an account number from the caller:
 * it hands on the receiving unit's code. A status never falls back (a late `failed` does not undo `paid`), and where paying online fails,
 * the dossier itself goes on (facts section 4).
 */
import type pg from 'pg'
import { z } from 'zod'
import type { CreatePayment, DossierAnswer, PaymentAnswer } from '../../../contracts/api/front.ts'
import { procedureOf } from '../../../contracts/reference/procedures.ts'
import { CallTimedOut, type CallAnswer, type HttpClient } from '../http-client.ts'
import { ServiceError } from '../service-error.ts'

const PAYMENTS_TIMEOUT_MS = 4_000
/** In rising order: a payment only ever moves to the right. */
const STATUS_ORDER = ['initiated', 'qr-issued', 'expired', 'failed', 'paid'] as const

/** Body of `POST /internal/v1/payment-statuses`; `reference`: the operation that paid it. */
export const PaymentStatus = z.object({
  transactionCode: z.string(), dossierCode: z.string(), status: z.enum(STATUS_ORDER),
  reference: z.string().nullish(), paidAt: z.number().nullish(),
})
export type PaymentStatus = z.infer<typeof PaymentStatus>

/** Dossiers that are over without a result owe nothing. */
const OWES_NOTHING = new Set(['not-received', 'withdrawn', 'stopped'])
const ORDER_SQL = `array[${STATUS_ORDER.map((status) => `'${status}'`).join(', ')}]`
const IS_NEWER = `array_position(${ORDER_SQL}, excluded.status) > array_position(${ORDER_SQL}, payments.status)`

export function createPayments(options: { pool: pg.Pool; http: HttpClient; paymentsUrl: string }) {
  const { pool, http, paymentsUrl } = options

  async function requireDebt(dossier: DossierAnswer, reference: string): Promise<void> {
    const { rows } = await pool.query({
      name: 'payments-of', text: `select reference, status from payments where dossier_code = $1 and (status = 'paid' or reference = $2)`, values: [dossier.dossierCode, reference],
    })
    if (rows.some((row) => row.reference === reference)) return // The same operation again gets the same answer, paid or not.
    if (dossier.feeVnd <= 0 || OWES_NOTHING.has(dossier.status)) throw new ServiceError(409, 'NOTHING_TO_PAY', `nothing is to be paid for ${dossier.dossierCode}`)
    if (rows.length > 0) throw new ServiceError(409, 'NOTHING_TO_PAY', `${dossier.dossierCode} is paid`)
  }

  return {
    async create(dossier: DossierAnswer, { reference, bank }: z.infer<typeof CreatePayment>): Promise<z.infer<typeof PaymentAnswer>> {
      await requireDebt(dossier, reference)
      const transaction = {
        reference, dossierCode: dossier.dossierCode, unitCode: dossier.unitCode, amountVnd: dossier.feeVnd, bank, purpose: procedureOf(dossier.procedureCode)?.payment,
      }
      const answer = await http.postJson(`${paymentsUrl}/v1/transactions`, transaction, PAYMENTS_TIMEOUT_MS).catch((error: Error) => {
        if (error instanceof CallTimedOut) throw new ServiceError(504, 'PAYMENTS_TIMEOUT', 'the payment system did not answer in time; the dossier goes on')
        throw new ServiceError(502, 'PAYMENTS_UNAVAILABLE', error.message)
      })
      if (answer.status !== 200 && answer.status !== 201) throw refusal(answer)
      const payment = answer.body as z.infer<typeof PaymentAnswer>
      await pool.query({
        name: 'payment-store',
        text: `insert into payments (transaction_code, dossier_code, reference, bank, amount_vnd, status, origin) values ($1, $2, $3, $4, $5, 'qr-issued', 'direct')
          on conflict (transaction_code) do update set reference = excluded.reference, bank = excluded.bank, amount_vnd = excluded.amount_vnd`,
        values: [payment.transactionCode, dossier.dossierCode, reference, payment.bank, payment.amountVnd],
      })
      return payment
    },

    async statusOf(personId: string, transactionCode: string): Promise<{ transactionCode: string; status: string }> {
      const { rows } = await pool.query({
        name: 'payment-own', values: [transactionCode, personId],
        text: 'select payments.status from payments join dossiers on dossiers.code = payments.dossier_code where transaction_code = $1 and applicant_id = $2',
      })
      if (!rows[0]) throw new ServiceError(404, 'PAYMENT_UNKNOWN', `you have no payment "${transactionCode}"`)
      return { transactionCode, status: rows[0].status }
    },

    /** From the payment system; also of a transaction whose creation was never answered to the portal. */
    async take({ transactionCode, dossierCode, status, reference, paidAt }: PaymentStatus): Promise<void> {
      const { rowCount } = await pool.query({
        name: 'payment-status',
        text: `insert into payments (transaction_code, dossier_code, amount_vnd, status, paid_reference, paid_at, origin)
          select $1, code, fee_vnd, $3, case when $3 = 'paid' then $4 end, case when $3 = 'paid' then $5::timestamptz end, 'direct' from dossiers where code = $2
          on conflict (transaction_code) do update set status = case when ${IS_NEWER} then excluded.status else payments.status end,
            paid_reference = coalesce(payments.paid_reference, excluded.paid_reference), paid_at = coalesce(payments.paid_at, excluded.paid_at),
            updated_at = case when ${IS_NEWER} then now() else payments.updated_at end
            where payments.dossier_code = excluded.dossier_code`,
        values: [transactionCode, dossierCode, status, reference ?? null, typeof paidAt === 'number' ? new Date(paidAt) : null],
      })
      if (rowCount === 0) throw new ServiceError(404, 'DOSSIER_UNKNOWN', `no dossier "${dossierCode}" with payment "${transactionCode}"`)
    },
  }
}

export type Payments = ReturnType<typeof createPayments>

function refusal({ status, body }: CallAnswer): ServiceError {
  const message: string = body?.error?.message ?? `the payment system answered ${status}`
  if (status === 504) return new ServiceError(504, 'BANK_TIMEOUT', message)
  // Nothing was stored there: a refusal that the citizen can act on (pay at the counter), not an outage.
  if (status < 500) return new ServiceError(409, body?.error?.code ?? 'PAYMENT_REFUSED', message)
  return new ServiceError(502, 'BANK_UNAVAILABLE', message)
}
