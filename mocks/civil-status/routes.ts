/** What the civil status system offers (contracts/partner-api/roles/civil-status.ts). */
import { records, register, registration } from '../../contracts/partner-api/roles/civil-status.ts'
import { refusalOf } from '../server/refusal-of.ts'
import { defineRoute, ok, type Route } from '../server/route.ts'
import { stateOf } from '../specialised/orders.ts'
import type { CivilRegister } from './register.ts'

export const CIVIL_STATUS_ROUTES: readonly Route<CivilRegister>[] = [
  defineRoute({
    ...records,
    subject: ({ personId }) => personId,
    resolve: (civil: CivilRegister, { personId }) => {
      const found = civil.recordsOf(personId)
      return found ? ok({ records: found }) : refusalOf(records, 'PERSON_UNKNOWN', personId)
    },
  }),

  defineRoute({
    ...register,
    resolve: (civil: CivilRegister, order) => {
      if (!civil.recordsOf(order.personId)) return refusalOf(register, 'PERSON_UNKNOWN', order.personId)
      const accepted = civil.register(order)
      return accepted ? ok(stateOf(accepted.order), accepted.created ? 202 : 200) : refusalOf(register, 'REFERENCE_TAKEN', order.reference)
    },
  }),

  defineRoute({
    ...registration,
    resolve: (civil: CivilRegister, { reference }) => {
      const order = civil.orders.find(reference)
      return order ? ok(stateOf(order)) : refusalOf(registration, 'ORDER_UNKNOWN', reference)
    },
  }),
]
