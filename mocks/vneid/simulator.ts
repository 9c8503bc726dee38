/** VNeID as a simulator, with the profile that is in force. */
import type { Control } from '../../contracts/api/admin.ts'
import { DEFAULT_ISSUER } from '../../contracts/partner-api/issuer-profile.ts'
import { backChannelLogout } from '../../contracts/partner-api/roles/vneid.ts'
import { createConduct } from '../behaviour/conduct.ts'
import { createEndpoint } from '../server/endpoint.ts'
import type { Simulator } from '../simulator.ts'
import { createVneid, type VneidOptions } from './provider.ts'
import { VNEID_ROUTES, vneidRoutes } from './routes.ts'

export function vneidSimulator(options: VneidOptions): Simulator {
  const { profile = DEFAULT_ISSUER, world } = options
  const routes = profile === DEFAULT_ISSUER ? VNEID_ROUTES : vneidRoutes(profile)
  const conduct = createConduct(world, { system: 'vneid', role: 'vneid', routes, calls: [backChannelLogout.name] })
  const vneid = createVneid({ ...options, retry: { after: world.after, ...options.retry, plan: conduct.plan, journal: conduct.journal } })
  return {
    id: 'vneid',
    endpoint: createEndpoint(routes, vneid, conduct),
    evidence: () => vneid.grants.evidence(world.wallNow()),
    forgotten: vneid.forgotten,
    pending: vneid.pending,
    control: (control: Control) => {
      if (control.action === 'keys.rotate') return vneid.keys.rotate().then(({ kid }) => ({ kid, published: vneid.keys.published().keys.length }))
      if (control.action === 'sessions.end') return { ended: vneid.endSessionsOf(control.personId) }
      return undefined
    },
    close: vneid.close,
  }
}
