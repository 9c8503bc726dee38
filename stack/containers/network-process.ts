/** One part of the network, alone in its container: an edge, a region's resolver or the authority, told by a file. */
import { once } from 'node:events'
import { z } from 'zod'
import { startAdminServer } from '../../contracts/admin-server.ts'
import { runFromFile } from '../../contracts/told-by-file.ts'
import { NetworkConfig, startDnsAuthority, startEdge, startResolver } from '../network/index.ts'
import type { NetworkPart } from '../network/part.ts'
import { scenarioTime } from '../network/scenario-time.ts'

const { dnsAuthority, regions, edges, origins } = NetworkConfig.shape
export const PartConfig = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('edge'), adminPort: z.int(), edge: edges.element, origins }),
  z.strictObject({ kind: z.literal('resolver'), adminPort: z.int(), resolver: regions.element.shape.resolver, authority: z.strictObject({ host: z.string(), port: z.int() }), scenarioStartMs: z.number() }),
  z.strictObject({ kind: z.literal('authority'), adminPort: z.int(), authority: dnsAuthority }),
])
export type PartConfig = z.infer<typeof PartConfig>

function startPart(config: PartConfig): Promise<NetworkPart> {
  switch (config.kind) {
    case 'edge': return startEdge({ ...config.edge, origins: config.origins })
    case 'resolver': return startResolver({ ...config.resolver, authority: config.authority, time: scenarioTime(config.scenarioStartMs) })
    case 'authority': return startDnsAuthority(config.authority)
  }
}

runFromFile(async (message) => {
  const config = PartConfig.parse(message)
  const part = await startPart(config)
  const admin = await startAdminServer({ host: '0.0.0.0', port: config.adminPort, systems: new Map([['', part.admin]]) })
  return {
    close: async () => {
      const closed = once(admin, 'close')
      admin.close()
      admin.closeAllConnections()
      await Promise.all([closed, part.close()])
    },
  }
})
