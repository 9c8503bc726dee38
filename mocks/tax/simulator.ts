/** The tax system as a simulator. */
import { TAX } from '../../contracts/partner-api/roles/tax.ts'
import type { Simulator } from '../simulator.ts'
import type { OrdersOptions } from '../specialised/orders.ts'
import { simulate } from '../specialised/simulate.ts'
import { createTaxOffice } from './assessments.ts'
import { TAX_ROUTES } from './routes.ts'

export function taxSimulator(options: OrdersOptions): Simulator {
  return simulate({ world: options.world, role: TAX, routes: TAX_ROUTES }, ({ plan, journal }) => createTaxOffice({ ...options, retry: { ...options.retry, plan, journal } }))
}
