/**
 * The life of a transaction: initiated → qr-issued → paid | expired, or failed where the bank gave no QR. Created once per reference; the bank is
 * asked outside any database transaction and must answer within 2 s of wall time. What a bank says it was paid counts, even late: money moved.
 * Throws ServiceError 422 BENEFICIARY_UNKNOWN, 504 BANK_TIMEOUT, 502 BANK_UNAVAILABLE, 409 REFERENCE_REUSED.
 */
import type pg from 'pg'
import { z } from 'zod'
import type { PaymentAnswer } from '../../../contracts/api/front.ts'
import { PAYMENT_PURPOSES, type BankCallback } from '../../../contracts/api/inside.ts'
import { CallTimedOut, type HttpClient } from '../http-client.ts'
import type { ScenarioClockHolder } from '../scenario-clock-holder.ts'
import { ServiceError } from '../service-error.ts'
import { accountOf } from './accounts.ts'
import { hanoiDay } from './hanoi-day.ts'
import { issueReceipts, queuePaid, queueReceipts } from './paid-records.ts'

const BANK_TIMEOUT_MS = 2_000
/** Assumption: a QR lives 15 minutes of the scenario clock; never less than a client's time-out of wall time, or the machine's speed would decide. */
const QR_LIFETIME_SCENARIO_MS = 15 * 60_000
const QR_LIFETIME_WALL_MS_LEAST = 10_000

/** Strict: an account number in the body is refused, the beneficiary is looked up by unit code alone. */
export const CreateTransaction = z.strictObject({
  reference: z.string().min(1), dossierCode: z.string().min(1), unitCode: z.string().min(1), amountVnd: z.int().min(1), bank: z.string().min(1),
  purpose: z.enum(PAYMENT_PURPOSES).default('fee'),
})
type Order = z.infer<typeof CreateTransaction>
type Answer = z.infer<typeof PaymentAnswer>
type Row = { code: string; reference: string; dossier_code: string; unit_code: string; amount_vnd: number; bank: string; status: string; reason: string | null; qr: string | null; expires_at: number }

export type Transactions = ReturnType<typeof createTransactions>

