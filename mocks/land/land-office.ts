/**
 * A land office: registers a change of a parcel for a dossier. It asks tax for the obligation (call `assess`, under the order's reference and `/tax`),
 * tells whoever ordered when the notice is there, and registers when tax confirms that it is paid or that nothing is owed. A parcel takes one change at a
 * time: another is refused while one is open. Without a tax system in the configuration the order waits at `obligation-asked`.
 */
import type { z } from 'zod'
import type { Confirmation } from '../../contracts/partner-api/roles/dossier-system/results.ts'
import type { change } from '../../contracts/partner-api/roles/land.ts'
import { createOrders, type Order, type OrdersOptions } from '../specialised/orders.ts'
import type { Assessment } from '../tax/assessments.ts'
import { parcelOf } from './parcels.ts'

export type Change = z.infer<typeof change.request>
/** `ownUrl`: where tax confirms to. */
export type LandOptions = OrdersOptions & { ownUrl: string; taxUrl?: string | undefined }
export type LandOffice = ReturnType<typeof createLandOffice>

export function createLandOffice({ ownUrl, taxUrl, ...options }: LandOptions) {
  const { seed } = options.world
  const orders = createOrders<Change>('land', (running) => `DD${String(running).padStart(8, '0')}`, { ended: ['registered', 'refused'], forget }, options)
  /** By parcel: the order that is open. */
  const open = new Map<string, Order<Change>>()
  /** By tax reference: its order, and the newest confirmation. */
  const asked = new Map<string, { order: Order<Change>; sequence: number }>()

  function forget(forgotten: ReadonlySet<Order<Change>>): void {
    for (const order of forgotten) {
      asked.delete(taxReference(order))
      if (open.get(keyOf(order.request)) === order) open.delete(keyOf(order.request))
    }
  }

  function begin(order: Order<Change>): void {
    const key = keyOf(order.request)
    if (open.has(key)) { orders.advance(order, 'refused', { note: `thửa đất đang có biến động ${open.get(key)!.number}` }); return }
    open.set(key, order)
    order.status = 'obligation-asked'
    const { areaM2, pricePerM2Vnd } = parcelOf(seed, order.request)!
    const assessment: Assessment = {
      reference: taxReference(order), dossierCode: order.dossierCode, callbackUrl: `${ownUrl}/v1/confirmations`, kind: `land-${order.request.kind}`,
      payerId: order.request.payerId, baseVnd: areaM2 * pricePerM2Vnd,
    }
    asked.set(assessment.reference, { order, sequence: 0 })
    if (taxUrl !== undefined) orders.callbacks.send('assess', { url: `${taxUrl}/v1/assessments`, subject: assessment.reference, body: () => assessment })
  }

  return {
    orders,
    parcelOf: (place: Parameters<typeof parcelOf>[1]) => parcelOf(seed, place),

    change(request: Change) {
      const accepted = orders.accept(request)
      if (accepted?.created) orders.later(accepted.order, 'begin', () => begin(accepted.order))
      return accepted
    },

    /** Undefined where no order waits for it. */
    taxConfirmed({ reference, status, sequence, amountVnd }: Confirmation): 'received' | 'unchanged' | 'late' | undefined {
      const waiting = asked.get(reference)
      if (!waiting) return undefined
      if (sequence <= waiting.sequence) return sequence === waiting.sequence ? 'unchanged' : 'late'
      waiting.sequence = sequence
      if (status === 'issued') orders.advance(waiting.order, 'obligation-issued', { amountVnd })
      if (status === 'paid' || status === 'exempt') {
        open.delete(keyOf(waiting.order.request))
        orders.advance(waiting.order, 'registered', { amountVnd })
      }
      return 'received'
    },

    evidence: () => orders.evidence(({ request }) => ({ kind: request.kind, parcel: keyOf(request) })),
    forgotten: orders.forgotten,
    pending: orders.pending,
    close: orders.close,
  }
}

function taxReference({ reference }: Order<Change>): string { return `${reference}/tax` }

function keyOf({ unitCode, mapSheet, parcelNumber }: Pick<Change, 'unitCode' | 'mapSheet' | 'parcelNumber'>): string { return `${unitCode}/${mapSheet}/${parcelNumber}` }
