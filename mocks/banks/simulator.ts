/** The banks, one row each, and a bank as a simulator. BINs are NAPAS's public ones. */
import { createEndpoint } from '../server/endpoint.ts'
import type { Simulator } from '../simulator.ts'
import { createBank, type Bank, type BankOptions, type BankRow } from './bank.ts'
import { BANK_ROUTES } from './routes.ts'
import type { EvidenceRow } from '../../contracts/evidence.ts'

export const BANKS: readonly BankRow[] = [
  { id: 'bank-vcb', acquirerBin: '970436', prefix: 'VCB' },
  { id: 'bank-bidv', acquirerBin: '970418', prefix: 'BIDV' },
]

export function bankSimulator(options: BankOptions): Simulator {
  const bank = createBank(options)
  return {
    id: options.row.id,
    endpoint: createEndpoint(BANK_ROUTES, bank),
    evidence: () => bankEvidence(bank, options.world.wallNow()),
    pending: bank.pending,
    close: bank.close,
  }
}

function bankEvidence(bank: Bank, seenAt: number): EvidenceRow[] {
  const rows: EvidenceRow[] = []
  for (const qr of bank.qrs.values()) {
    rows.push({
      key: `qr/${qr.transactionCode}`, op: qr.reference, status: qr.status, seenAt, sourceAt: qr.issuedAt,
      fields: { transactionCode: qr.transactionCode, amountVnd: qr.amountVnd, account: qr.account },
    })
  }
  for (const debit of bank.debits.values()) {
    rows.push({
      key: `debit/${debit.bankReference}`, op: debit.reference, status: 'debited', seenAt, sourceAt: debit.debitedAt,
      fields: { transactionCode: debit.transactionCode, amountVnd: debit.amountVnd, personId: debit.personId },
    })
  }
  for (const credit of bank.credits.values()) {
    rows.push({
      key: `credit/${credit.reference}`, op: credit.reference, status: 'credited', seenAt, sourceAt: credit.creditedAt,
      fields: { transactionCode: credit.transactionCode, amountVnd: credit.amountVnd, bankReference: credit.bankReference, personId: credit.personId },
    })
  }
  return rows
}
