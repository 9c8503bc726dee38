/** An edge as a container: its image, what its agent is told, where it stands. */
import type { z } from 'zod'
import { agentCommand, CONFIG_FILE } from '../agent/command.ts'
import type { ContainerSpec } from '../spec.ts'
import { EdgeAgentConfig } from './config.ts'

export function edgeSpec(config: z.input<typeof EdgeAgentConfig>, zones: ContainerSpec['zones']): ContainerSpec {
  return {
    name: config.id, image: 'edge', command: agentCommand('edge'), zones, memoryMb: 512,
    files: [{ path: CONFIG_FILE, content: JSON.stringify(EdgeAgentConfig.parse(config)) }],
  }
}
