/** The authority as a container: its image, what its agent is told, where it stands. */
import type { z } from 'zod'
import { agentCommand, CONFIG_FILE } from '../agent/command.ts'
import type { ContainerSpec } from '../spec.ts'
import { AuthorityAgentConfig } from './config.ts'

export function authoritySpec(config: z.input<typeof AuthorityAgentConfig>, zones: ContainerSpec['zones']): ContainerSpec {
  return {
    name: config.id, image: 'authority', command: agentCommand('authority'), zones, memoryMb: 256,
    files: [{ path: CONFIG_FILE, content: JSON.stringify(AuthorityAgentConfig.parse(config)) }],
  }
}
