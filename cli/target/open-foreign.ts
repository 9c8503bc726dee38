/**
 * A target that stands already, as a stack that is not ours to start or end. Opened are the names of its hosts, a way to the portal's name by each region's
 * resolver, and those simulated partners that the file asks the product to serve: they end with the run.
 */
import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { SimulatorsConfig } from '../../contracts/process.ts'
import type { RunningStack, StackEvent } from '../../contracts/stack.ts'
import type { Target, TargetSystem } from '../../contracts/target.ts'
import { startChild, type Child } from '../../stack/embedded/child.ts'
import type { LoadedTarget } from './load-target.ts'
import { pinHosts } from './pin-hosts.ts'
import { generatorsByRegion, withEntries, type StartChild } from './regional-entries.ts'

export type ForeignSettings = { seed: number; timeScale: number; scenarioStartMs: number; simulatorsEntry: string; workDirectory: string; signal: AbortSignal; onProgress: (event: StackEvent) => void }

const START_WITHIN_MS = 60_000
const SIMULATORS_MB = 768

export async function openForeign({ value, shown, access }: LoadedTarget, settings: ForeignSettings): Promise<RunningStack> {
  const pinned = await pinHosts(value, shown)
  const logs = join(settings.workDirectory, 'logs')
  mkdirSync(logs, { recursive: true })
  const children: Child[] = []
  const close = async () => { await Promise.all(children.map((child) => child.stop())) }
  const start: StartChild = async (name, entry, message, maxOldSpaceMb) => {
    const began = performance.now()
    const child = await startChild({
      name, entry, message, logFile: join(logs, `${name}.log`), maxOldSpaceMb, readyWithinMs: START_WITHIN_MS, signal: settings.signal,
      onUnexpectedExit: (exit) => settings.onProgress({ kind: 'child-exit', ...exit }),
    })
    children.push(child)
    settings.onProgress({ kind: 'started', name, pid: child.pid, wallMs: Math.round(performance.now() - began) })
    return child
  }
  try {
    const served = await withSimulators(pinned, access, settings, start)
    const target = await withEntries(served, start)
    const generators = generatorsByRegion(target)
    return { target, processes: children.map(({ name, pid }) => ({ name, pid })), keys: {}, ...(generators && { generators }), close, [Symbol.asyncDispose]: close }
  } catch (error) {
    await close()
    throw error
  }
}

async function withSimulators(target: Target, access: LoadedTarget['access'], settings: ForeignSettings, start: StartChild): Promise<Target> {
  const served = target.systems.filter((system) => isServedHere(target, system))
  if (served.length === 0) return target
  await start('partners', settings.simulatorsEntry, configOf(target, served, access, settings), SIMULATORS_MB)
  const { hosts, port, adminPort } = target.simulators!
  const url = (id: string, at: number) => { const host = hosts[id]!; return `http://${host.includes(':') ? `[${host}]` : host}:${at}` }
  return { ...target, systems: target.systems.map((system) => served.includes(system) ? { ...system, url: url(system.id, port), admin: url(system.id, adminPort) } : system) }
}

export function isServedHere({ simulators }: Target, { id, mode, url }: TargetSystem): boolean { return mode === 'simulated' && url === undefined && simulators?.hosts[id] !== undefined }

function configOf({ simulators }: Target, served: readonly TargetSystem[], { secretOf, authority }: LoadedTarget['access'], { seed, timeScale, scenarioStartMs }: ForeignSettings): SimulatorsConfig {
  const { hosts, port, adminPort, portalSyncUrl, keys, vneidClient } = simulators!
  // Partners sign by their own id, banks and gateways by their system's.
  const names = served.flatMap(({ id }) => id.startsWith('partner-') ? [id, id.slice('partner-'.length)] : [id])
  const keyOf = (name: string) => { const ref = keys[name] ?? keys[name.replace(/^partner-/, '')]; return ref === undefined ? randomBytes(32).toString('hex') : secretOf(ref) }
  return {
    hosts: Object.fromEntries(served.map(({ id }) => [id, hosts[id]!])), port, adminPort, portalSyncUrl, ...(authority !== undefined && { certificateAuthority: authority }), keys: Object.fromEntries(names.map((name) => [name, keyOf(name)])),
    vneidClient: vneidClient ? { ...vneidClient, clientSecret: secretOf(vneidClient.clientSecret) } : { clientId: 'none', clientSecret: randomBytes(32).toString('hex'), redirectUris: [] },
    seed, timeScale, scenarioStartMs,
  }
}
