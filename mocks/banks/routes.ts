/** How a bank works out the operations of its contract (contracts/partner-api/roles/bank.ts). */
import { cancelQr, listBanks, orderCredit, orderQr, readQr, readStatement, scanQr } from '../../contracts/partner-api/roles/bank.ts'
import { refusalOf } from '../server/refusal-of.ts'
import { defineRoute, ok, type Route } from '../server/route.ts'
import type { Bank, IssuedQr } from './bank.ts'
import { periodOfDay, type Booking } from './ledger.ts'

const banks = defineRoute({ ...listBanks, resolve: (bank: Bank) => ok({ kind: bank.kind, banks: bank.choices() }) })

const qr = defineRoute({
  ...orderQr,
  resolve: (bank: Bank, order, call) => {
    const issued = bank.issue(order, call.delayMs > 0)
    return 'refused' in issued ? refusalOf(orderQr, issued.refused, order.transactionCode) : ok({ qr: issued.qr }, 201)
  },
})

const status = defineRoute({
  ...readQr,
  subject: ({ transactionCode }) => transactionCode,
  resolve: (bank: Bank, { transactionCode }) => {
    const issued = bank.qrs.get(transactionCode)
    return issued ? ok(stateOf(bank, issued)) : refusalOf(readQr, 'TRANSACTION_UNKNOWN', transactionCode)
  },
})

const cancel = defineRoute({
  ...cancelQr,
  resolve: (bank: Bank, { transactionCode, reference }) => {
    const cancelled = bank.cancel(transactionCode, reference)
    return 'refused' in cancelled ? refusalOf(cancelQr, cancelled.refused, transactionCode) : ok(stateOf(bank, cancelled))
  },
})

const scan = defineRoute({
  ...scanQr,
  resolve: (bank: Bank, order) => {
    const debit = bank.scan(order.qr, order.personId, order.reference, order.amountVnd)
    return 'refused' in debit ? refusalOf(scanQr, debit.refused) : ok({ bankReference: debit.bankReference, paidAt: debit.paidAt })
  },
})

const credits = defineRoute({
  ...orderCredit,
  resolve: (bank: Bank, order) => {
    const answer = bank.credit(order)
    return 'refused' in answer ? refusalOf(orderCredit, answer.refused) : ok({ bankReference: answer.credit.bankReference }, answer.created ? 201 : 200)
  },
})

const statement = defineRoute({
  ...readStatement,
  subject: () => 'statement',
  resolve: (bank: Bank, { from, to, day, after, limit }) => {
    const period = day === undefined ? { from: from!, to: to! } : periodOfDay(day)
    const page = bank.ledger.statement({ ...period, after, limit })
    if (!page) return refusalOf(readStatement, 'PERIOD_GONE')
    return ok({ ...page, entries: page.entries.map((booking) => lineOf(bank, booking)) })
  },
})

function stateOf(bank: Bank, issued: IssuedQr) {
  const { transactionCode, amountVnd, expiresAt } = issued
  const debit = bank.ledger.debits.get(transactionCode)
  return {
    transactionCode, status: bank.statusOf(issued), amountVnd, expiresAt, bankReference: debit?.bankReference ?? null, paidAt: debit?.paidAt ?? null,
    creditedVnd: bank.ledger.creditedVnd(transactionCode),
  }
}

function lineOf(bank: Bank, { kind, entry: { bankReference, transactionCode, account, amountVnd, reference, paidAt } }: Booking) {
  const { bankCode, budget } = bank.qrs.get(transactionCode)!
  return { kind, bankReference, transactionCode, account, amountVnd, reference, paidAt, bankCode, budget }
}

export const BANK_ROUTES: readonly Route<Bank>[] = [banks, qr, status, cancel, scan, credits, statement]
