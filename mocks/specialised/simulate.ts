/** What the simulators of specialised systems have in common: endpoint, conduct, evidence, pending, close, from their role, routes and state. */
import type { EvidenceRow } from '../../contracts/evidence.ts'
import type { RoleContract } from '../../contracts/partner-api/role.ts'
import { createConduct, type Conduct } from '../behaviour/conduct.ts'
import { createEndpoint } from '../server/endpoint.ts'
import type { Route } from '../server/route.ts'
import type { Simulator } from '../simulator.ts'
import type { World } from '../world.ts'

type State = { evidence: () => EvidenceRow[]; forgotten: () => number; pending: () => number; close: () => Promise<void> }

/** `make` is given how the partner behaves, for whatever it sends by itself. The system's id is the role's. */
export function simulate<S extends State>({ world, role, routes, id = role.id }: { world: World; role: RoleContract; routes: readonly Route<S>[]; id?: string }, make: (conduct: Conduct) => S): Simulator & { state: S } {
  const conduct = createConduct(world, { system: id, role: role.id, routes, calls: role.calls.map(({ name }) => name) })
  const state = make(conduct)
  return { id, state, endpoint: createEndpoint(routes, state, conduct), evidence: () => state.evidence(), forgotten: () => state.forgotten(), pending: () => state.pending(), close: () => state.close() }
}
