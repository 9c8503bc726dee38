/**
 * A daemon as the child of an agent: its output goes through line by line, `ended` tells when it ends by itself, `stop` ends it and kills it where
 * that takes longer than STOP_MS. `usage` counts it and all processes under it, also those that have ended since (Linux, /proc).
 */
import { spawn } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { createInterface } from 'node:readline'

const STOP_MS = 8_000
/** Linux counts CPU time in hundredths of a second wherever /proc shows it. */
const TICK_MS = 10
const PAGE_BYTES = 4_096

export type Daemon = {
  pid: number
  ended: Promise<string>
  stop: () => Promise<void>
  signal: (signal: NodeJS.Signals) => void
  usage: () => { cpuMs: number; rssBytes: number }
}

export function startDaemon(command: string, args: readonly string[], onLine: (line: string) => void = () => {}): Daemon {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  const last: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      last.push(line)
      if (last.length > 20) last.shift()
      onLine(line)
      process.stderr.write(`${line}\n`)
    })
  }
  let stopping = false
  const gone = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`${command} cannot be started: ${error.message}`))
    child.once('close', (code, signal) => resolve(`${command} ended by itself (${signal ?? `code ${code}`}): ${last.join(' | ') || 'it said nothing'}`))
  })
  return {
    pid: child.pid ?? 0,
    ended: gone.then((reason) => stopping ? new Promise<string>(() => {}) : reason),
    async stop() {
      stopping = true
      const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
      child.kill('SIGTERM')
      await gone
      clearTimeout(late)
    },
    signal: (signal) => { child.kill(signal) },
    usage: () => usageOf(child.pid ?? 0),
  }
}

type Counted = { cpuTicks: number; rssPages: number; endedTicks: number }

function usageOf(pid: number): { cpuMs: number; rssBytes: number } {
  let ticks = 0
  let pages = 0
  for (const process of [pid, ...childrenOf(pid)]) {
    const counted = countedOf(process)
    if (!counted) continue
    ticks += counted.cpuTicks + counted.endedTicks
    pages += counted.rssPages
  }
  return { cpuMs: ticks * TICK_MS, rssBytes: pages * PAGE_BYTES }
}

/** Processes whose parent it is; empty where it is gone. */
export function childrenOf(pid: number): number[] {
  try { return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number) } catch { /* without CONFIG_PROC_CHILDREN, or gone */ }
  return readdirSync('/proc').filter((entry) => /^\d+$/.test(entry) && fieldsOf(Number(entry))?.[1] === String(pid)).map(Number)
}

/** /proc/<pid>/stat after the name in brackets (which may hold anything): [0] state, [1] parent, [11] utime, [12] stime, [13] cutime, [14] cstime, [21] rss. */
function fieldsOf(pid: number): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return text.slice(text.lastIndexOf(')') + 2).split(' ')
  } catch { return undefined }
}

function countedOf(pid: number): Counted | undefined {
  const fields = fieldsOf(pid)
  if (!fields) return undefined
  const at = (index: number) => Number(fields[index] ?? 0)
  return { cpuTicks: at(11) + at(12), endedTicks: at(13) + at(14), rssPages: at(21) }
}
