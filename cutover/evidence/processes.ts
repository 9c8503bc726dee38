/**
 * Samples what every process of the rehearsal takes, once a second, into `evidence/processes.ndjson`: rows `sample/<name>/<n>` with
 * {process, cpuMs, wallMs, monoMs, eventLoopMsP99, rssBytes}. Systems are asked by GET /stats (once per process: host and pid), other processes (load generator,
 * the harness, PostgreSQL) by /proc/<pid>/stat where the machine has it; without it they have no rows. `machine` is all of its cores together, whoever
 * uses them (field `cores`), without what runs at low priority. `wallMs` and `monoMs` are the same moment by both clocks: where they part, the wall
 * clock jumped. Rows `served/<system>/<begin|end>`: business requests that the system says it has answered by then.
 */
import { randomUUID } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { cpus, freemem, hostname, totalmem } from 'node:os'
import type { EvidenceHeader, EvidenceRow } from '../../contracts/evidence.ts'
import { RecordWriter } from '../../contracts/record-file.ts'
import type { RunFolder } from '../../contracts/run-folder.ts'
import type { Target } from '../../contracts/target.ts'
import { eachBounded } from '../bounded.ts'
import type { NightClock } from '../clock.ts'
import type { AdminPort } from '../ports.ts'
import { isAdministered } from '../systems.ts'
import { hasEvidence } from './collect.ts'

const AT_ONCE = 8
const SAMPLE_MS = 1_000
const LOOK_MS = 5
const MAX_LOOKS = 20
/** USER_HZ is 100 on every Linux that Node runs on; page size likewise 4 KiB on x64 and most arm64. */
const MS_PER_TICK = 10
const PAGE_BYTES = 4_096

/** `withChildren`: a server whose children do its work (PostgreSQL's backends). */
export type NamedProcess = { name: string; pid: number; withChildren?: boolean }
export type ProcessSampler = { add(process: NamedProcess): void; close(): Promise<void> }
type Usage = { cpuMs: number; rssBytes: number; eventLoopMsP99: number | null }

export async function startProcessSampler(options: {
  target: Target; admin: (systemId: string) => AdminPort; folder: RunFolder; clock: NightClock; processes: readonly NamedProcess[]; intervalMs?: number
  /** A clock that nobody can set. */
  monoMs?: () => number
}): Promise<ProcessSampler> {
  const { clock, monoMs = () => performance.now() } = options
  const named = [...options.processes]
  const { byProcess: byStats, served: servedBefore } = await askAll(options.target, options.admin)
  await mkdir(options.folder.evidence, { recursive: true })
  const writer = new RecordWriter(options.folder.evidenceOf('processes', 'running'))
  const header: EvidenceHeader = { v: 1, system: 'processes', readId: randomUUID(), mode: 'running', beganAt: clock.nowMs() }
  writer.write(header)
  const beganAt = clock.nowMs()
  const monoBegan = monoMs()
  /** Read between two looks at the other clock, again where the machine took the process away meanwhile. */
  const moment = () => {
    for (let tries = 1; ; tries += 1) {
      const before = monoMs()
      const wallMs = Math.round(clock.nowMs() - beganAt)
      if (monoMs() - before <= LOOK_MS || tries === MAX_LOOKS) return { wallMs, monoMs: Math.round(before - monoBegan) }
    }
  }
  const writeServed = (counts: ReadonlyMap<string, number>, when: 'begin' | 'end') => {
    for (const [system, served] of counts) writer.write({ key: `served/${system}/${when}`, fields: { system, served }, seenAt: clock.nowMs() } satisfies EvidenceRow)
  }
  writeServed(servedBefore, 'begin')
  const stop = new AbortController()
  const loop = (async () => {
    for (let n = 1; ; n += 1) {
      const own = new Map(named.map((process) => [processKey(hostname(), process.pid), process]))
      // The name that the caller has for a process goes before that of a system in it; its own figures say more than those of /proc.
      const asked = [...byStats].map(([key, system]) => ({ name: own.get(key)?.name ?? system, usage: () => statsOf(options.admin(system)) }))
      const looked = [...own].filter(([key]) => !byStats.has(key)).map(([, { name, pid, withChildren }]) => ({ name, usage: () => usageOf(pid, withChildren === true) }))
      const rows: EvidenceRow[] = [{ key: `sample/machine/${n}`, fields: { process: 'machine', ...moment(), ...machineUsage() }, seenAt: clock.nowMs() }]
      await eachBounded([...asked, ...looked], AT_ONCE, async ({ name, usage: measure }) => {
        const usage = await measure()
        if (usage) rows.push({ key: `sample/${name}/${n}`, fields: { process: name, ...moment(), ...usage }, seenAt: clock.nowMs() })
      })
      for (const row of rows) writer.write(row)
      writer.flush()
      if (stop.signal.aborted) break
      await clock.sleep(options.intervalMs ?? SAMPLE_MS, stop.signal).catch(() => {})
    }
    writeServed((await askAll(options.target, options.admin)).served, 'end')
    writer.close(clock.nowMs())
  })()
  loop.catch(() => {})
  return {
    add: (process) => { named.push(process) },
    async close() {
      stop.abort()
      await loop
    },
  }
}