export function createTransactions(options: { pool: pg.Pool; http: HttpClient; clock: ScenarioClockHolder; bankUrl: (bank: string) => string | undefined; callbackUrl: string; paid: () => void }) {
  const { pool, http, clock } = options
  /** The same reference twice at once: the second waits for the first. */
  const underway = new Map<string, Promise<{ created: boolean; answer: Answer }>>()

  async function create(order: Order): Promise<{ created: boolean; answer: Answer }> {
    const bankUrl = options.bankUrl(order.bank)
    if (!bankUrl) throw new ServiceError(422, 'BANK_UNKNOWN', `"${order.bank}" is no bank of the payment system`)
    const account = await accountOf(pool, order.unitCode)
    if (!account) throw new ServiceError(422, 'BENEFICIARY_UNKNOWN', `the unit "${order.unitCode}" has no beneficiary account`)
    const expiresAt = Math.round(clock.now() + Math.max(QR_LIFETIME_SCENARIO_MS, QR_LIFETIME_WALL_MS_LEAST * clock.timeScale()))
    const { rows: [row] } = await pool.query<Row>({
      name: 'transaction-create',
      text: `insert into transactions (code, reference, dossier_code, unit_code, amount_vnd, bank, purpose, status, expires_at)
        values ('T' || $1::text || lpad(nextval('transaction_number')::text, 9, '0'), $2, $3, $4, $5, $6, $8, 'initiated', $7) on conflict (reference) do nothing returning *`,
      values: [hanoiDay(clock.now()), order.reference, order.dossierCode, account.unit_code, order.amountVnd, order.bank, expiresAt, order.purpose],
    })
    if (!row) return { created: false, answer: await again(order) }
    const request = {
      transactionCode: row.code, account: account.account, accountName: account.account_name, amountVnd: row.amount_vnd, reference: row.reference,
      expiresAt: row.expires_at, callbackUrl: options.callbackUrl,
    }
    const bank = await http.postJson(`${bankUrl}/v1/qr`, request, BANK_TIMEOUT_MS).catch((error: Error) => error)
    if (bank instanceof CallTimedOut) throw await failed(row, 'bank-timeout')
    if (bank instanceof Error || bank.status !== 201 || typeof bank.body?.qr !== 'string') throw await failed(row, 'bank-unavailable')
    const issued = { ...row, qr: bank.body.qr as string }
    await pool.query({ name: 'transaction-issued', text: `update transactions set status = 'qr-issued', qr = $2, updated_at = now() where code = $1 and status = 'initiated'`, values: [row.code, issued.qr] })
    return { created: true, answer: answerOf(issued) }
  }

  async function failed(row: Row, reason: 'bank-timeout' | 'bank-unavailable'): Promise<ServiceError> {
    await pool.query({ name: 'transaction-failed', text: `update transactions set status = 'failed', reason = $2, updated_at = now() where code = $1 and status = 'initiated'`, values: [row.code, reason] })
    return failure({ ...row, reason })
  }

  async function again(order: Order): Promise<Answer> {
    const { rows: [row] } = await pool.query<Row>({ name: 'transaction-by-reference', text: 'select * from transactions where reference = $1', values: [order.reference] })
    if (row!.dossier_code !== order.dossierCode || row!.amount_vnd !== order.amountVnd || row!.bank !== order.bank) throw new ServiceError(409, 'REFERENCE_REUSED', `"${order.reference}" stands for another payment`)
    if (row!.qr === null) throw failure(row!)
    return answerOf(row!)
  }

  return {
    async create(order: Order): Promise<{ created: boolean; answer: Answer }> {
      const before = underway.get(order.reference)
      if (before) await before.catch(() => {})
      const mine = create(order)
      underway.set(order.reference, mine)
      try { return await mine } finally { if (underway.get(order.reference) === mine) underway.delete(order.reference) }
    },

    async statusOf(code: string): Promise<{ transactionCode: string; status: string }> {
      const { rows: [row] } = await pool.query<Row>({ name: 'transaction-of', text: 'select status from transactions where code = $1', values: [code] })
      if (!row) throw new ServiceError(404, 'TRANSACTION_UNKNOWN', `no transaction "${code}"`)
      return { transactionCode: code, status: row.status }
    },

    /** One statement: the status, the receipt and what the portal must be told are committed together, once. */
    async settle(bank: string, callback: BankCallback): Promise<void> {
      const { rows: [found] } = await pool.query({
        name: 'transaction-settle',
        text: `with found as (select * from transactions where code = $1 for update),
          paid as (update transactions t set status = 'paid', reason = null, bank_reference = $2, paid_reference = $3, paid_at = $5, updated_at = now() from found
            where t.code = found.code and found.bank = $6 and found.amount_vnd = $4 and found.status <> 'paid' returning t.*),
          told as (${queuePaid('paid')}),
          issued as (${issueReceipts('paid', '$7', '$8')}),
          queued as (${queueReceipts('issued')})
          select bank, amount_vnd, status, bank_reference from found`,
        values: [callback.transactionCode, callback.bankReference, callback.reference, callback.amountVnd, Math.round(callback.paidAt), bank, hanoiDay(clock.now()), Math.round(clock.now())],
      })
      if (!found || found.bank !== bank) throw new ServiceError(404, 'TRANSACTION_UNKNOWN', `${bank} has no transaction "${callback.transactionCode}"`)
      if (found.amount_vnd !== callback.amountVnd) throw new ServiceError(409, 'AMOUNT_MISMATCH', `${callback.transactionCode} is over ${found.amount_vnd} VND, not ${callback.amountVnd}`)
      if (found.status === 'paid' && found.bank_reference !== callback.bankReference) throw new ServiceError(409, 'ALREADY_PAID', `${callback.transactionCode} was paid by ${found.bank_reference}`)
      if (found.status !== 'paid') options.paid()
    },

    /** Ends QRs whose time is over on the scenario clock; gives how many. */
    async expire(): Promise<number> {
      const { rowCount } = await pool.query({ name: 'transactions-expire', text: `update transactions set status = 'expired', updated_at = now() where status = 'qr-issued' and expires_at <= $1`, values: [Math.floor(clock.now())] })
      return rowCount ?? 0
    },
  }
}

function answerOf(row: Row): Answer { return { transactionCode: row.code, qr: row.qr!, amountVnd: row.amount_vnd, bank: row.bank, expiresAt: row.expires_at } }

function failure(row: Row): ServiceError {
  return row.reason === 'bank-timeout'
    ? new ServiceError(504, 'BANK_TIMEOUT', `${row.bank} gave no QR for ${row.code} within ${BANK_TIMEOUT_MS} ms`)
    : new ServiceError(502, 'BANK_UNAVAILABLE', `${row.bank} gave no QR for ${row.code}`)
}
