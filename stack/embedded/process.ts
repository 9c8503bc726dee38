/** Child entry: runs some services of the reference stack, the network, or only gateways to a portal elsewhere. The message says which. */
import { z } from 'zod'
import { ServiceConfig } from '../../contracts/process.ts'
import { GatewaysConfig, NetworkConfig, startGateways, startNetwork } from '../network/index.ts'
import { SERVICES } from '../services/index.ts'
import { runChild, type Running } from './child-entry.ts'

export const ProcessMessage = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('services'), services: z.array(ServiceConfig).min(1) }),
  z.strictObject({ kind: z.literal('network'), network: NetworkConfig }),
  z.strictObject({ kind: z.literal('gateways'), gateways: GatewaysConfig }),
])
export type ProcessMessage = z.infer<typeof ProcessMessage>

async function startServices(configs: readonly ServiceConfig[]): Promise<Running> {
  const running = await Promise.all(configs.map((config) => {
    const start = SERVICES[config.id]
    if (!start) throw new Error(`no service "${config.id}", there are ${Object.keys(SERVICES).join(', ')}`)
    return start(config)
  }))
  return { close: async () => { await Promise.all(running.map((service) => service.close())) } }
}

runChild(async (message) => {
  const parsed = ProcessMessage.parse(message)
  switch (parsed.kind) {
    case 'services': return startServices(parsed.services)
    case 'network': return startNetwork(parsed.network)
    case 'gateways': return startGateways(parsed.gateways)
  }
})
