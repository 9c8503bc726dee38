/** For tests on real containers: what a run has on the engine. */
import type { Docker } from '../docker.ts'
import { findOwned, RUN_LABEL } from '../ownership.ts'

/** Names of all that a run has on the engine. */
export async function thingsOf(docker: Docker, runId: string): Promise<string[]> {
  const { containers, networks, volumes } = await findOwned(docker, `${RUN_LABEL}=${runId}`)
  return [...containers, ...networks, ...volumes].map(({ name }) => name).toSorted()
}

/** All that there is on the engine, whoever made it. */
export async function allThings(docker: Docker): Promise<string[]> {
  const [containers, networks, { Volumes: volumes }] = await Promise.all([docker.listContainers({ all: true }), docker.listNetworks(), docker.listVolumes()])
  return [...containers.map(({ Id, Names }) => `container ${Names[0] ?? Id}`), ...networks.map(({ Name }) => `network ${Name}`), ...(volumes ?? []).map(({ Name }) => `volume ${Name}`)].toSorted()
}

let runs = 0
export function testRunId(): string { return `test-${process.pid}-${Date.now().toString(36)}-${runs += 1}` }
