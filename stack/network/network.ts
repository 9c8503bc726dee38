/**
 * The network between citizens, partners and the two portals, in one process: the authority, a resolver and a gateway per region, the edges,
 * and one administration server with a path per part. Either all of it serves, or nothing is left and the reason is thrown.
 */
import { once } from 'node:events'
import { startAdminServer } from '../../contracts/admin-server.ts'
import type { NetworkConfig } from './config.ts'
import { startDnsAuthority } from './dns/authority.ts'
import { startResolver } from './dns/resolver.ts'
import { startEdge } from './edge/edge.ts'
import { startGateway } from './gateway.ts'
import type { NetworkPart } from './part.ts'
import { scenarioTime } from './scenario-time.ts'

export async function startNetwork(config: NetworkConfig): Promise<{ close: () => Promise<void> }> {
  const { dnsAuthority, regions, edges, origins, portalHost, portalPort } = config
  const authority = { host: dnsAuthority.host, port: dnsAuthority.port }
  const starts: Promise<NetworkPart>[] = [
    startDnsAuthority(dnsAuthority),
    ...regions.map(({ resolver }) => startResolver({ ...resolver, authority, time: scenarioTime(config.scenarioStartMs) })),
    ...regions.map(({ gateway, resolver }) => startGateway({ ...gateway, portalHost, portalPort, resolver: { host: resolver.host, port: resolver.port } })),
    ...edges.map((edge) => startEdge({ ...edge, origins })),
  ]
  const outcomes = await Promise.allSettled(starts)
  const parts = outcomes.flatMap((outcome) => outcome.status === 'fulfilled' ? [outcome.value] : [])
  const closeParts = async () => { await Promise.all(parts.map((part) => part.close())) }
  try {
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
    const admin = await startAdminServer({ ...config.admin, systems: new Map(parts.map((part) => [`/${part.admin.system}`, part.admin])) })
    return {
      close: async () => {
        const closed = once(admin, 'close')
        admin.close()
        admin.closeAllConnections()
        await Promise.all([closed, closeParts()])
      },
    }
  } catch (error) {
    await closeParts()
    throw error
  }
}
