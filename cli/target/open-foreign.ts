/**
 * A target that stands already, as a stack that is not ours to start or end. Opened are the names of its hosts, and those simulated partners that the file asks
 * the product to serve: they end with the run.
 */
import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { SimulatorsConfig } from '../../contracts/process.ts'
import type { RunningStack, StackEvent } from '../../contracts/stack.ts'
import type { Target, TargetSystem } from '../../contracts/target.ts'
import { startChild } from '../../stack/embedded/child.ts'
import type { LoadedTarget } from './load-target.ts'
import { pinHosts } from './pin-hosts.ts'

export type ForeignSettings = { seed: number; timeScale: number; scenarioStartMs: number; simulatorsEntry: string; workDirectory: string; signal: AbortSignal; onProgress: (event: StackEvent) => void }

const START_WITHIN_MS = 60_000

export async function openForeign({ value, shown, access }: LoadedTarget, settings: ForeignSettings): Promise<RunningStack> {
  const target = await pinHosts(value, shown)
  const served = target.systems.filter((system) => isServedHere(target, system))
  if (served.length === 0) return stackOf(target, [], async () => {})
  const { simulators } = target
  const logs = join(settings.workDirectory, 'logs')
  mkdirSync(logs, { recursive: true })
  const began = performance.now()
  const child = await startChild({
    name: 'partners', entry: settings.simulatorsEntry, message: configOf(target, served, access.secretOf, settings), logFile: join(logs, 'partners.log'), maxOldSpaceMb: 768,
    readyWithinMs: START_WITHIN_MS, signal: settings.signal, onUnexpectedExit: (exit) => settings.onProgress({ kind: 'child-exit', ...exit }),
  })
  settings.onProgress({ kind: 'started', name: 'partners', pid: child.pid, wallMs: Math.round(performance.now() - began) })
  const url = (id: string, port: number) => { const host = simulators!.hosts[id]!; return `http://${host.includes(':') ? `[${host}]` : host}:${port}` }
  const systems = target.systems.map((system) => served.includes(system) ? { ...system, url: url(system.id, simulators!.port), admin: url(system.id, simulators!.adminPort) } : system)
  return stackOf({ ...target, systems }, [{ name: 'partners', pid: child.pid }], () => child.stop())
}

export function isServedHere({ simulators }: Target, { id, mode, url }: TargetSystem): boolean { return mode === 'simulated' && url === undefined && simulators?.hosts[id] !== undefined }

function configOf({ simulators }: Target, served: readonly TargetSystem[], secretOf: (ref: string) => string, { seed, timeScale, scenarioStartMs }: ForeignSettings): SimulatorsConfig {
  const { hosts, port, adminPort, portalSyncUrl, keys, vneidClient } = simulators!
  // Partners sign by their own id, banks and gateways by their system's.
  const names = served.flatMap(({ id }) => id.startsWith('partner-') ? [id, id.slice('partner-'.length)] : [id])
  const keyOf = (name: string) => { const ref = keys[name] ?? keys[name.replace(/^partner-/, '')]; return ref === undefined ? randomBytes(32).toString('hex') : secretOf(ref) }
  return {
    hosts: Object.fromEntries(served.map(({ id }) => [id, hosts[id]!])), port, adminPort, portalSyncUrl, keys: Object.fromEntries(names.map((name) => [name, keyOf(name)])),
    vneidClient: vneidClient ? { ...vneidClient, clientSecret: secretOf(vneidClient.clientSecret) } : { clientId: 'none', clientSecret: randomBytes(32).toString('hex'), redirectUris: [] },
    seed, timeScale, scenarioStartMs,
  }
}

function stackOf(target: Target, processes: RunningStack['processes'], close: () => Promise<void>): RunningStack {
  return { target, processes, keys: {}, close, [Symbol.asyncDispose]: close }
}
