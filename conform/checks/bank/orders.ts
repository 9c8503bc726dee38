/** What the bank's checks begin with: an order, an issued QR, a paid one. */
import type { QrOrder } from '../../../contracts/partner-api/roles/bank.ts'
import { answered, demand, numberIn, textIn, type Check, type Flow } from '../../check.ts'
import type { Context } from '../../context.ts'
import type { Exchange } from '../../exchange.ts'
import type { Inbox, Received } from '../../receiver.ts'

export const AMOUNT_VND = 135_000
const LONG_MS = 3_600_000

export type Issued = QrOrder & { qr: string }
export type Paid = Issued & { scanReference: string; personId: string; bankReference: string; paidAt: number }

export function order(context: Context, inbox: Pick<Inbox, 'url'>, changes: Partial<QrOrder> = {}): QrOrder {
  const { number, name, budget } = context.fixture.account
  return {
    transactionCode: context.tag(), account: number, accountName: name, amountVnd: AMOUNT_VND, reference: context.tag(), expiresAt: context.nowMs() + LONG_MS, callbackUrl: inbox.url,
    ...(budget && { budget }), ...changes,
  }
}

export async function issued(context: Context, inbox: Pick<Inbox, 'url'>, changes: Partial<QrOrder> = {}): Promise<Issued> {
  const input = order(context, inbox, changes)
  const exchange = await context.ask('qr', input)
  answered(exchange, 201)
  context.made('transaction', input.transactionCode)
  return { ...input, qr: textIn(exchange, 'qr') }
}

export function scan(context: Context, qr: string, changes: object = {}): Promise<Exchange> {
  return context.ask('scan', { qr, personId: context.fixture.citizens[0]!.personId, reference: context.tag(), ...changes })
}

export async function paid(context: Context, inbox: Pick<Inbox, 'url'>, changes: Partial<QrOrder> = {}): Promise<Paid> {
  const code = await issued(context, inbox, changes)
  const scanReference = context.tag()
  const exchange = await scan(context, code.qr, { reference: scanReference })
  answered(exchange, 200)
  return { ...code, scanReference, personId: context.fixture.citizens[0]!.personId, bankReference: textIn(exchange, 'bankReference'), paidAt: momentIn(exchange) }
}

/** One that is no date at all cannot be compared with any. */
function momentIn(exchange: Exchange): number {
  const paidAt = numberIn(exchange, 'paidAt')
  demand(Math.abs(paidAt) < 8e15, { vi: 'mốc thời gian (ms)', en: 'a moment (ms)' }, String(paidAt), exchange)
  return paidAt
}

export async function cameBack(context: Context, inbox: Inbox, count = 1): Promise<Received> {
  const { callbackMs } = context.fixture.waits
  const counted = (n: number) => ({ vi: `${n} lần gọi lại`, en: `${n} callbacks` })
  demand(await inbox.arrived(count, callbackMs), { vi: `gọi lại trong ${callbackMs} ms`, en: `a callback within ${callbackMs} ms` }, counted(inbox.received.length), context.exchanges.at(-1))
  return inbox.received[count - 1]!
}

export function bankCheck(topic: string, vi: string, en: string, run: Check['run'], needs: Check['needs'] = [], flow: Flow = 'pay'): Check {
  return { id: `bank.${topic}`, flow, needs, requirement: { vi, en }, run }
}
