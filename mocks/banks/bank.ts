/**
 * A bank, a gateway or the Treasury: issues QR codes for the payment system, debits a payer who scans one, tells the payment system by a signed callback
 * until it is taken, and credits back what it debited when that is ordered. Each QR is debited once; the same reference again gets the same answer, and
 * for anything else it is refused. `expiresAt` and `paidAt` are on the scenario clock. A QR whose answer went out late is kept as `delayed`.
 */
import type { BankCallback } from '../../contracts/api/inside.ts'
import { InputError } from '../../contracts/error.ts'
import type { CreditOrder, QR_STATES, QrOrder, RefundCallback } from '../../contracts/partner-api/roles/bank.ts'
import { PAYER_BANKS, type BankRow } from '../../contracts/reference/banks.ts'
import { draw } from '../behaviour/draw.ts'
import { createCallbacks } from '../delivery/callbacks.ts'
import type { OutboxOptions } from '../delivery/outbox.ts'
import type { World } from '../world.ts'
import { createLedger, type Booking, type Credit, type Debit } from './ledger.ts'
import { decodePayload, encodePayload, issuerOf } from './payload.ts'

export type BankOptions = { world: World; row: BankRow; retry?: OutboxOptions }

/** Without the account's name, which only the QR shows. */
export type IssuedQr = Omit<QrOrder, 'accountName'> & {
  qr: string; status: 'issued' | 'delayed' | 'cancelled'; issuedAt: number
  /** Under which reference it was cancelled. */
  cancelledBy?: string
}
export type QrStatus = (typeof QR_STATES)[number]
export type OrderRefused = { refused: 'TRANSACTION_EXISTS' | 'BANK_UNKNOWN' | 'BANK_UNAVAILABLE' | 'BUDGET_CODE_MISSING' }
export type ScanRefused = { refused: 'QR_UNREADABLE' | 'QR_UNKNOWN' | 'QR_ALTERED' | 'QR_EXPIRED' | 'QR_CANCELLED' | 'ALREADY_PAID' | 'REFERENCE_REUSED' | 'AMOUNT_MISMATCH' }
export type CancelRefused = { refused: 'TRANSACTION_UNKNOWN' | 'ALREADY_PAID' | 'ALREADY_CANCELLED' | 'QR_EXPIRED' }
export type CreditRefused = { refused: 'TRANSACTION_UNKNOWN' | 'AMOUNT_MISMATCH' | 'ALREADY_CREDITED' | 'REFUND_EXCEEDS_DEBIT' | 'REFERENCE_REUSED' }

export type Bank = ReturnType<typeof createBank>

