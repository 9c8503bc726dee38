/**
 * Starts one container of a run by its spec, by testcontainers: created with its first zone, joined to the others, files put in, then started once `mayStart` says so.
 * CONTAINER_NOT_STARTED where the engine refuses. Nothing here waits for what runs in it.
 */
import { GenericContainer } from 'testcontainers'
import { HarnessError } from '../../contracts/error.ts'
import { ask, dockerError, type Docker } from './docker.ts'
import type { ZoneNetworks } from './networks.ts'
import type { ContainerSpec } from './spec.ts'

export type StartedContainer = { name: string; id: string; /** On this machine. */ pid: number }
export type RunContext = { docker: Docker; runId: string; labels: Record<string, string>; networks: ZoneNetworks; signal: AbortSignal }

export function containerName(runId: string, name: string): string { return `tongduyet-${runId}-${name}` }

/** What has to be readable in a container by whoever runs there; outside of it nobody sees it. */
const FILE_MODE = 0o444

class SpecContainer extends GenericContainer {
  #context: RunContext
  #spec: ContainerSpec
  #mayStart: Promise<unknown> | undefined

  constructor(context: RunContext, spec: ContainerSpec, tag: string, mayStart: Promise<unknown> | undefined) {
    super(tag)
    this.#context = context
    this.#spec = spec
    this.#mayStart = mayStart
    const [first] = spec.zones
    const { name: network } = context.networks.get(first!.zone)!
    this.withName(containerName(context.runId, spec.name)).withHostname(spec.name).withLabels(context.labels)
      .withCommand([...spec.command]).withEnvironment({ TZ: 'UTC', ...spec.environment })
      .withAddedCapabilities(...spec.capabilities ?? []).withAutoCleanup(false).withNetworkMode(network)
      .withCopyContentToContainer(spec.files.map(({ path, content, mode = FILE_MODE }) => ({ target: path, content, mode })))
    if (spec.user !== undefined) this.withUser(spec.user)
    this.createOpts.NetworkingConfig = { EndpointsConfig: { [network]: { IPAMConfig: { IPv4Address: first!.address } } } }
    Object.assign(this.hostConfig, {
      Memory: spec.memoryMb * 1024 ** 2, MemorySwap: spec.memoryMb * 1024 ** 2,
      // Bounded, and readable whatever the engine does by default.
      LogConfig: { Type: 'json-file', Config: { 'max-size': '20m', 'max-file': '1' } },
      Mounts: [
        ...(spec.mounts ?? []).map(({ source, target, writable }) => ({ Type: 'bind', Source: source, Target: target, ReadOnly: writable !== true })),
        ...spec.volume ? [{ Type: 'volume', Source: containerName(context.runId, spec.name), Target: spec.volume.target }] : [],
      ],
    })
  }

  protected override async containerCreated(id: string): Promise<void> {
    const { docker, networks, signal } = this.#context
    for (const { zone, address } of this.#spec.zones.slice(1)) {
      signal.throwIfAborted()
      await ask(`joining ${this.#spec.name} to the zone ${zone}`, docker.getNetwork(networks.get(zone)!.id).connect({ Container: id, EndpointConfig: { IPAMConfig: { IPv4Address: address } } }))
    }
    await this.#mayStart
    signal.throwIfAborted()
  }
}

/** An ordinary volume has the whole disk of the machine, which nobody may fill. */
function sized(limitMb: number | undefined) {
  return limitMb === undefined ? {} : { Driver: 'local', DriverOpts: { type: 'tmpfs', device: 'tmpfs', o: `size=${limitMb}m,mode=0777` } }
}

export async function startContainer(context: RunContext, spec: ContainerSpec, tag: string, mayStart?: Promise<unknown>): Promise<StartedContainer> {
  const { docker, runId, labels, signal } = context
  signal.throwIfAborted()
  // Whoever fails before it is waited for must not be an unhandled rejection.
  mayStart?.catch(() => {})
  if (spec.volume) await ask(`making the volume of ${spec.name}`, docker.createVolume({ Name: containerName(runId, spec.name), Labels: labels, ...sized(spec.volume.limitMb) }))
  try {
    const started = await new SpecContainer(context, spec, tag, mayStart).start()
    const { State } = await ask(`looking at ${spec.name}`, docker.getContainer(started.getId()).inspect())
    return { name: spec.name, id: started.getId(), pid: State.Pid }
  } catch (error) {
    // What called it off is no fault of the engine.
    signal.throwIfAborted()
    const coded = dockerError(`starting ${spec.name}`, error)
    if ((coded as HarnessError).problem?.code !== 'DOCKER_FAILED') throw coded
    throw new HarnessError({
      code: 'CONTAINER_NOT_STARTED', what: coded instanceof HarnessError ? coded.problem.what : String(error), where: containerName(runId, spec.name), mend: 'read the message of the engine; tongduyet doctor says what is missing',
    }, { cause: error })
  }
}
