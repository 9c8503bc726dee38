/**
 * The embedded stack: PostgreSQL, services, network and simulators as processes on loopback addresses of one slot. Either it all serves and a
 * target is handed back, or nothing is left and the reason is thrown (HarnessError: PORT_IN_USE, POSTGRES_NOT_STARTED, CHILD_NOT_STARTED,
 * SYSTEM_NOT_READY, …). `close` leaves no process, no socket, no data directory. Without a cutover there is no old portal: one edge, to which the
 * portal's name leads from the start.
 */
import { mkdir, copyFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { HarnessError } from '../../contracts/error.ts'
import type { SimulatorsConfig } from '../../contracts/process.ts'
import type { RunningStack, StackEvent, StackExit } from '../../contracts/stack.ts'
import { allOrFirstError } from '../all-or-first-error.ts'
import { drawSecrets, serviceConfig, simulatorsConfig, type RunSettings } from '../configs.ts'
import { createDatabase } from '../database.ts'
import { DATABASE_USER, httpUrl, partsOf, PORTS, WITHOUT_DATABASE, type ServiceId } from '../parts.ts'
import { waitUntilReady } from '../readiness.ts'
import { targetOf } from '../target.ts'
import { schemaFileOf } from '../services/index.ts'
import { addressesOf } from './addresses.ts'
import { startChild, type Child } from './child.ts'
import { networkConfig } from './network-config.ts'
import { removeScratchOf } from './postgres.ts'
import type { ProcessMessage } from './process.ts'
import { RUN_SLOTS, takeSlot, type SlotRange } from './slot.ts'

export type EmbeddedOptions = RunSettings & {
  /** Gets `tmp/` (removed at the end) and `logs/<process>.log`. */
  workDirectory: string
  /** Absolute path of a child module that takes SimulatorsConfig; null leaves the partners to somebody else, who is told `simulators`. */
  simulatorsEntry: string | null
  /** False: a load on the new portal alone. */
  cutover?: boolean
  /** All by default. */
  services?: readonly ServiceId[]
  slots?: SlotRange
  onProgress?: (event: StackEvent) => void
  signal?: AbortSignal
}

export type EmbeddedStack = RunningStack & { slot: number; /** Where its systems expect partners, and with which keys. */ simulators: SimulatorsConfig }

/** Services that share a process; the portals carry the night's load and have one each. */
const PROCESS_OF: Record<ServiceId, string> = { portal: 'portal', legacy: 'legacy', coordination: 'back', catalogue: 'back', payments: 'back', notifications: 'back', feedback: 'back', statistics: 'back' }
const MAX_OLD_SPACE_MB: Record<string, number> = { portal: 512, legacy: 384, back: 512, network: 512, partners: 768, postgres: 64 }
const START_WITHIN_MS = 60_000
const READY_WITHIN_MS = 15_000

const CHILD_ENTRY = fileURLToPath(new URL('./process.ts', import.meta.url))
const POSTGRES_ENTRY = fileURLToPath(new URL('./postgres-process.ts', import.meta.url))
const DEFAULT_RULES = fileURLToPath(new URL('../network/edge/waf-default.json', import.meta.url))

export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedStack> {
  const { workDirectory, signal, onProgress = () => {}, cutover = true } = options
  const { edges, ...parts } = partsOf(cutover)
  const services = parts.services.filter((id) => options.services?.includes(id) ?? true)
  signal?.throwIfAborted()
  const slot = await takeSlot(options.slots ?? RUN_SLOTS)
  onProgress({ kind: 'slot', slot: slot.number })
  const addresses = addressesOf(slot.number)
  const secrets = drawSecrets()
  const temporary = join(workDirectory, 'tmp')
  const logs = join(workDirectory, 'logs')
  const simulators = simulatorsConfig(addresses, secrets, options)
  const children: Child[] = []
  // The first failure ends the other starts too, instead of waiting for them.
  const failure = new AbortController()
  const startSignal = signal ? AbortSignal.any([signal, failure.signal]) : failure.signal
  let up = false
  let closing: Promise<void> | undefined

  async function launch(name: string, entry: string, message: unknown): Promise<Child> {
    const began = performance.now()
    const child = await startChild({
      name, entry, message, logFile: join(logs, `${name}.log`), maxOldSpaceMb: MAX_OLD_SPACE_MB[name] ?? 256, readyWithinMs: START_WITHIN_MS, signal: startSignal, ...(entry === POSTGRES_ENTRY && { tidy: removeScratchOf }),
      onUnexpectedExit: (exit) => {
        onProgress({ kind: 'child-exit', ...exit })
        if (!up) failure.abort(exitedEarly(exit, join(logs, `${name}.log`)))
      },
    }).catch((error: unknown) => { failure.abort(error); throw error })
    children.push(child)
    onProgress({ kind: 'started', name, pid: child.pid, wallMs: Math.round(performance.now() - began) })
    return child
  }

  /** PostgreSQL last, when nobody uses it any more. */
  const close = () => closing ??= (async () => {
    await Promise.all(children.filter(({ name }) => name !== 'postgres').map((child) => child.stop()))
    for (const postgres of children.filter(({ name }) => name === 'postgres')) await postgres.stop()
    await rm(temporary, { recursive: true, force: true, maxRetries: 3 })
    await slot.release()
  })()

  async function startServices(): Promise<Record<string, string>> {
    await launch('postgres', POSTGRES_ENTRY, {
      host: addresses.postgres, port: PORTS.postgres, user: DATABASE_USER, password: secrets.databasePassword, dataDirectory: join(temporary, 'postgres'),
    })
    const serverUrl = `postgresql://${DATABASE_USER}:${secrets.databasePassword}@${addresses.postgres}:${PORTS.postgres}/postgres`
    const urls = await Promise.all(services.filter((id) => !WITHOUT_DATABASE.includes(id)).map(async (id) => [id, await createDatabase(serverUrl, id, schemaFileOf(id))] as const))
    const databases = Object.fromEntries(urls)
    const byProcess = Map.groupBy(services, (id) => PROCESS_OF[id])
    await allOrFirstError([...byProcess].map(([name, ids]) => launch(name, CHILD_ENTRY, {
      kind: 'services', services: ids.map((id) => serviceConfig(id, { listen: addresses.services[id], places: addresses, databaseUrl: databases[id] ?? null, secrets, settings: options })),
    } satisfies ProcessMessage)))
    return databases
  }

  try {
    await Promise.all([mkdir(temporary, { recursive: true }), mkdir(logs, { recursive: true })])
    await Promise.all(edges.map((edge) => copyFile(DEFAULT_RULES, join(temporary, `${edge}.json`))))
    const [databases] = await allOrFirstError([
      startServices(),
      launch('network', CHILD_ENTRY, { kind: 'network', network: networkConfig(addresses, temporary, edges, options) } satisfies ProcessMessage).then(() => ({})),
      options.simulatorsEntry === null ? {} : launch('partners', options.simulatorsEntry, simulators).then(() => ({})),
    ])
    const target = targetOf({
      name: 'embedded', places: addresses, services, edges, databases: databases!, simulators: options.simulatorsEntry !== null, gateways: true,
      regions: addresses.regions.map(({ id, gateway, resolver, resolverProfile }) => ({ id, gateway: httpUrl(gateway), resolver: { host: resolver, port: PORTS.dns, profile: resolverProfile } })),
      networkAdmin: (id) => `${httpUrl(addresses.dnsAuthority, PORTS.admin)}/${id}`,
    })
    await waitUntilReady(target, { withinMs: READY_WITHIN_MS, signal: startSignal })
    up = true
    return {
      target, slot: slot.number, keys: secrets.keys, simulators,
      processes: children.map(({ name, pid, reply }) => ({ name, pid: Number(reply['postmaster'] ?? pid) })),
      close, [Symbol.asyncDispose]: close,
    }
  } catch (error) {
    await close()
    // What came first is the cause; what it cut short is not.
    throw failure.signal.aborted && !signal?.aborted ? failure.signal.reason : error
  }
}

function exitedEarly({ name, code, signal, stderrTail }: StackExit, where: string): HarnessError {
  return new HarnessError({ code: 'CHILD_EXITED', what: `${name} ended while the stack was starting (${signal ?? code}): ${stderrTail.slice(-600)}`, where, mend: 'read the log; tongduyet doctor says what the machine lacks' })
}
