/**
 * Money that officers take or give back. The payment system is the master: coordination asks it and answers only after it has committed; nothing
 * of it is stored here. Throws ServiceError 409 NOTHING_TO_PAY, 409 NOT_REFUNDABLE, what the payment system refuses with, 504 PAYMENTS_TIMEOUT, 502 PAYMENTS_UNAVAILABLE.
 */
import type pg from 'pg'
import { procedureOf } from '../../../contracts/reference/procedures.ts'
import { CallTimedOut, type CallAnswer, type HttpClient } from '../http-client.ts'
import { ServiceError } from '../service-error.ts'

const PAYMENTS_TIMEOUT_MS = 4_000
/** Dossiers that are over without a result: nothing is owed, and what was paid is given back. */
const WITHOUT_RESULT = ['not-received', 'withdrawn', 'stopped']

export type Moved = { created: boolean; answer: { transactionCode: string; amountVnd: number } }

export function createStaffMoney({ pool, http, paymentsUrl }: { pool: pg.Pool; http: HttpClient; paymentsUrl: string }) {
  async function dossierOf(code: string): Promise<{ unit_code: string; procedure_code: string; status: string; fee_vnd: number }> {
    const { rows: [row] } = await pool.query({ name: 'staff-money-of', text: 'select unit_code, procedure_code, status, fee_vnd from dossiers where code = $1', values: [code] })
    if (!row) throw new ServiceError(404, 'DOSSIER_UNKNOWN', `no dossier "${code}" on the coordination system`)
    return row
  }

  async function asked(call: Promise<CallAnswer>): Promise<CallAnswer> {
    const answer = await call.catch((error: Error) => {
      if (error instanceof CallTimedOut) throw new ServiceError(504, 'PAYMENTS_TIMEOUT', error.message)
      throw new ServiceError(502, 'PAYMENTS_UNAVAILABLE', error.message)
    })
    if (answer.status >= 500) throw new ServiceError(502, 'PAYMENTS_UNAVAILABLE', `the payment system answered ${answer.status}`)
    return answer
  }

  async function order(path: string, body: unknown): Promise<Moved> {
    const { status, body: answer } = await asked(http.postJson(`${paymentsUrl}${path}`, body, PAYMENTS_TIMEOUT_MS))
    if (status >= 400) throw new ServiceError(status, answer?.error?.code ?? 'PAYMENT_REFUSED', answer?.error?.message ?? `the payment system answered ${status}`)
    return { created: status === 201, answer: { transactionCode: answer.transactionCode, amountVnd: answer.amountVnd } }
  }

  return {
    async isPaid(code: string): Promise<boolean> {
      const { status, body } = await asked(http.get(`${paymentsUrl}/v1/dossiers/${encodeURIComponent(code)}/paid`, PAYMENTS_TIMEOUT_MS))
      if (status !== 200) throw new ServiceError(502, 'PAYMENTS_UNAVAILABLE', `the payment system answered ${status}`)
      return body.paid
    },

    async collect(code: string, reference: string): Promise<Moved> {
      const dossier = await dossierOf(code)
      if (dossier.fee_vnd <= 0 || WITHOUT_RESULT.includes(dossier.status)) throw new ServiceError(409, 'NOTHING_TO_PAY', `nothing is to be paid for ${code}`)
      const purpose = procedureOf(dossier.procedure_code)?.payment
      return order('/v1/counter-payments', { reference, dossierCode: code, unitCode: dossier.unit_code, amountVnd: dossier.fee_vnd, ...(purpose && { purpose }) })
    },

    async refund(code: string, reference: string): Promise<Moved> {
      const { status } = await dossierOf(code)
      if (!WITHOUT_RESULT.includes(status)) throw new ServiceError(409, 'NOT_REFUNDABLE', `${code} is "${status}": money is given back only for dossiers that ended without a result`)
      return order('/v1/refunds', { reference, dossierCode: code })
    },
  }
}

export type StaffMoney = ReturnType<typeof createStaffMoney>
