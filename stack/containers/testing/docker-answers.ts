/** Why tests that need Docker are skipped here; null where an engine answers. The reason is printed once, so that nobody takes a skipped test for a passed one. */
import { getContainerRuntimeClient } from 'testcontainers'

export const NO_DOCKER: string | null = await getContainerRuntimeClient().then(() => null, (error: Error) => `no Docker engine answers: ${error.message}`)
if (NO_DOCKER !== null) process.stderr.write(`container tests are skipped: ${NO_DOCKER}\n`)

/** This machine as containers of the default network see it; older engines do not say it, it is the network's first address then. */
export async function bridgeGateway(): Promise<string> {
  const { container: { dockerode } } = await getContainerRuntimeClient()
  const { IPAM } = await dockerode.getNetwork('bridge').inspect() as { IPAM: { Config: { Subnet: string; Gateway?: string }[] } }
  const [config] = IPAM.Config
  if (!config) throw new Error('Docker\'s default network has no addresses')
  return config.Gateway ?? config.Subnet.replace(/\d+\/\d+$/, '1')
}
