/** VNeID as a simulator. */
import { createConduct } from '../behaviour/conduct.ts'
import { createEndpoint } from '../server/endpoint.ts'
import type { Simulator } from '../simulator.ts'
import { createVneid, type VneidOptions } from './provider.ts'
import { VNEID_ROUTES } from './routes.ts'

export function vneidSimulator(options: VneidOptions): Simulator {
  const vneid = createVneid(options)
  return {
    id: 'vneid',
    endpoint: createEndpoint(VNEID_ROUTES, vneid, createConduct(options.world, { system: 'vneid', role: 'vneid', routes: VNEID_ROUTES })),
    evidence: () => {
      const seenAt = options.world.wallNow()
      return Array.from(vneid.grants.values(), (grant) => ({
        key: `grant/${grant.id}`, ...(grant.reference === '' ? {} : { op: grant.reference }), status: grant.status, seenAt, sourceAt: grant.issuedAt,
        fields: { personId: grant.personId, clientId: grant.clientId, level: grant.level },
      }))
    },
    pending: () => 0,
    close: async () => {},
  }
}
