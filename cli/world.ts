/**
 * The world outside a command, handed in so that the whole command line runs in a test: streams, environment, directories, signals, clock.
 */
import { availableParallelism, freemem } from 'node:os'
import { statfsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { findK6, type FoundK6 } from '../scripts/find-k6.mjs'

export type World = {
  stdout: { write: (text: string) => unknown; isTTY?: boolean; columns?: number }
  stderr: { write: (text: string) => unknown; isTTY?: boolean; columns?: number }
  env: NodeJS.ProcessEnv
  cwd: string
  /** Where runbooks, profiles and records of the product are. */
  root: string
  nowMs: () => number
  cores: number
  freeMemoryBytes: () => number
  freeDiskBytes: (directory: string) => number
  findK6: () => FoundK6 | undefined
  /** Calls back at the first SIGINT or SIGTERM (`once`), and again at each further one; returns the unsubscriber. */
  onInterrupt: (listener: (signal: string) => void) => () => void
  /** One line from the operator's terminal; null where there is none. */
  ask?: (signal: AbortSignal) => Promise<string | null>
}

async function lineOf(stdin: NodeJS.ReadStream, signal: AbortSignal): Promise<string | null> {
  if (!stdin.isTTY) return null
  const lines = createInterface({ input: stdin })
  const onAbort = () => lines.close()
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    for await (const line of lines) return line
    return null
  } finally {
    signal.removeEventListener('abort', onAbort)
    lines.close()
  }
}

export function realWorld(): World {
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    cwd: process.cwd(),
    root: fileURLToPath(new URL('..', import.meta.url)),
    nowMs: Date.now,
    cores: availableParallelism(),
    freeMemoryBytes: freemem,
    freeDiskBytes: (directory) => { const stat = statfsSync(directory); return stat.bavail * stat.bsize },
    findK6: () => findK6(process.env),
    onInterrupt: (listener) => {
      const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
      for (const signal of signals) process.on(signal, listener)
      return () => { for (const signal of signals) process.off(signal, listener) }
    },
    ask: (signal) => lineOf(process.stdin, signal),
  }
}
