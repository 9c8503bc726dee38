/** How a container of the network starts: Node from the checkout at `/app` runs the part's agent, which reads its one JSON file. */
export const APP = '/app'
export const CONFIG_FILE = '/etc/tongduyet/config.json'
export const ADMIN_PORT = 9090

export type AgentPart = 'edge' | 'resolver' | 'authority'

export function agentCommand(part: AgentPart): string[] {
  return [`${APP}/node_modules/node/bin/node`, `${APP}/stack/containers/${part}/agent.ts`, CONFIG_FILE]
}
