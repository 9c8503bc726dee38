/**
 * A bank: issues QR codes for the payment system, debits a payer who scans one, tells the payment system by a signed callback until it is taken,
 * and credits back what it debited when the payment system orders it (a refund). Each QR is debited once; the same reference again gets the same answer. Amounts are integer VND and come from the QR itself.
 * `expiresAt` and `paidAt` are on the scenario clock. A QR whose answer went out late is kept as `delayed`.
 */
import type { Dispatcher } from 'undici'
import type { BankCallback } from '../../contracts/api/inside.ts'
import { createOutbox, type OutboxOptions } from '../delivery/outbox.ts'
import { destinationOf, headerValue, openAgent, post, signatureOf } from '../delivery/post.ts'
import { draw } from '../server/draw.ts'
import type { World } from '../world.ts'
import { decodeVietQr, encodeVietQr } from './viet-qr.ts'

export type BankRow = { id: string; acquirerBin: string; prefix: string }
export type BankOptions = { world: World; row: BankRow; retry?: OutboxOptions }

export type IssuedQr = {
  transactionCode: string; reference: string; account: string; amountVnd: number; expiresAt: number; callbackUrl: string
  qr: string; status: 'issued' | 'delayed'; issuedAt: number
}
export type Debit = {
  bankReference: string; reference: string; personId: string; transactionCode: string; account: string; amountVnd: number
  /** Scenario clock, and the wall clock beside it. */
  paidAt: number; debitedAt: number
}
/** What a debit took, given back to its payer in full. */
export type Credit = Pick<Debit, 'bankReference' | 'reference' | 'personId' | 'transactionCode' | 'account' | 'amountVnd' | 'paidAt'> & { creditedAt: number }
export type CreditRefused = { refused: 'never-debited' | 'other-amount' | 'already-credited' }
export type Booking = { kind: 'debit'; entry: Debit } | { kind: 'credit'; entry: Credit }
export type ScanRefused = { refused: 'unreadable' | 'unknown' | 'altered' | 'expired' | 'already-paid' }

const CALLBACK_TIMEOUT_MS = 5_000

export type Bank = ReturnType<typeof createBank>

export function createBank({ world, row, retry }: BankOptions) {
  const qrs = new Map<string, IssuedQr>()
  /** Both by transaction. */
  const debits = new Map<string, Debit>()
  const credits = new Map<string, Credit>()
  const bookings: Booking[] = []
  const outbox = createOutbox(retry)
  const agent: Dispatcher = openAgent()
  const key = world.keyOf(row.id)

  function callBack(issued: IssuedQr, debit: Debit): void {
    const body = JSON.stringify({
      transactionCode: debit.transactionCode, bankReference: debit.bankReference, reference: debit.reference, amountVnd: debit.amountVnd, paidAt: debit.paidAt,
    } satisfies BankCallback)
    const headers = { 'x-bank': row.id, 'x-signature': signatureOf(key, body), 'x-op': headerValue(debit.reference) }
    const callback = destinationOf(issued.callbackUrl)
    outbox.add(async () => (await post(agent, callback, body, headers, CALLBACK_TIMEOUT_MS)).status < 300)
  }

  return {
    qrs,
    debits,
    credits,

    /** The same transaction again gets the same QR; undefined where it is asked for with other particulars. */
    issue(order: Omit<IssuedQr, 'qr' | 'status' | 'issuedAt'> & { accountName: string }, late: boolean): IssuedQr | undefined {
      const { accountName, ...particulars } = order
      const qr = encodeVietQr({ acquirerBin: row.acquirerBin, account: order.account, accountName, amountVnd: order.amountVnd, transactionCode: order.transactionCode })
      const known = qrs.get(order.transactionCode)
      if (known) return known.qr === qr && known.reference === order.reference ? known : undefined
      const issued: IssuedQr = { ...particulars, qr, status: late ? 'delayed' : 'issued', issuedAt: world.wallNow() }
      qrs.set(issued.transactionCode, issued)
      return issued
    },

    scan(text: string, personId: string, reference: string): Debit | ScanRefused {
      const code = decodeVietQr(text)
      if (!code) return { refused: 'unreadable' }
      const issued = qrs.get(code.transactionCode)
      if (!issued || code.acquirerBin !== row.acquirerBin) return { refused: 'unknown' }
      if (text !== issued.qr) return { refused: 'altered' }
      const paid = debits.get(code.transactionCode)
      if (paid) return paid.reference === reference ? paid : { refused: 'already-paid' }
      const paidAt = Math.round(world.scenarioNow())
      if (paidAt > issued.expiresAt) return { refused: 'expired' }
      const debit: Debit = {
        bankReference: bankReference(world.seed, row, code.transactionCode, bookings.length + 1), reference, personId,
        transactionCode: code.transactionCode, account: code.account, amountVnd: code.amountVnd, paidAt, debitedAt: world.wallNow(),
      }
      debits.set(code.transactionCode, debit)
      bookings.push({ kind: 'debit', entry: debit })
      callBack(issued, debit)
      return debit
    },

    /** `created` is false where the same order was carried out before. */
    credit({ reference, transactionCode, amountVnd }: { reference: string; transactionCode: string; amountVnd: number }): { created: boolean; credit: Credit } | CreditRefused {
      const debit = debits.get(transactionCode)
      if (!debit) return { refused: 'never-debited' }
      if (amountVnd !== debit.amountVnd) return { refused: 'other-amount' }
      const known = credits.get(transactionCode)
      if (known) return known.reference === reference ? { created: false, credit: known } : { refused: 'already-credited' }
      const credit: Credit = {
        bankReference: bankReference(world.seed, row, transactionCode, bookings.length + 1), reference, personId: debit.personId,
        transactionCode, account: debit.account, amountVnd, paidAt: Math.round(world.scenarioNow()), creditedAt: world.wallNow(),
      }
      credits.set(transactionCode, credit)
      bookings.push({ kind: 'credit', entry: credit })
      return { created: true, credit }
    },

    /** Debits and credits with from ≤ paidAt < to (scenario clock), in the order of booking. */
    statement(from: number, to: number): Booking[] {
      return bookings.filter(({ entry }) => entry.paidAt >= from && entry.paidAt < to)
    },

    pending: outbox.pending,
    async close(): Promise<void> {
      outbox.close()
      await agent.destroy()
    },
  }
}

/** Of the form that banks print: prefix, running number, and three digits so that neighbours cannot be guessed by mistake. */
function bankReference(seed: number, row: BankRow, transactionCode: string, running: number): string {
  return `${row.prefix}${String(running).padStart(8, '0')}${String(Math.floor(draw(seed, row.id, transactionCode) * 1000)).padStart(3, '0')}`
}
