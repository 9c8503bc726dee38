/**
 * Gateways of a target that has none, on loopback ports of this machine: each asks its region's resolver for the portal's name at every new connection, and goes
 * to the portal's own addresses only. Out, as the reply: the port of each by region, and that of their one administration server, with a path per gateway.
 */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { z } from 'zod'
import { startAdminServer } from '../../contracts/admin-server.ts'
import { startGateway } from './gateway.ts'

export const GatewaysConfig = z.strictObject({
  host: z.string(), portalHost: z.string(),
  regions: z.array(z.strictObject({ id: z.string(), portalPort: z.int(), resolver: z.strictObject({ host: z.string(), port: z.int() }) })).min(1),
  only: z.array(z.string()).min(1),
})
export type GatewaysConfig = z.infer<typeof GatewaysConfig>

export async function startGateways({ host, portalHost, regions, only }: GatewaysConfig) {
  const outcomes = await Promise.allSettled(regions.map(async ({ id, portalPort, resolver }) => {
    const gateway = await startGateway({ id: `gateway-${id}`, host, port: 0, resolver, portalHost, portalPort, only })
    return { region: id, ...gateway }
  }))
  const gateways = outcomes.flatMap((outcome) => outcome.status === 'fulfilled' ? [outcome.value] : [])
  const closeAll = async () => { await Promise.all(gateways.map((gateway) => gateway.close())) }
  try {
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
    const admin = await startAdminServer({ host, port: 0, systems: new Map(gateways.map((gateway) => [`/${gateway.admin.system}`, gateway.admin])) })
    return {
      reply: { ports: Object.fromEntries(gateways.map(({ region, port }) => [region, port])), adminPort: (admin.address() as AddressInfo).port },
      close: async () => {
        const closed = once(admin, 'close')
        admin.close()
        admin.closeAllConnections()
        await Promise.all([closed, closeAll()])
      },
    }
  } catch (error) {
    await closeAll()
    throw error
  }
}
