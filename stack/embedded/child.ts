/**
 * Starts a child process of the stack and ends it: one message, one reply, its output in a log file. It runs in a session of its own, so that
 * the terminal's Ctrl-C reaches only the harness; whatever it started and left when it was killed is ended with it. CHILD_NOT_STARTED (or the child's own code)
 * carries the end of its log.
 */
import { fork } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { HarnessError } from '../../contracts/error.ts'
import type { ProcessReply } from '../../contracts/process.ts'
import type { StackExit } from '../../contracts/stack.ts'

export type Child = {
  name: string; pid: number
  /** What it answered beside `ready`. */
  reply: Record<string, unknown>
  /** How it ended; undefined while it runs. */
  exit: () => { code: number | null; signal: NodeJS.Signals | null } | undefined
  /** Bounded: asks, waits, then kills. */
  stop: () => Promise<void>
}
export type ChildOptions = {
  name: string
  /** Absolute path of its module. */
  entry: string
  message: unknown
  logFile: string
  maxOldSpaceMb: number
  readyWithinMs: number
  signal?: AbortSignal | undefined
  /** It has ended, whatever way, and all that it had started: what it kept outside the run's folder can go. */
  tidy?: (pid: number) => Promise<void>
  /** It ended though nobody asked it to. */
  onUnexpectedExit: (exit: StackExit) => void
}

const STOP_WITHIN_MS = 4_500
/** For one that is told to end at once; then it is killed. */
const SWEEP_WITHIN_MS = 2_000
const LOOK_EVERY_MS = 20
const TAIL_CHARACTERS = 2_000
const MEND = 'read the log; tongduyet doctor says what the machine lacks'

export async function startChild(options: ChildOptions): Promise<Child> {
  const { name, logFile } = options
  const log = openSync(logFile, 'a')
  const { PATH, HOME, TMPDIR, LANG } = process.env
  const child = fork(options.entry, [], {
    execArgv: [`--max-old-space-size=${options.maxOldSpaceMb}`], detached: true, stdio: ['ignore', log, log, 'ipc'],
    env: { PATH, HOME, TMPDIR, LANG, TZ: 'UTC' } as NodeJS.ProcessEnv, serialization: 'json',
  })
  closeSync(log)
  const exited = once(child, 'exit').catch(() => {})
  const gone = exited.then(async () => {
    if (child.pid === undefined) return
    await sweep(child.pid)
    await options.tidy?.(child.pid)
  })
  gone.catch(() => {})
  let stopping = false
  let started = false
  child.once('exit', (code, signal) => {
    if (started && !stopping) options.onUnexpectedExit({ name, code, signal, stderrTail: tailOf(logFile) })
  })

  async function stop(): Promise<void> {
    stopping = true
    if (child.pid === undefined) return
    child.kill('SIGTERM')
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS)
    await exited
    clearTimeout(timer)
    await gone
  }

  try {
    const reply = await firstReply(child, options, exited)
    if ('error' in reply) throw new HarnessError({ code: reply.error.code, what: `${name}: ${reply.error.message}`, where: logFile, mend: MEND })
    started = true
    const { ready: _, ...rest } = reply
    return {
      name, pid: child.pid!, reply: rest, stop,
      exit: () => child.exitCode === null && child.signalCode === null ? undefined : { code: child.exitCode, signal: child.signalCode },
    }
  } catch (error) {
    await stop()
    throw error
  }
}

async function firstReply(child: ReturnType<typeof fork>, { name, message, logFile, readyWithinMs, signal }: ChildOptions, exited: Promise<unknown>): Promise<ProcessReply> {
  const { promise, resolve, reject } = Promise.withResolvers<ProcessReply>()
  const fail = (what: string) => reject(notStarted(`${name} ${what}`, logFile))
  const onAbort = () => reject(signal!.reason)
  const timer = setTimeout(() => fail(`was not ready within ${readyWithinMs} ms`), readyWithinMs)
  signal?.addEventListener('abort', onAbort)
  child.once('message', (reply) => resolve(reply as ProcessReply))
  child.once('error', (error) => fail(`could not be started: ${error.message}`))
  void exited.then(() => fail(`ended at once (${child.signalCode ?? child.exitCode})`))
  child.send(message as object, () => {})
  if (signal?.aborted) onAbort()
  try { return await promise } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', onAbort)
  }
}

/** The group that it led, of what it started itself: told to end at once (for PostgreSQL: without writing anything out), then killed. */
async function sweep(group: number): Promise<void> {
  for (const signal of ['SIGQUIT', 'SIGKILL'] as const) {
    const latest = performance.now() + SWEEP_WITHIN_MS
    for (let next: NodeJS.Signals | 0 = signal; performance.now() < latest; next = 0) {
      try { process.kill(-group, next) } catch { return }
      await delay(LOOK_EVERY_MS)
    }
  }
}

export function tailOf(logFile: string): string {
  try { return readFileSync(logFile, 'utf8').slice(-TAIL_CHARACTERS).trim() } catch { return '' }
}

function notStarted(what: string, logFile: string): HarnessError {
  const tail = tailOf(logFile).split('\n').slice(-8).join(' | ')
  return new HarnessError({ code: 'CHILD_NOT_STARTED', what: tail ? `${what}; the end of its log: ${tail}` : what, where: logFile, mend: MEND })
}
