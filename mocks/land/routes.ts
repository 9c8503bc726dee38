/** What the land system offers (contracts/partner-api/roles/land.ts). */
import { change, changeState, parcel, taxConfirmation } from '../../contracts/partner-api/roles/land.ts'
import { SENDER_HEADER } from '../../contracts/partner-api/roles/specialised.ts'
import { refusalOf } from '../server/refusal-of.ts'
import { defineRoute, ok, type Route } from '../server/route.ts'
import { stateOf } from '../specialised/orders.ts'
import type { LandOffice } from './land-office.ts'

export const LAND_ROUTES: readonly Route<LandOffice>[] = [
  defineRoute({
    ...parcel,
    subject: ({ unitCode, mapSheet, parcelNumber }) => `${unitCode}/${mapSheet}/${parcelNumber}`,
    resolve: (office: LandOffice, place) => {
      const found = office.parcelOf(place)
      return found ? ok(found) : refusalOf(parcel, 'PARCEL_UNKNOWN')
    },
  }),

  defineRoute({
    ...change,
    resolve: (office: LandOffice, request) => {
      if (!office.parcelOf(request)) return refusalOf(change, 'PARCEL_UNKNOWN')
      const accepted = office.change(request)
      return accepted ? ok(stateOf(accepted.order), accepted.created ? 202 : 200) : refusalOf(change, 'REFERENCE_TAKEN', request.reference)
    },
  }),

  defineRoute({
    ...changeState,
    resolve: (office: LandOffice, { reference }) => {
      const order = office.orders.find(reference)
      return order ? ok(stateOf(order)) : refusalOf(changeState, 'ORDER_UNKNOWN', reference)
    },
  }),

  defineRoute({
    ...taxConfirmation,
    resolve: (office: LandOffice, confirmation, { header }) => {
      if (confirmation.system !== 'tax' || (header(SENDER_HEADER) ?? 'tax') !== 'tax') return refusalOf(taxConfirmation, 'SENDER_MISMATCH', confirmation.system)
      const result = office.taxConfirmed(confirmation)
      return result ? ok({ result }) : refusalOf(taxConfirmation, 'ORDER_UNKNOWN', confirmation.reference)
    },
  }),
]
