/** A resolver as a container: its image, what its agent is told, where it stands. */
import type { z } from 'zod'
import { agentCommand, CONFIG_FILE } from '../agent/command.ts'
import type { ContainerSpec } from '../spec.ts'
import { ResolverAgentConfig } from './config.ts'

export function resolverSpec(config: z.input<typeof ResolverAgentConfig>, zones: ContainerSpec['zones']): ContainerSpec {
  return {
    name: config.id, image: 'resolver', command: agentCommand('resolver'), zones, memoryMb: 256,
    files: [{ path: CONFIG_FILE, content: JSON.stringify(ResolverAgentConfig.parse(config)) }],
  }
}
