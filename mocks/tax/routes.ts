/** What the tax system offers (contracts/partner-api/roles/tax.ts). */
import { assess, notice, pay } from '../../contracts/partner-api/roles/tax.ts'
import { refusalOf } from '../server/refusal-of.ts'
import { defineRoute, ok, type Route } from '../server/route.ts'
import { stateOf } from '../specialised/orders.ts'
import type { TaxOffice } from './assessments.ts'

export const TAX_ROUTES: readonly Route<TaxOffice>[] = [
  defineRoute({
    ...assess,
    resolve: (office: TaxOffice, assessment) => {
      const accepted = office.assess(assessment)
      return accepted ? ok(stateOf(accepted.order), accepted.created ? 202 : 200) : refusalOf(assess, 'REFERENCE_TAKEN', assessment.reference)
    },
  }),

  defineRoute({
    ...notice,
    resolve: (office: TaxOffice, { reference }) => {
      const found = office.notice(reference)
      return found ? ok(found) : refusalOf(notice, 'ORDER_UNKNOWN', reference)
    },
  }),

  defineRoute({
    ...pay,
    resolve: (office: TaxOffice, payment) => {
      const paid = office.pay(payment)
      return typeof paid === 'string' ? refusalOf(pay, paid, payment.number) : ok({ number: payment.number, status: 'paid', paidAt: paid.paidAt }, paid.created ? 201 : 200)
    },
  }),
]
