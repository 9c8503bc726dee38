/**
 * Whose a container, network or volume is: each carries the run's id and who made it (`owner.ts`).
 * `removeRun` takes away all of one run; `removeLeftovers` all of runs whose process is gone, however it ended, with the whole machine too, and never what a living one owns.
 */
import { ask, isGone, statusOf, type Docker } from './docker.ts'
import { bootedAtMs, isDead, ownerOf, textOf, thisOwner } from './owner.ts'

export const RUN_LABEL = 'tongduyet.run'
export const OWNER_LABEL = 'tongduyet.owner'

export function labelsOf(runId: string): Record<string, string> {
  return { [RUN_LABEL]: runId, [OWNER_LABEL]: textOf(thisOwner()) }
}

/** `madeAt`: epoch ms, by the engine's clock. */
type Labelled = { id: string; name: string; labels: Record<string, string>; madeAt: number }
type Found = { containers: Labelled[]; networks: Labelled[]; volumes: Labelled[] }

/** All that carries the label, `label` or `label=value`. */
export async function findOwned(docker: Docker, label: string): Promise<Found> {
  const filters = { label: [label] }
  const [containers, networks, volumes] = await Promise.all([
    ask('listing containers', docker.listContainers({ all: true, filters })),
    ask('listing networks', docker.listNetworks({ filters })),
    ask('listing volumes', docker.listVolumes({ filters })),
  ])
  return {
    containers: containers.map(({ Id, Names, Labels, Created }) => ({ id: Id, name: (Names[0] ?? Id).replace(/^\//u, ''), labels: Labels, madeAt: Created * 1_000 })),
    networks: networks.map(({ Id, Name, Labels, Created }) => ({ id: Id, name: Name, labels: Labels ?? {}, madeAt: Date.parse(Created) })),
    volumes: (volumes.Volumes ?? []).map(({ Name, Labels, ...volume }) => ({ id: Name, name: Name, labels: Labels ?? {}, madeAt: Date.parse((volume as { CreatedAt?: string }).CreatedAt ?? '') })),
  }
}

export async function removeRun(docker: Docker, runId: string): Promise<void> {
  await removeAll(docker, await findOwned(docker, `${RUN_LABEL}=${runId}`))
}

/**
 * Names of the runs that were cleared away. What an engine of this machine made before the machine was booted (`bootedAt`) has nobody either: containers do not
 * come back by themselves, and whoever made them was ended with them, or has lost them.
 */
export async function removeLeftovers(docker: Docker, bootedAt: number = bootedAtMs()): Promise<string[]> {
  const found = await findOwned(docker, RUN_LABEL)
  const self = thisOwner()
  const ownEngine = (docker.modem as { socketPath?: string }).socketPath !== undefined
  const dead = new Map<string, boolean>()
  const isLeft = ({ labels, madeAt }: Labelled) => {
    const label = labels[OWNER_LABEL]
    const owner = ownerOf(label)
    if (label === undefined || owner === undefined) return false
    if (owner.boot !== self.boot) return ownEngine && madeAt < bootedAt
    if (!dead.has(label)) dead.set(label, isDead(owner, self))
    return dead.get(label)!
  }
  const left = { containers: found.containers.filter(isLeft), networks: found.networks.filter(isLeft), volumes: found.volumes.filter(isLeft) }
  await removeAll(docker, left)
  return [...new Set([...left.containers, ...left.networks, ...left.volumes].map(({ labels }) => labels[RUN_LABEL]!))].toSorted()
}

/** Containers first: nothing else can go while one holds it. */
async function removeAll(docker: Docker, { containers, networks, volumes }: Found): Promise<void> {
  const each = (things: Labelled[], remove: (id: string) => Promise<unknown>) => Promise.all(things.map(async ({ id, name }) => {
    try { await ask(`removing ${name}`, remove(id)) } catch (error) { if (!isGone(error)) throw error }
  }))
  await each(containers, (id) => removeContainer(docker, id))
  await each(networks, (id) => docker.getNetwork(id).remove())
  await each(volumes, (id) => docker.getVolume(id).remove())
}

async function removeContainer(docker: Docker, id: string): Promise<void> {
  const container = docker.getContainer(id)
  try { await container.remove({ force: true, v: true }) } catch (error) {
    if (statusOf(error) !== 409) throw error
    // Somebody else is removing it at this moment: gone is only what is gone.
    await container.wait({ condition: 'removed' })
  }
}
