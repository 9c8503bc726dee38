/**
 * Whose a container, network or volume is: each carries the run's id and who made it (`owner.ts`).
 * `removeRun` takes away all of one run; `removeLeftovers` all of runs whose process is gone, however it ended, with the whole machine too, and never what a living one owns.
 */
import type { HarnessError } from '../../contracts/error.ts'
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

/** What the engine does not let go, in its own words. */
export type OnStuck = (what: string) => void

export async function removeRun(docker: Docker, runId: string, onStuck?: OnStuck): Promise<void> {
  await removeAll(docker, await findOwned(docker, `${RUN_LABEL}=${runId}`), onStuck)
}

/**
 * Names of the runs that were cleared away. What an engine of this machine made before the machine was booted (`bootedAt`) has nobody either: containers do not
 * come back by themselves, and whoever made them was ended with them, or has lost them.
 */
export async function removeLeftovers(docker: Docker, { bootedAt = bootedAtMs(), onStuck }: { bootedAt?: number; onStuck?: OnStuck } = {}): Promise<string[]> {
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
  const removed = await removeAll(docker, { containers: found.containers.filter(isLeft), networks: found.networks.filter(isLeft), volumes: found.volumes.filter(isLeft) }, onStuck)
  return [...new Set(removed.map(({ labels }) => labels[RUN_LABEL]!))].toSorted()
}

const FORBIDDEN = 403

/**
 * Containers first: nothing else can go while one holds it. All is tried, whatever failed before it; then the first failure is thrown. A network that has "active endpoints" when its
 * containers are gone is an engine that has miscounted (moby 42119) and keeps it until it is started anew: told to whoever wants to know, since it is in nobody's way.
 */
async function removeAll(docker: Docker, { containers, networks, volumes }: Found, onStuck?: OnStuck): Promise<Labelled[]> {
  const removed: Labelled[] = []
  const failures: unknown[] = []
  const remove = async (thing: Labelled, attempt: (id: string) => Promise<unknown>, mayStick = false) => {
    try { await ask(`removing ${thing.name}`, attempt(thing.id)) } catch (error) {
      if (mayStick && onStuck && statusOf(error) === FORBIDDEN) return onStuck((error as HarnessError).problem.what)
      if (!isGone(error)) return failures.push(error)
    }
    return removed.push(thing)
  }
  // One after another: that is how the engine keeps its count. Of 130 networks that 16 containers left at once 9 were stuck, of 120 that they left one by one none; it takes a third longer.
  for (const container of containers) await remove(container, (id) => removeContainer(docker, id))
  const mayStick = failures.length === 0
  await Promise.all(networks.map((network) => remove(network, (id) => docker.getNetwork(id).remove(), mayStick)))
  await Promise.all(volumes.map((volume) => remove(volume, (id) => docker.getVolume(id).remove())))
  if (failures.length > 0) throw failures[0]
  return removed
}

async function removeContainer(docker: Docker, id: string): Promise<void> {
  const container = docker.getContainer(id)
  try { await container.remove({ force: true, v: true }) } catch (error) {
    if (statusOf(error) !== 409) throw error
    // Somebody else is removing it at this moment: gone is only what is gone.
    await container.wait({ condition: 'removed' })
  }
}
