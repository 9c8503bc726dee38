/** What a bank offers (contracts/api/partners.ts): QR codes and credits for the payment system, scanning for payers, statements for reconciliation. */
import { z } from 'zod'
import { RefusalBody } from '../server/problem.ts'
import { defineRoute, ok, refusal, type Route } from '../server/route.ts'
import type { Bank, CreditRefused, ScanRefused } from './bank.ts'

const AmountVnd = z.int().min(1).max(9_999_999_999_999)

export const QrOrder = z.strictObject({
  /** At most what the QR's fields hold. */
  transactionCode: z.string().regex(/^[\x21-\x7e]{1,30}$/), account: z.string().regex(/^[0-9A-Za-z]{1,19}$/), accountName: z.string().min(1),
  amountVnd: AmountVnd, reference: z.string().min(1), expiresAt: z.number(), callbackUrl: z.url({ protocol: /^https?$/ }),
})
export const Scan = z.strictObject({ qr: z.string(), personId: z.string().min(1), reference: z.string().min(1) })
export const CreditOrder = z.strictObject({ reference: z.string().min(1), transactionCode: z.string().min(1), amountVnd: AmountVnd })
const Credited = z.object({ bankReference: z.string() })
const Period = z.object({ from: z.coerce.number(), to: z.coerce.number() })
const Entry = z.object({ kind: z.enum(['debit', 'credit']), bankReference: z.string(), transactionCode: z.string(), account: z.string(), amountVnd: AmountVnd, reference: z.string(), paidAt: z.number() })

const REFUSALS: Record<ScanRefused['refused'], readonly [status: number, code: string, message: string]> = {
  'unreadable': [400, 'QR_UNREADABLE', 'not a VietQR payload, or its CRC does not fit'],
  'unknown': [404, 'QR_UNKNOWN', 'this bank has not issued the QR'],
  'altered': [422, 'QR_ALTERED', 'the QR differs from the one that was issued for its transaction'],
  'expired': [410, 'QR_EXPIRED', 'the QR has expired'],
  'already-paid': [409, 'ALREADY_PAID', 'the QR was paid under another reference'],
}

const CREDIT_REFUSALS: Record<CreditRefused['refused'], readonly [status: number, code: string, message: string]> = {
  'never-debited': [404, 'TRANSACTION_UNKNOWN', 'nothing was debited here for the transaction'],
  'other-amount': [409, 'AMOUNT_MISMATCH', 'another amount was debited for the transaction'],
  'already-credited': [409, 'ALREADY_CREDITED', 'the transaction was credited under another reference'],
}

const qr = defineRoute({
  name: 'qr', method: 'POST', path: '/v1/qr', takes: 'json', request: QrOrder,
  answers: { 201: z.object({ qr: z.string() }), 400: RefusalBody, 409: RefusalBody },
  resolve: (bank: Bank, order, call) => {
    const issued = bank.issue(order, call.delayMs > 0)
    return issued ? ok({ qr: issued.qr }, 201) : refusal(409, 'TRANSACTION_EXISTS', `${order.transactionCode} was ordered with other particulars`)
  },
})

const scan = defineRoute({
  name: 'scan', method: 'POST', path: '/v1/scan', takes: 'json', request: Scan,
  answers: { 200: z.object({ bankReference: z.string(), paidAt: z.number() }), 400: RefusalBody, 404: RefusalBody, 409: RefusalBody, 410: RefusalBody, 422: RefusalBody },
  resolve: (bank: Bank, order) => {
    const debit = bank.scan(order.qr, order.personId, order.reference)
    return 'refused' in debit ? refusal(...REFUSALS[debit.refused]) : ok({ bankReference: debit.bankReference, paidAt: debit.paidAt })
  },
})

const credits = defineRoute({
  name: 'credits', method: 'POST', path: '/v1/credits', takes: 'json', request: CreditOrder,
  answers: { 200: Credited, 201: Credited, 400: RefusalBody, 404: RefusalBody, 409: RefusalBody },
  resolve: (bank: Bank, order) => {
    const answer = bank.credit(order)
    return 'refused' in answer ? refusal(...CREDIT_REFUSALS[answer.refused]) : ok({ bankReference: answer.credit.bankReference }, answer.created ? 201 : 200)
  },
})

const statement = defineRoute({
  name: 'statement', method: 'GET', path: '/v1/statement', takes: 'query', request: Period,
  answers: { 200: z.object({ entries: z.array(Entry) }), 400: RefusalBody },
  resolve: (bank: Bank, period) => ok({
    entries: bank.statement(period.from, period.to).map(({ kind, entry: { bankReference, transactionCode, account, amountVnd, reference, paidAt } }) =>
      ({ kind, bankReference, transactionCode, account, amountVnd, reference, paidAt })),
  }),
})

export const BANK_ROUTES: readonly Route<Bank>[] = [qr, scan, credits, statement]
