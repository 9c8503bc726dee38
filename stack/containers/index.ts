/**
 * The stack in containers: a Docker network for each zone, PostgreSQL, services, simulated partners and the network's parts each in a container of its own, k6 in the
 * regions. Either it all serves and a target is handed back, or nothing is left and the reason is thrown (HarnessError: DOCKER_UNREACHABLE, IMAGE_NOT_BUILT, NETWORK_…,
 * CONTAINER_NOT_STARTED, CONTAINER_EXITED, SYSTEM_NOT_READY, …). What runs that were killed have left is cleared away first. `close` leaves no container, network, volume.
 */
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { HarnessError } from '../../contracts/error.ts'
import { REGIONS } from '../../contracts/reference/regions.ts'
import type { PlatformFeature } from '../../contracts/platform.ts'
import type { RunningStack, StackEvent } from '../../contracts/stack.ts'
import { allOrFirstError } from '../all-or-first-error.ts'
import { drawSecrets, serviceConfig, simulatorsConfig, type RunSettings } from '../configs.ts'
import { createDatabase, reach } from '../database.ts'
import { httpsUrl, httpUrl, partsOf, PORTAL_HOST, PORTS, WITHOUT_DATABASE, type ServiceId } from '../parts.ts'
import { waitUntilReady } from '../readiness.ts'
import { schemaFileOf } from '../services/index.ts'
import { targetOf } from '../target.ts'
import { planAddresses, postgresOf, type PostgresId } from './addresses.ts'
import { drawCertificates } from './certificates.ts'
import { startContainer, type RunContext, type StartedContainer } from './container.ts'
import { connectDocker, type Docker } from './docker.ts'
import { provideImages } from './images.ts'
import { generatorsOf } from './load.ts'
import { logToFile, tailOf } from './logs.ts'
import { authorityPart, DNS_PORT, edgePart, resolverPart } from './network-parts.ts'
import { makeNetworks } from './networks.ts'
import { partnersSpecs, serviceSpec } from './node-process.ts'
import { labelsOf, removeLeftovers, removeRun, type OnStuck } from './ownership.ts'
import { LIMITED_DISK_MB } from './platform/disk.ts'
import { createPlatform } from './platform/index.ts'
import { createParts, type Part } from './platform/parts.ts'
import { postgresSpec, postgresUrl } from './postgres.ts'
import { IMAGES, ZONES, type ContainerSpec } from './spec.ts'
import { watchRun, type Death, type RunWatch } from './watch.ts'

export type ContainersOptions = RunSettings & {
  runId: string
  /** Gets `tmp/` (removed at the end) and `logs/<container>.log`. */
  workDirectory: string
  /** A module of the checkout, from its root, that takes SimulatorsConfig from a file. */
  simulatorsEntry: string
  /** False: a load on the new portal alone. */
  cutover?: boolean
  /** What is to be done to its parts and has to be made ready for while they are made. */
  needs?: readonly PlatformFeature[]
  /** Simulated partners that run each in a container of its own: those that something is to be done to. */
  apart?: readonly string[]
  onProgress?: (event: StackEvent) => void
  signal?: AbortSignal
}

/** Two busy cores and a cold disk. */
const DATABASES_WITHIN_MS = 60_000
const READY_WITHIN_MS = 90_000
/** What a container said while it was started again; better twice than not at all. */
const LOG_OVERLAP_S = 2
/** Stands for a zone that this run does not have (RFC 5737): nobody is told an address in it that means anything. */
const NOWHERE = '192.0.2'

