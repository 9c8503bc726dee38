/** A partner's own system as a simulator: state, routes, evidence and the control `connect`. `ownRoutes` take the place of those of the same name. */
import { DOSSIER_SYSTEM } from '../../contracts/partner-api/roles/dossier-system.ts'
import { readiness } from '../../contracts/partner-api/roles/dossier-system/look-ups.ts'
import { createConduct } from '../behaviour/conduct.ts'
import { createEndpoint } from '../server/endpoint.ts'
import { refusal, type Route } from '../server/route.ts'
import type { Simulator } from '../simulator.ts'
import { createDossierSystem, type DossierSystem, type DossierSystemOptions } from './dossier-system.ts'
import { dossierSystemEvidence } from './evidence.ts'
import { DOSSIER_SYSTEM_ROUTES } from './routes.ts'

export function dossierSystemSimulator(id: string, options: DossierSystemOptions, ownRoutes: readonly Route<DossierSystem>[] = []): Simulator {
  const conduct = createConduct(options.world, { system: id, role: DOSSIER_SYSTEM.id, routes: DOSSIER_SYSTEM_ROUTES, calls: DOSSIER_SYSTEM.calls.map(({ name }) => name) })
  const system = createDossierSystem({ ...options, system: id, push: { ...options.push, journal: conduct.journal }, plan: conduct.plan })
  const offered = ownRoutes.length === 0 ? DOSSIER_SYSTEM_ROUTES : DOSSIER_SYSTEM_ROUTES.map((route) => ownRoutes.find(({ name }) => name === route.name) ?? route)
  const routes = system.gate.live ? offered : offered.map(outOfService)
  return {
    id,
    endpoint: createEndpoint(routes, system, conduct),
    evidence: () => dossierSystemEvidence(system, options.world.wallNow()),
    forgotten: system.memory.forgotten,
    pending: system.pending,
    control(control) {
      if (control.action !== 'connect') return undefined
      system.connect(control.connected)
      return { connected: system.isConnected() }
    },
    close: system.close,
  }
}

/** A system that is not live says so to whatever it is asked, except how ready it is. */
function outOfService(route: Route<DossierSystem>): Route<DossierSystem> {
  return route.name === readiness.name ? route : { ...route, resolve: () => refusal(503, 'OUT_OF_SERVICE', 'this system is not live yet') }
}