/** One system for each process that can be asked, and what each system has served so far. */
async function askAll(target: Target, admin: (systemId: string) => AdminPort): Promise<{ byProcess: Map<string, string>; served: Map<string, number> }> {
  const byProcess = new Map<string, string>()
  const served = new Map<string, number>()
  await eachBounded(target.systems.filter((system) => hasEvidence(system) && isAdministered(system)), AT_ONCE, async ({ id }) => {
    const stats = await admin(id).stats().catch(() => undefined)
    if (!stats) return
    served.set(id, stats.served)
    const key = processKey(stats.host ?? hostname(), stats.pid)
    if (!byProcess.has(key)) byProcess.set(key, id)
  })
  return { byProcess, served }
}

/** A pid says something only together with where it counts. */
function processKey(host: string, pid: number): string { return `${host}/${pid}` }

function machineUsage(): { cpuMs: number; rssBytes: number; eventLoopMsP99: null; cores: number } {
  const cores = cpus()
  return { cpuMs: cores.reduce((sum, { times }) => sum + times.user + times.sys + times.irq, 0), rssBytes: totalmem() - freemem(), eventLoopMsP99: null, cores: cores.length }
}

async function statsOf(admin: AdminPort): Promise<Usage | undefined> {
  const stats = await admin.stats().catch(() => undefined)
  return stats && { cpuMs: Math.round(stats.cpuMs), rssBytes: stats.rssBytes, eventLoopMsP99: Number(stats.eventLoopDelayMsP99.toFixed(3)) }
}

async function usageOf(pid: number, withChildren: boolean): Promise<Usage | undefined> {
  const own = await procStat(pid)
  if (!own) return undefined
  if (!withChildren) return { cpuMs: own.cpuMs, rssBytes: own.rssBytes, eventLoopMsP99: null }
  const children = await Promise.all((await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '')).split(' ').filter(Boolean).map((child) => procStat(Number(child))))
  const living = children.reduce((sum, child) => sum + (child?.cpuMs ?? 0), 0)
  // Resident pages of the children are mostly the one shared buffer: the largest stands for all.
  return { cpuMs: own.cpuMs + own.endedChildrenCpuMs + living, rssBytes: Math.max(own.rssBytes, ...children.map((child) => child?.rssBytes ?? 0)), eventLoopMsP99: null }
}

async function procStat(pid: number): Promise<{ cpuMs: number; endedChildrenCpuMs: number; rssBytes: number } | undefined> {
  try {
    const text = await readFile(`/proc/${pid}/stat`, 'utf8')
    // The command's name may hold spaces and brackets: the fields begin behind the last bracket (proc(5), fields 14 to 17, 24).
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ').map(Number)
    return { cpuMs: (fields[11]! + fields[12]!) * MS_PER_TICK, endedChildrenCpuMs: (fields[13]! + fields[14]!) * MS_PER_TICK, rssBytes: fields[21]! * PAGE_BYTES }
  } catch { return undefined }
}