export async function startContainers(options: ContainersOptions): Promise<RunningStack> {
  const { runId, workDirectory, signal, onProgress = () => {}, cutover = true, needs = [], apart = [] } = options
  const { services, edges } = partsOf(cutover)
  const zones = ZONES.filter((zone) => cutover || zone !== 'legacy')
  const postgresIds = [...new Set(services.map(postgresOf))]
  const temporary = join(workDirectory, 'tmp')
  const logs = join(workDirectory, 'logs')
  const engine = await connectDocker()
  const { docker } = engine
  signal?.throwIfAborted()

  const lost = new AbortController()
  // The first failure ends the other starts too, instead of waiting for them.
  const failure = new AbortController()
  const startSignal = AbortSignal.any([failure.signal, ...signal ? [signal] : []])
  const started = new Map<string, StartedContainer>()
  const specs = new Map<string, ContainerSpec>()
  /** Whose next death was ordered. */
  const ordered = new Set<string>()
  /** Settles when all that a container said is in its file. */
  const logged = new Map<string, Promise<void>>()
  let up = false
  let closing: Promise<void> | undefined
  let watch: RunWatch | undefined

  const close = () => closing ??= (async () => {
    watch?.close()
    try { await removeRun(docker, runId, tellStuck(onProgress)) } catch (error) {
      // An engine that is gone takes nothing away; whoever used the stack has been told by `lost`.
      if (!lost.signal.aborted) throw error
    } finally {
      await Promise.all(logged.values())
      await rm(temporary, { recursive: true, force: true, maxRetries: 3 })
    }
  })()

  function onDeath(death: Death): void {
    if (ordered.delete(death.id)) return
    const container = started.get(death.id)!
    void logged.get(death.id)!.then(() => {
      const where = join(logs, `${container.name}.log`)
      const said = tailOf(where)
      onProgress({ kind: 'child-exit', name: container.name, code: death.exitCode, signal: null, stderrTail: said })
      if (!up) failure.abort(exited(container.name, death.exitCode, said, where))
    })
  }

  try {
    await clearLeftovers(docker, onProgress)
    const tags = await provideImages(engine, IMAGES, { signal: startSignal, onProgress })
    await Promise.all([mkdir(temporary, { recursive: true }), mkdir(logs, { recursive: true })])
    watch = await watchRun(docker, runId, { died: onDeath, lost: (error) => { lost.abort(error); failure.abort(error) } })
    const networks = await makeNetworks(docker, { runId, zones, labels: labelsOf(runId), signal: startSignal })
    const context: RunContext = { docker, runId, labels: labelsOf(runId), networks, signal: startSignal }
    const plan = planAddresses((zone) => networks.get(zone)?.prefix ?? NOWHERE)
    const secrets = drawSecrets()
    const certificates = drawCertificates(plan)

    /** Its log is written, its end is told: in this order, since the end is told with what it said last. */
    const follow = async (container: StartedContainer, sinceS?: number) => {
      const { id, name } = container
      logged.set(id, (await logToFile(docker, id, name, join(logs, `${name}.log`), sinceS)).done)
      started.set(id, container)
      watch!.know(id)
    }
    const launch = async (spec: ContainerSpec, mayStart?: Promise<unknown>) => {
      const began = performance.now()
      try {
        const container = await startContainer(context, spec, tags[spec.image], mayStart)
        await follow(container)
        specs.set(spec.name, spec)
        onProgress({ kind: 'started', name: container.name, pid: container.pid, wallMs: Math.round(performance.now() - began) })
      } catch (error) {
        failure.abort(error)
        throw error
      }
    }

    const serverUrls = Object.fromEntries(postgresIds.map((id) => [id, postgresUrl(plan.zonesOf.postgres(id)[0]!.address, secrets.databasePassword)])) as Record<PostgresId, string>
    const databaseUrlOf = (id: ServiceId) => WITHOUT_DATABASE.includes(id) ? null : Object.assign(new URL(serverUrls[postgresOf(id)]), { pathname: `/${id}` }).href
    const servers = Object.fromEntries(postgresIds.map((id) => [id, launch(postgresSpec(id, {
      password: secrets.databasePassword, zones: plan.zonesOf.postgres(id), replicated: needs.includes('database-standby'), limitMb: needs.includes('database-disk') ? LIMITED_DISK_MB : undefined,
    }))]))
    /** Containers are made while PostgreSQL comes up, and start when their database is there. */
    const database = async (id: ServiceId) => {
      await servers[postgresOf(id)]
      const client = await reach(serverUrls[postgresOf(id)], DATABASES_WITHIN_MS, startSignal)
      await client.end()
      await createDatabase(serverUrls[postgresOf(id)], id, schemaFileOf(id))
    }
    const partners = plan.ofPartners()
    await allOrFirstError([
      ...Object.values(servers),
      ...services.map((id) => {
        const databaseUrl = databaseUrlOf(id)
        const config = { ...serviceConfig(id, { listen: '0.0.0.0', places: plan.ofService(id), databaseUrl, secrets, settings: options }), id }
        return launch(serviceSpec(config, plan.zonesOf.service(id)), databaseUrl === null ? undefined : database(id))
      }),
      ...partnersSpecs(simulatorsConfig(partners, secrets, options, { portalSyncUrl: httpsUrl(partners.edges['edge-new']), certificateAuthority: certificates.authority }), { entry: options.simulatorsEntry, plan, apart }).map((spec) => launch(spec)),
      launch(authorityPart(plan, edges, options.timeScale)),
      ...REGIONS.map((region) => launch(resolverPart(region, plan, options.timeScale))),
      ...edges.map((id) => launch(edgePart(id, plan, certificates.identities.get(id)))),
    ])

    const target = targetOf({
      name: 'containers', allow: ['127.0.0.0/8', '::1/128', PORTAL_HOST, ...[...networks.values()].map(({ subnet }) => subnet)],
      places: plan.places, services, edges, simulators: true, gateways: false,
      databases: Object.fromEntries(services.flatMap((id) => { const url = databaseUrlOf(id); return url === null ? [] : [[id, url]] })),
      regions: REGIONS.map(({ id, resolverProfile: profile }) => ({
        id, gateway: httpUrl(PORTAL_HOST), resolver: { host: plan.zonesOf.resolver(id)[0]!.address, port: DNS_PORT, profile },
      })),
      networkAdmin: (id) => httpUrl(plan.networkHost(id), PORTS.admin),
    })
    await waitUntilReady(target, { withinMs: READY_WITHIN_MS, signal: startSignal })
    const platform = createPlatform(createParts({
      context, tag: tags.node, ordered: (id) => { ordered.add(id) },
      parts: new Map([...started.values()].map((container): [string, Part] => [container.name, { spec: specs.get(container.name)!, container }])),
      running: ({ container }) => follow(container, started.has(container.id) ? Date.now() / 1_000 - LOG_OVERLAP_S : undefined),
    }), { plan, identities: certificates.identities, password: secrets.databasePassword, postgresTag: tags.postgres, addressOf: plan.zonesOf.standby })
    if (needs.includes('database-disk')) await allOrFirstError(postgresIds.map((id) => platform.hold(id)))
    startSignal.throwIfAborted()
    up = true
    return {
      target, keys: secrets.keys, lost: lost.signal, platform,
      processes: [...started.values()].map(({ name, pid }) => ({ name, pid })),
      generators: generatorsOf(context, { plan, tag: tags.node, directory: temporary }),
      close, [Symbol.asyncDispose]: close,
    }
  } catch (error) {
    await close().catch(() => {})
    // What came first is the cause; what it cut short is not.
    throw failure.signal.aborted && !signal?.aborted ? failure.signal.reason : error
  }
}

/** What cannot be cleared away is in nobody's way: it is told, and the run goes on. */
async function clearLeftovers(docker: Docker, onProgress: (event: StackEvent) => void): Promise<void> {
  const onStuck = tellStuck(onProgress)
  try {
    for (const name of await removeLeftovers(docker, { onStuck })) onProgress({ kind: 'preparing', what: 'leftover', name })
  } catch (error) {
    if ((error as HarnessError).problem?.code !== 'DOCKER_FAILED') throw error
    onStuck((error as HarnessError).problem.what)
  }
}

function tellStuck(onProgress: (event: StackEvent) => void): OnStuck { return (name) => onProgress({ kind: 'preparing', what: 'stuck', name }) }

function exited(name: string, code: number, said: string, where: string): HarnessError {
  return new HarnessError({
    code: 'CONTAINER_EXITED', what: `${name} ended while the stack was starting (${code}); the end of its log: ${said}`, where, mend: 'read the log; tongduyet doctor says what the machine lacks',
  })
}
