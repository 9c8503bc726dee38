/** What the post offers (contracts/partner-api/roles/post.ts). */
import { cancel, order, orderState } from '../../contracts/partner-api/roles/post.ts'
import { refusalOf } from '../server/refusal-of.ts'
import { defineRoute, ok, type Route } from '../server/route.ts'
import { stateOf } from '../specialised/orders.ts'
import type { PostOffice } from './post-office.ts'

export const POST_ROUTES: readonly Route<PostOffice>[] = [
  defineRoute({
    ...order,
    resolve: (post: PostOffice, request) => {
      const accepted = post.order(request)
      return accepted ? ok(stateOf(accepted.order), accepted.created ? 202 : 200) : refusalOf(order, 'REFERENCE_TAKEN', request.reference)
    },
  }),

  defineRoute({
    ...orderState,
    resolve: (post: PostOffice, { reference }) => {
      const found = post.orders.find(reference)
      return found ? ok({ ...stateOf(found), events: post.eventsOf(found.number) }) : refusalOf(orderState, 'ORDER_UNKNOWN', reference)
    },
  }),

  defineRoute({
    ...cancel,
    resolve: (post: PostOffice, { reference }) => {
      const cancelled = post.cancel(reference)
      return typeof cancelled === 'string' ? refusalOf(cancel, cancelled, reference) : ok(stateOf(cancelled))
    },
  }),
]
