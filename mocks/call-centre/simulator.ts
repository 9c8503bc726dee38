/** The call centre as a simulator. */
import { CALL_CENTRE } from '../../contracts/partner-api/roles/call-centre.ts'
import type { Simulator } from '../simulator.ts'
import { simulate } from '../specialised/simulate.ts'
import { createCallCentre, type CallCentreOptions } from './calls.ts'
import { CALL_CENTRE_ROUTES } from './routes.ts'

export function callCentreSimulator(options: CallCentreOptions): Simulator {
  return simulate({ world: options.world, role: CALL_CENTRE, routes: CALL_CENTRE_ROUTES }, ({ plan, journal }) => createCallCentre({ ...options, retry: { ...options.retry, plan, journal } }))
}
