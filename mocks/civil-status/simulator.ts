/** The civil status system as a simulator. */
import { CIVIL_STATUS } from '../../contracts/partner-api/roles/civil-status.ts'
import type { Simulator } from '../simulator.ts'
import type { OrdersOptions } from '../specialised/orders.ts'
import { simulate } from '../specialised/simulate.ts'
import { createCivilRegister } from './register.ts'
import { CIVIL_STATUS_ROUTES } from './routes.ts'

export function civilStatusSimulator(options: OrdersOptions): Simulator {
  return simulate({ world: options.world, role: CIVIL_STATUS, routes: CIVIL_STATUS_ROUTES }, ({ plan, journal }) => createCivilRegister({ ...options, retry: { ...options.retry, plan, journal } }))
}
