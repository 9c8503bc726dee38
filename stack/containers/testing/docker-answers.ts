/** Why tests that need Docker are skipped here; null where an engine answers. The reason is printed once, so that nobody takes a skipped test for a passed one. */
import { getContainerRuntimeClient } from 'testcontainers'
import { describe, it } from 'vitest'
import { HarnessError } from '../../../contracts/error.ts'
import { connectDocker } from '../docker.ts'

export const NO_DOCKER: string | null = await connectDocker().then(() => null, (error: unknown) => error instanceof HarnessError ? error.problem.what : String(error))
if (NO_DOCKER !== null) process.stderr.write(`container tests are skipped: ${NO_DOCKER}\n`)

/** Tests that need Docker; where none answers, one that is skipped with the reason stands for them. */
export function describeWithDocker(name: string, tests: () => void): void {
  const skipped = () => { it('needs Docker', ({ skip }) => skip(NO_DOCKER ?? '')) }
  describe(name, () => { (NO_DOCKER === null ? tests : skipped)() })
}

/** This machine as containers of the default network see it; older engines do not say it, it is the network's first address then. */
export async function bridgeGateway(): Promise<string> {
  const { container: { dockerode } } = await getContainerRuntimeClient()
  const { IPAM } = await dockerode.getNetwork('bridge').inspect() as { IPAM: { Config: { Subnet: string; Gateway?: string }[] } }
  const [config] = IPAM.Config
  if (!config) throw new Error('Docker\'s default network has no addresses')
  return config.Gateway ?? config.Subnet.replace(/\d+\/\d+$/, '1')
}
