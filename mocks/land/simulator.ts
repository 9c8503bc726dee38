/** The land system as a simulator. */
import { LAND } from '../../contracts/partner-api/roles/land.ts'
import type { Simulator } from '../simulator.ts'
import { simulate } from '../specialised/simulate.ts'
import { createLandOffice, type LandOptions } from './land-office.ts'
import { LAND_ROUTES } from './routes.ts'

export function landSimulator(options: LandOptions): Simulator {
  return simulate({ world: options.world, role: LAND, routes: LAND_ROUTES }, ({ plan, journal }) => createLandOffice({ ...options, retry: { ...options.retry, plan, journal } }))
}
