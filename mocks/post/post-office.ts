/**
 * A post office: collects what was ordered, carries it, delivers it or brings it back, each step a while after the other and confirmed to whoever ordered.
 * Which are returned is a seeded draw per order; what is not collected yet can be cancelled.
 */
import type { z } from 'zod'
import type { order as orderOperation, POST_STATUSES } from '../../contracts/partner-api/roles/post.ts'
import { draw } from '../behaviour/draw.ts'
import { createOrders, type Order, type OrdersOptions } from '../specialised/orders.ts'

export type PostOrder = z.infer<typeof orderOperation.request>
type PostStatus = (typeof POST_STATUSES)[number]
export type PostEvent = { status: PostStatus; at: number; note: string }
/** `returnedShare`: of all deliveries, those that come back (assumed). */
export type PostOptions = OrdersOptions & { returnedShare?: number }
export type PostOffice = ReturnType<typeof createPostOffice>

const NOT_AT_HOME = 'phát không thành công: không có người nhận'

export function createPostOffice({ returnedShare = 0.02, ...options }: PostOptions) {
  const orders = createOrders<PostOrder>('post', (running) => `BC${String(running).padStart(8, '0')}VN`, {
    ended: ['delivered', 'returned', 'cancelled'], forget: (forgotten) => { for (const { number } of forgotten) events.delete(number) },
  }, options)
  const events = new Map<string, PostEvent[]>()

  function happen(order: Order<PostOrder>, status: PostStatus, note = ''): void {
    orders.advance(order, status, { note })
    events.get(order.number)!.push({ status, at: order.at, note })
  }

  function carry(order: Order<PostOrder>): void {
    if (order.status === 'cancelled') return
    happen(order, 'collected')
    orders.later(order, 'carry', () => {
      happen(order, 'in-transit')
      orders.later(order, 'deliver', () => {
        const returned = draw(options.world.seed, 'post-returned', order.reference) < returnedShare
        happen(order, returned ? 'returned' : 'delivered', returned ? NOT_AT_HOME : '')
      })
    })
  }

  return {
    orders,
    eventsOf: (number: string): readonly PostEvent[] => events.get(number) ?? [],

    order(request: PostOrder) {
      const accepted = orders.accept(request)
      if (accepted?.created) {
        events.set(accepted.order.number, [{ status: 'accepted', at: accepted.order.at, note: '' }])
        orders.later(accepted.order, 'collect', () => carry(accepted.order))
      }
      return accepted
    },

    cancel(reference: string): Order<PostOrder> | 'ORDER_UNKNOWN' | 'ALREADY_COLLECTED' {
      const order = orders.find(reference)
      if (!order) return 'ORDER_UNKNOWN'
      if (order.status === 'accepted') happen(order, 'cancelled')
      return order.status === 'cancelled' ? order : 'ALREADY_COLLECTED'
    },

    evidence: () => orders.evidence(({ request }) => ({ service: request.service, unitCode: request.unitCode })),
    forgotten: orders.forgotten,
    pending: orders.pending,
    close: orders.close,
  }
}
