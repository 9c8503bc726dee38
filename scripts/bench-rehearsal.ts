/**
 * One rehearsal from outside: wall time from command to exit, and the peak memory of everything together (proportional set sizes of the whole
 * process tree, twice a second; PostgreSQL's shared pages count once). Linux only: elsewhere the memory is null.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { World } from '../cli/world.ts'
import type { RunOutcome } from '../contracts/verdict.ts'
import { cpuOf } from './process-samples.ts'
import { runCommand } from './run-command.ts'

const SAMPLE_MS = 500

export type RehearsalBench = {
  exitCode: number | null; outcome: string; validity: readonly string[]; wallMs: number; wallOfLimit: number; peakMemoryMb: number | null; memoryOfLimit: number | null
  /** CPU ms of each process, and operations, from the run's own records. */
  cpuMs: Record<string, number>; operations: number
}

const MEMORY_LIMIT_MB = 3_072

/** `beside`: bytes of what belongs to the rehearsal and is not below its process. */
export async function benchRehearsal(world: World, profile: string | undefined, limit: { wallMs: number; memoryMb?: number }, { target, beside }: { target?: string; beside?: () => Promise<number> } = {}): Promise<RehearsalBench> {
  const out = mkdtempSync(join(tmpdir(), 'bench-rehearsal-'))
  try {
    let peak: number | null = null
    let sampling: NodeJS.Timeout | undefined
    const { exitCode, printed, wallMs } = await runCommand(world, ['rehearse', '--json', '--out', out, ...(profile ? ['--profile', profile] : []), ...(target ? ['--target', target] : [])], (pid) => {
      sampling = setInterval(() => {
        const now = memoryOfTree(pid)
        if (now !== null) void (beside?.() ?? Promise.resolve(0)).then((others) => { peak = Math.max(peak ?? 0, now + others) })
      }, SAMPLE_MS)
    })
    clearInterval(sampling)
    const { outcome } = JSON.parse(printed) as { outcome: RunOutcome }
    const folder = join(out, readdirSync(out)[0]!)
    const { coverage } = JSON.parse(readFileSync(join(folder, 'verdict.json'), 'utf8')) as { coverage: { operations: number } }
    const peakMemoryMb = peak === null ? null : Math.round(peak / 1024 ** 2)
    return {
      exitCode, outcome: outcome.outcome, validity: outcome.validity, wallMs, wallOfLimit: ratio(wallMs, limit.wallMs),
      peakMemoryMb, memoryOfLimit: peakMemoryMb === null ? null : ratio(peakMemoryMb, limit.memoryMb ?? MEMORY_LIMIT_MB), cpuMs: cpuOf(join(folder, 'evidence', 'processes.ndjson')), operations: coverage.operations,
    }
  } finally { rmSync(out, { recursive: true, force: true }) }
}

function ratio(value: number, limit: number): number { return Math.round(value / limit * 1_000) / 1_000 }

/** Bytes of all processes below and with this one; null where the machine has no /proc. */
function memoryOfTree(root: number): number | null {
  try {
    const parents = new Map<number, number>()
    for (const name of readdirSync('/proc')) {
      if (!/^\d+$/.test(name)) continue
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
        parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]))
      } catch { /* ended meanwhile */ }
    }
    const below = (pid: number): boolean => pid === root || (parents.has(pid) && parents.get(pid)! > 1 && below(parents.get(pid)!))
    let sum = 0
    for (const pid of parents.keys()) {
      if (!below(pid)) continue
      try { sum += Number(/^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0) * 1024 } catch { /* ended meanwhile */ }
    }
    return sum
  } catch { return null }
}
