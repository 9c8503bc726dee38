/** A bank, a gateway or the Treasury (contracts/reference/banks.ts) as a simulator. */
import type { EvidenceRow } from '../../contracts/evidence.ts'
import { BANK } from '../../contracts/partner-api/roles/bank.ts'
import { createConduct } from '../behaviour/conduct.ts'
import { createEndpoint } from '../server/endpoint.ts'
import type { Simulator } from '../simulator.ts'
import { createBank, type Bank, type BankOptions } from './bank.ts'
import { BANK_ROUTES } from './routes.ts'

export { BANKS } from '../../contracts/reference/banks.ts'

export function bankSimulator({ world, row, retry }: BankOptions): Simulator {
  const conduct = createConduct(world, { system: row.id, role: BANK.id, routes: BANK_ROUTES, calls: BANK.calls.map(({ name }) => name) })
  const bank = createBank({ world, row, retry: { after: world.after, ...retry, plan: conduct.plan, journal: conduct.journal } })
  return {
    id: row.id,
    endpoint: createEndpoint(BANK_ROUTES, bank, conduct),
    evidence: () => bankEvidence(bank, world.wallNow()),
    forgotten: bank.memory.forgotten,
    pending: bank.pending,
    control(control) {
      if (control.action !== 'bank.available') return undefined
      bank.setAvailable(control.bankCode, control.available)
      return { banks: bank.choices() }
    },
    close: bank.close,
  }
}

function bankEvidence(bank: Bank, seenAt: number): EvidenceRow[] {
  bank.memory.requireWhole()
  const rows: EvidenceRow[] = []
  for (const qr of bank.qrs.values()) {
    rows.push({
      key: `qr/${qr.transactionCode}`, op: qr.reference, status: qr.status, seenAt, sourceAt: qr.issuedAt,
      fields: { transactionCode: qr.transactionCode, amountVnd: qr.amountVnd, account: qr.account },
    })
  }
  for (const { kind, entry } of bank.ledger.bookings) {
    const { transactionCode, amountVnd, personId, bankReference, reference, bookedAt } = entry
    const row = { op: reference, seenAt, sourceAt: bookedAt }
    rows.push(kind === 'debit'
      ? { ...row, key: `debit/${bankReference}`, status: 'debited', fields: { transactionCode, amountVnd, personId } }
      : { ...row, key: `credit/${reference}`, status: 'credited', fields: { transactionCode, amountVnd, bankReference, personId } })
  }
  return rows
}