export function createBank({ world, row, retry }: BankOptions) {
  const qrs = new Map<string, IssuedQr>()
  const memory = world.memoryOf(row.id)
  const ledger = createLedger()
  const callbacks = createCallbacks({ sender: { 'x-bank': row.id }, key: world.keyOf(row.id), wire: world.wireOf('bank'), outbox: retry })
  const issuer = issuerOf(row.qr)
  /** Codes of chosen banks that do not serve now. */
  const closed = new Set<string>()
  const scenarioNow = (): number => Math.round(world.scenarioNow())

  const kept = memory.keep<IssuedQr>({
    isFinished: (issued) => statusOf(issued) !== 'issued',
    forget: (forgotten) => {
      for (const { transactionCode } of forgotten) qrs.delete(transactionCode)
      ledger.forget(new Set(Array.from(forgotten, ({ transactionCode }) => transactionCode)))
    },
  })

  function statusOf(issued: IssuedQr): QrStatus {
    if (ledger.debits.has(issued.transactionCode)) return 'paid'
    if (issued.status === 'cancelled') return 'cancelled'
    return scenarioNow() > issued.expiresAt ? 'expired' : 'issued'
  }

  function refusedOrder(order: QrOrder): OrderRefused | undefined {
    if (order.bankCode !== undefined && !row.offers.includes(order.bankCode)) return { refused: 'BANK_UNKNOWN' }
    if (order.bankCode !== undefined && closed.has(order.bankCode)) return { refused: 'BANK_UNAVAILABLE' }
    if (row.kind === 'treasury' && order.budget === undefined) return { refused: 'BUDGET_CODE_MISSING' }
    return undefined
  }

  function book(kind: Booking['kind'], from: { reference: string; personId: string; amountVnd: number }, issued: IssuedQr): Debit {
    const { transactionCode, account } = issued
    const entry = {
      bankReference: bankReference(world.seed, row, transactionCode, ledger.booked() + 1), reference: from.reference, personId: from.personId,
      transactionCode, account, amountVnd: from.amountVnd, paidAt: scenarioNow(), bookedAt: world.wallNow(),
    }
    ledger.book({ kind, entry })
    return entry
  }

  return {
    qrs,
    ledger,
    memory,

    /** Banks to choose from, and whether each serves now. */
    choices: () => PAYER_BANKS.filter(({ code }) => row.offers.includes(code)).map((bank) => ({ ...bank, available: !closed.has(bank.code) })),
    kind: row.kind,
    /** A mistake in the code is told, not swallowed: a fault that closes nothing proves nothing. */
    setAvailable(code: string, available: boolean): void {
      if (!row.offers.includes(code)) {
        throw new InputError([{ code: 'BANK_NOT_OFFERED', what: `${row.id} does not offer the bank "${code}"`, where: 'bankCode', mend: `use one of: ${row.offers.join(', ')}` }])
      }
      if (available) closed.delete(code)
      else closed.add(code)
    },

    /** The same transaction again gets the same QR. */
    issue(order: QrOrder, late: boolean): IssuedQr | OrderRefused {
      const known = qrs.get(order.transactionCode)
      if (known) return isSameOrder(known, order, encodePayload(row.qr, order)) ? known : { refused: 'TRANSACTION_EXISTS' }
      const refused = refusedOrder(order)
      if (refused) return refused
      const { accountName: _accountName, ...particulars } = order
      const issued: IssuedQr = { ...particulars, qr: encodePayload(row.qr, order), status: late ? 'delayed' : 'issued', issuedAt: world.wallNow() }
      qrs.set(issued.transactionCode, issued)
      kept.add(issued)
      return issued
    },

    statusOf,

    cancel(transactionCode: string, reference: string): IssuedQr | CancelRefused {
      const issued = qrs.get(transactionCode)
      if (!issued) return { refused: 'TRANSACTION_UNKNOWN' }
      if (issued.cancelledBy !== undefined) return issued.cancelledBy === reference ? issued : { refused: 'ALREADY_CANCELLED' }
      if (ledger.debits.has(transactionCode)) return { refused: 'ALREADY_PAID' }
      if (scenarioNow() > issued.expiresAt) return { refused: 'QR_EXPIRED' }
      return Object.assign(issued, { status: 'cancelled', cancelledBy: reference } as const)
    },

    scan(text: string, personId: string, reference: string, amountVnd?: number): Debit | ScanRefused {
      const code = decodePayload(text)
      if (!code) return { refused: 'QR_UNREADABLE' }
      const issued = qrs.get(code.transactionCode)
      if (!issued || code.issuer !== issuer) return { refused: 'QR_UNKNOWN' }
      if (text !== issued.qr) return { refused: 'QR_ALTERED' }
      if (amountVnd !== undefined && amountVnd !== issued.amountVnd) return { refused: 'AMOUNT_MISMATCH' }
      const paid = ledger.debits.get(code.transactionCode)
      if (paid && paid.reference !== reference) return { refused: 'ALREADY_PAID' }
      if (paid) return paid.personId === personId ? paid : { refused: 'REFERENCE_REUSED' }
      if (ledger.byReference.has(reference)) return { refused: 'REFERENCE_REUSED' }
      if (issued.status === 'cancelled') return { refused: 'QR_CANCELLED' }
      if (scenarioNow() > issued.expiresAt) return { refused: 'QR_EXPIRED' }
      const debit = book('debit', { reference, personId, amountVnd: issued.amountVnd }, issued)
      callbacks.send('callback', {
        url: issued.callbackUrl, subject: reference, fields: { personId, amountVnd: debit.amountVnd, transactionCode: debit.transactionCode },
        body: () => ({ transactionCode: debit.transactionCode, bankReference: debit.bankReference, reference, amountVnd: debit.amountVnd, paidAt: debit.paidAt } satisfies BankCallback),
      })
      return debit
    },

    /** `created` is false where the same order was carried out before. */
    credit({ reference, transactionCode, amountVnd, callbackUrl }: CreditOrder): { created: boolean; credit: Credit } | CreditRefused {
      const debit = ledger.debits.get(transactionCode)
      if (!debit) return { refused: 'TRANSACTION_UNKNOWN' }
      if (row.refunds === 'whole' && amountVnd !== debit.amountVnd) return { refused: 'AMOUNT_MISMATCH' }
      const known = ledger.byReference.get(reference)
      if (known) {
        const same = known.kind === 'credit' && known.entry.transactionCode === transactionCode && known.entry.amountVnd === amountVnd
        return same ? { created: false, credit: known.entry } : { refused: 'REFERENCE_REUSED' }
      }
      const creditedVnd = ledger.creditedVnd(transactionCode)
      if (row.refunds === 'whole' && creditedVnd > 0) return { refused: 'ALREADY_CREDITED' }
      if (creditedVnd + amountVnd > debit.amountVnd) return { refused: 'REFUND_EXCEEDS_DEBIT' }
      const credit = book('credit', { reference, personId: debit.personId, amountVnd }, qrs.get(transactionCode)!)
      if (callbackUrl !== undefined) {
        callbacks.send('refund-callback', {
          url: callbackUrl, subject: reference, fields: { personId: credit.personId, amountVnd, transactionCode },
          body: () => ({ transactionCode, bankReference: credit.bankReference, reference, amountVnd, paidAt: credit.paidAt } satisfies RefundCallback),
        })
      }
      return { created: true, credit }
    },

    pending: callbacks.pending,
    close: callbacks.close,
  }
}

function isSameOrder(known: IssuedQr, order: QrOrder, qr: string): boolean {
  return known.qr === qr && known.reference === order.reference && known.account === order.account && known.bankCode === order.bankCode
    && known.expiresAt === order.expiresAt && known.callbackUrl === order.callbackUrl && JSON.stringify(known.budget) === JSON.stringify(order.budget)
}

/** Of the form that banks print: prefix, running number, and three digits so that neighbours cannot be guessed by mistake. */
function bankReference(seed: number, row: BankRow, transactionCode: string, running: number): string {
  return `${row.prefix}${String(running).padStart(8, '0')}${String(Math.floor(draw(seed, row.id, transactionCode) * 1000)).padStart(3, '0')}`
}
