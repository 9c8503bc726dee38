/**
 * The book of orders of a specialised system or the post: one for each reference, worked on after a seeded while of the wall clock, each new status
 * confirmed to whoever ordered (call `confirm`) by a signed callback that is repeated until it is answered 2xx. Numbers grow with the orders; `sequence`
 * grows with the confirmations of one order, so that a receiver knows a late one. `ended`: statuses after which nothing happens any more; `forget` takes what
 * else is known of orders that the memory has no room for.
 */
import { canonicalJson } from '../../contracts/canonical-json.ts'
import type { EvidenceRow } from '../../contracts/evidence.ts'
import type { Confirmation } from '../../contracts/partner-api/roles/dossier-system/results.ts'
import { SENDER_HEADER, type OrderState, type SpecialisedSystem } from '../../contracts/partner-api/roles/specialised.ts'
import { draw } from '../behaviour/draw.ts'
import { createCallbacks } from '../delivery/callbacks.ts'
import { createOutbox, type OutboxOptions } from '../delivery/outbox.ts'
import type { World } from '../world.ts'

export type OrderRequest = { reference: string; dossierCode: string; callbackUrl: string }
export type Order<Request extends OrderRequest> = OrderState & {
  request: Request
  sequence: number
  /** Wall clock. */
  acceptedAt: number
}
export type OrdersOptions = {
  world: World; retry?: OutboxOptions | undefined
  /** Wall ms that a step takes, least and most. */
  stepMs?: readonly [number, number] | undefined
}
export type Orders<Request extends OrderRequest> = ReturnType<typeof createOrders<Request>>

export type Remembering<Request extends OrderRequest> = { ended: readonly string[]; forget?: (orders: ReadonlySet<Order<Request>>) => void }

export function createOrders<Request extends OrderRequest>(system: SpecialisedSystem, numberOf: (running: number) => string, { ended, forget }: Remembering<Request>, { world, retry, stepMs: [least, most] = [5, 300] }: OrdersOptions) {
  const byReference = new Map<string, Order<Request>>()
  const byNumber = new Map<string, Order<Request>>()
  const memory = world.memoryOf(system)
  const kept = memory.keep<Order<Request>>({
    isFinished: ({ status }) => ended.includes(status),
    forget: (orders) => {
      for (const { reference, number } of orders) { byReference.delete(reference); byNumber.delete(number) }
      forget?.(orders)
    },
  })
  let numbered = 0
  const callbacks = createCallbacks({ sender: { [SENDER_HEADER]: system }, key: world.keyOf(system), wire: world.wireOf(system), outbox: { after: world.after, ...retry } })
  const underWay = createOutbox({ after: world.after, concurrency: Infinity })
  const now = (): number => Math.round(world.scenarioNow())

  return {
    callbacks,
    now,
    find: (reference: string) => byReference.get(reference),
    byNumber: (number: string) => byNumber.get(number),

    /** Undefined where the reference stands for another order. */
    accept(request: Request): { created: boolean; order: Order<Request> } | undefined {
      const known = byReference.get(request.reference)
      if (known) return canonicalJson(known.request) === canonicalJson(request) ? { created: false, order: known } : undefined
      const { reference, dossierCode } = request
      const order: Order<Request> = {
        number: numberOf(numbered += 1), reference, dossierCode, status: 'accepted', at: now(), amountVnd: null, request, sequence: 0, acceptedAt: world.wallNow(),
      }
      byReference.set(reference, order)
      byNumber.set(order.number, order)
      kept.add(order)
      return { created: true, order }
    },

    /** Runs the next step a while later, where the order is not forgotten by then; it counts as pending until then. */
    later(order: Order<Request>, step: string, work: () => void): void {
      underWay.add(async () => {
        if (byNumber.get(order.number) === order) work()
        return true
      }, least + draw(world.seed, system, order.reference, step) * (most - least))
    },

    /** Sets a status; whoever ordered is told, with the fields that magic identifiers may look at. */
    advance(order: Order<Request>, status: string, { amountVnd = order.amountVnd, note = '' }: { amountVnd?: number | null; note?: string } = {}): void {
      order.status = status
      order.at = now()
      order.amountVnd = amountVnd
      order.sequence += 1
      const { reference, dossierCode, number, sequence, at } = order
      const body: Confirmation = { system, reference, dossierCode, number, status, sequence, at, amountVnd, note }
      callbacks.send('confirm', { url: order.request.callbackUrl, subject: reference, fields: order.request, body: () => body })
    },

    forgotten: memory.forgotten,
    evidence(fieldsOf: (order: Order<Request>) => EvidenceRow['fields']): EvidenceRow[] {
      memory.requireWhole()
      const seenAt = world.wallNow()
      return Array.from(byNumber.values(), (order) => ({
        key: `order/${order.number}`, op: order.reference, status: order.status, seenAt, sourceAt: order.acceptedAt,
        fields: { dossierCode: order.dossierCode, amountVnd: order.amountVnd, ...fieldsOf(order) },
      }))
    },

    pending: () => underWay.pending() + callbacks.pending(),
    async close(): Promise<void> {
      underWay.close()
      await callbacks.close()
    },
  }
}

export function stateOf({ number, reference, dossierCode, status, at, amountVnd }: OrderState): OrderState {
  return { number, reference, dossierCode, status, at, amountVnd }
}
