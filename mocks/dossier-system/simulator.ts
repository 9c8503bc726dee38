/** A partner's own system as a simulator: state, routes, evidence and the control `connect`. */
import { createConduct } from '../behaviour/conduct.ts'
import { createEndpoint } from '../server/endpoint.ts'
import type { Simulator } from '../simulator.ts'
import { createDossierSystem, type DossierSystemOptions } from './dossier-system.ts'
import { dossierSystemEvidence } from './evidence.ts'
import { DOSSIER_SYSTEM_ROUTES } from './routes.ts'

export function dossierSystemSimulator(id: string, options: DossierSystemOptions): Simulator {
  const conduct = createConduct(options.world, { system: id, role: 'dossier-system', routes: DOSSIER_SYSTEM_ROUTES, calls: ['push-dossier', 'push-status'] })
  const system = createDossierSystem(options)
  return {
    id,
    endpoint: createEndpoint(DOSSIER_SYSTEM_ROUTES, system, conduct),
    evidence: () => dossierSystemEvidence(system, options.world.wallNow()),
    pending: system.pending,
    control(control) {
      if (control.action !== 'connect') return undefined
      system.connect(control.connected)
      return { connected: control.connected }
    },
    close: system.close,
  }
}
