/**
 * k6 in containers of the run, one in each region's citizens' zone and one where the systems are: the launcher that the load generator is handed. What k6 reads and writes is
 * mounted under its own path. A region's k6 asks its region's resolver for names, and nobody else: its resolv.conf names that one alone.
 */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type { LaunchedProcess, Program } from '../../contracts/launch.ts'
import type { WorkerPart } from '../../contracts/plan.ts'
import { REGIONS } from '../../contracts/reference/regions.ts'
import type { StackGenerators } from '../../contracts/stack.ts'
import type { AddressPlan } from './addresses.ts'
import { startContainer, type RunContext, type StartedContainer } from './container.ts'
import type { Docker } from './docker.ts'
import { followLogs } from './logs.ts'
import { whoRunsThis } from './node-process.ts'
import type { ContainerSpec } from './spec.ts'

/** Virtual users of the national peak; their heaps are what grows. */
const MEMORY_MB = 1_536
/** Where Go collects whatever it costs: below that, since not all of k6's memory is Go's. */
const GO_MEMORY_LIMIT = '1000MiB'
/** What the shell of Docker reports of a program that SIGKILL ended; k6 itself never ends so. */
const KILLED = 137
/** For what it said last to come over when it has ended. */
const LOG_WITHIN_MS = 5_000
const STATE_EVERY_MS = 100

/** Who plays what: k6 for staff and partners is called `others`, citizens' by their region; so are their histories. */
const PARTS: Readonly<Record<string, WorkerPart>> = { ...Object.fromEntries(REGIONS.map(({ id }) => [id, { citizensOf: id }])), others: 'others' }

type Container = ReturnType<Docker['getContainer']>
type Place = { name: string; zones: ContainerSpec['zones']; resolvConf: string | null }

/** `directory`: what is written there is mounted. */
export function generatorsOf(context: RunContext, { plan, tag, directory }: { plan: AddressPlan; tag: string; directory: string }): StackGenerators {
  async function placeOf(worker: string): Promise<Place> {
    const part = PARTS[worker]
    if (part === undefined) throw new Error(`no k6 "${worker}" has a place in the stack; there are ${Object.keys(PARTS).join(', ')}`)
    if (part === 'others') return { name: 'k6-others', zones: plan.zonesOf.load(null), resolvConf: null }
    const resolvConf = join(directory, `resolv-${worker}.conf`)
    await writeFile(resolvConf, `nameserver ${plan.zonesOf.resolver(worker)[0]!.address}\noptions ndots:0 timeout:2 attempts:2\n`)
    return { name: `k6-${worker}`, zones: plan.zonesOf.load(worker), resolvConf }
  }
  return {
    // The partners' zone is the one that all of them share; the machine is its first address.
    parts: PARTS, harnessHost: `${context.networks.get('partners')!.prefix}.1`,
    launchOf: (worker) => async (program) => {
      // It ends by itself, and whoever launched it is told: the run's watch is not to know it.
      return processOf(context, await startContainer(context, specOf(await placeOf(worker), program), tag))
    },
  }
}

function specOf({ name, zones, resolvConf }: Place, { command, arguments: words, environment, directories }: Program): ContainerSpec {
  const { PATH: _, ...rest } = environment
  return {
    name, image: 'node', command: [command, ...words], zones, files: [], memoryMb: MEMORY_MB, ...whoRunsThis(),
    environment: { ...Object.fromEntries(Object.entries(rest).filter((entry): entry is [string, string] => entry[1] !== undefined)), HOME: '/tmp', TMPDIR: '/tmp', GOMEMLIMIT: GO_MEMORY_LIMIT },
    mounts: [
      ...directories.map((directory) => ({ source: directory, target: directory, writable: true })),
      ...resolvConf === null ? [] : [{ source: resolvConf, target: '/etc/resolv.conf' }],
    ],
  }
}

async function processOf({ docker }: RunContext, { id, name, pid }: StartedContainer): Promise<LaunchedProcess> {
  const container = docker.getContainer(id)
  // Of an engine that goes away the client never says that this ends: the log's stream does.
  const waited = container.wait().catch(() => {})
  const { output, done } = await followLogs(docker, id, name, 'stderr')
  const stderr = new PassThrough()
  output.pipe(stderr)
  const ended = async () => {
    await Promise.race([waited, done])
    const end = await endOf(container)
    await Promise.race([done, sleep(LOG_WITHIN_MS, undefined, { ref: false })])
    stderr.end()
    return end
  }
  return { pid, stderr, ended: ended(), kill: (signal) => { container.kill({ signal }).catch(() => {}) } }
}

/** Removed or lost with its engine: nobody knows how it ended, which is no orderly end. */
async function endOf(container: Container): Promise<{ exitCode: number | null; signal: 'SIGKILL' | null }> {
  for (;;) {
    const state = await container.inspect().then(({ State }) => State, () => undefined)
    if (!state || (!state.Running && state.ExitCode === KILLED)) return { exitCode: null, signal: 'SIGKILL' }
    if (!state.Running) return { exitCode: state.ExitCode, signal: null }
    // Its log ended before it did.
    await sleep(STATE_EVERY_MS)
  }
}
