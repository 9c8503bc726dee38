/**
 * Runs one k6 process over a plan. In: paths, the barrier that k6's `setup()` waits at, limits. Out: `started` when k6 stands ready, `finished`
 * with what is known of its end, `stop()`. k6's exit code is handed on, never taken for a verdict: it is 0 when every iteration throws.
 * Fails with K6_NOT_STARTED (ended before it was ready, with its stderr) or K6_HUNG_AT_START (its loader hangs on some TypeScript).
 */
import { constants, createWriteStream } from 'node:fs'
import { access, mkdtemp, readFile, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { finished as streamFinished } from 'node:stream/promises'
import { z } from 'zod'
import { HarnessError } from '../contracts/error.ts'
import type { Launch, LaunchedProcess } from '../contracts/launch.ts'
import { bundleScenarios } from './bundle.ts'
import { GRACEFUL_STOP_MS } from './k6-options.ts'
import { launchHere } from './launch-here.ts'
import type { Pace } from './pace.ts'
import { watchStderr } from './watch-stderr.ts'

export const K6Summary = z.strictObject({
  v: z.literal(1), iterations: z.int(), surplus_iterations: z.int(), dropped_iterations: z.int(), history_lines: z.int(), http_reqs: z.int(), vus_max: z.int(),
})
export type K6Summary = z.infer<typeof K6Summary>

export type K6Start = {
  k6Path: string
  planFile: string
  /** Must not exist: k6 would append to it. */
  historyFile: string
  summaryFile: string
  stderrFile: string
  worker: string
  /** Where `setup()` asks for leave to begin; `arrived` settles when it has asked. */
  readyUrl: string
  arrived: Promise<void>
  startupTimeoutMs: number
  signal?: AbortSignal
  /** Part of the load that this process carries, as k6 writes it: `1/2:1`, with all boundaries `0,1/2,1`. */
  segment?: { own: string; all: string }
  /** How hard this process has to work. Taken for heavy, and worth every core, where it is not said. */
  pace?: Pace
  /** Told to k6 alone, in no file: what must stand in no record. */
  environment?: Readonly<Record<string, string>>
  /** Plays the same requests and writes no lines: to measure what lines cost. */
  withoutHistory?: boolean
  /** A bundle that is there already; by default one is made. */
  script?: string
  /** Where it runs: here, unless the stack has a place for it. */
  launch?: Launch
}

export type K6End = {
  exitCode: number | null
  signal: NodeJS.Signals | null
  stderrTail: string
  /** History lines that k6 could not write, by its own complaints. */
  failedWrites: number
  /** Null where k6 ended without writing it. */
  summary: K6Summary | null
}

/** `stop`: no new iterations, those under way are played to their end. `kill`: not one more request; what k6 had not yet written is lost. */
export type K6Run = { pid: number; started: Promise<void>; finished: Promise<K6End>; stop: () => Promise<void>; kill: () => void }

/**
 * Every virtual user is a heap of its own to scan: under a heavy load collect half as often, as long as memory is there (at 6x the national peak 64 s of
 * CPU instead of 82). Under a light one a collection comes once in a minute, and k6 would grow for a quarter of an hour only to let garbage lie.
 * The limit has to be well above what lives: at 8x that is 1.2 GB, and with a limit of 1 GB k6 collected without a pause, 40 % of its time.
 */
const LEAST_MEMORY_MIB = 1_000
const MEMORY_SHARE = 0.25
const HEAVY_PER_SECOND = 100
/**
 * On more cores than it needs, Go wakes another for each answer and lets idle ones collect garbage: at 1,190 requests a second k6 takes 17.4 s of CPU on two cores and
 * 14.3 s on one, where iterations start 13 ms late at most (p99; 3 ms on two). Four tenths
 * of a core are filled by so many requests, on a slow machine two thirds; six times the national peak are 709 at the busiest moment.
 */
const REQUESTS_PER_CORE = 750
/**
 * Go's scheduler is watched by a thread that sleeps for 20 µs at a time while anything runs: a sixth of k6's CPU, with Linux' 50 µs of slack for timers. With half a
 * millisecond a request costs 365 to 420 µs instead of 475 to 500, and iterations start no later (p99 2 to 4 ms); with a whole one they do (4 to 8).
 * A program sets its own slack, so a shell does on the way to k6; where a system has none, nothing is changed.
 */
const TIMER_SLACK_NS = '500000'
const WITH_TIMER_SLACK = '{ echo "$TIMER_SLACK_NS" > /proc/self/timerslack_ns; } 2> /dev/null; exec "$0" "$@"'
const KILL_AFTER_MS = GRACEFUL_STOP_MS + 2_000

export async function startK6(start: K6Start): Promise<K6Run> {
  if (start.script !== undefined) return watch(await launched(start, start.script), start, async () => {})
  const directory = await mkdtemp(join(tmpdir(), 'tongduyet-k6-'))
  const tidy = () => rm(directory, { recursive: true, force: true })
  try {
    const { file } = await bundleScenarios(join(directory, 'scenarios.js'))
    start.signal?.throwIfAborted()
    return watch(await launched(start, file), start, tidy)
  } catch (error) {
    await tidy()
    throw error
  }
}

function argumentsOf(start: K6Start, script: string): string[] {
  return [
    'run', '--no-color', '--quiet', '--address', 'localhost:0', '--no-usage-report',
    '--console-output', start.historyFile, '--log-format', 'raw',
    ...(start.segment ? ['--execution-segment', start.segment.own, '--execution-segment-sequence', start.segment.all] : []),
    script,
  ]
}

/** Nothing of the caller's environment but what a program needs to run: K6_* variables would change the plan. */
function environmentOf(start: K6Start): Record<string, string | undefined> {
  const { PATH, HOME, TMPDIR, GOMAXPROCS = coresOf(start.pace) } = process.env
  const light = start.pace !== undefined && start.pace.iterationsPerSecond < HEAVY_PER_SECOND
  return {
    PATH, HOME, TMPDIR, TIMER_SLACK_NS, GOMAXPROCS, ...(light ? { GOGC: '100' } : { GOGC: '200', GOMEMLIMIT: memoryLimit() }),
    K6_NO_USAGE_REPORT: 'true', K6_AUTO_EXTENSION_RESOLUTION: 'false',
    PLAN_FILE: start.planFile, WORKER: start.worker, READY_URL: start.readyUrl, SUMMARY_FILE: start.summaryFile, HISTORY: start.withoutHistory ? 'off' : 'on',
    ...start.environment,
  }
}

function memoryLimit(): string { return `${Math.max(LEAST_MEMORY_MIB, Math.floor(process.availableMemory() / 2 ** 20 * MEMORY_SHARE))}MiB` }

function coresOf(pace: Pace | undefined): string | undefined {
  return pace && String(Math.min(availableParallelism(), Math.max(1, Math.ceil(pace.requestsPerSecond / REQUESTS_PER_CORE))))
}

async function launched(start: K6Start, script: string): Promise<LaunchedProcess> {
  const files = [start.k6Path, script, start.planFile, start.historyFile, start.summaryFile]
  try {
    // The shell on the way would only say it on stderr. A mere name is for it to find.
    if (start.k6Path.includes('/')) await access(start.k6Path, constants.X_OK)
    return await (start.launch ?? launchHere)({
      command: 'sh', arguments: ['-c', WITH_TIMER_SLACK, start.k6Path, ...argumentsOf(start, script)], environment: environmentOf(start), directories: [...new Set(files.map((file) => dirname(file)))],
    })
  } catch (error) {
    if (error instanceof HarnessError) throw error
    throw new HarnessError({ code: 'K6_NOT_STARTED', what: `"${start.k6Path}" cannot be run: ${(error as Error).message}`, mend: 'run `tongduyet doctor`' }, { cause: error })
  }
}

function watch(child: LaunchedProcess, start: K6Start, tidy: () => Promise<void>): K6Run {
  const stderr = watchStderr(child.stderr)
  const log = child.stderr.pipe(createWriteStream(start.stderrFile))
  const logged = streamFinished(log)
  // Looked at when k6 has ended; until then a full disk must not be an unhandled rejection.
  logged.catch(() => {})

  let stopping: Promise<void> | undefined
  const stop = () => (stopping ??= stopChild(child))
  start.signal?.addEventListener('abort', () => void stop(), { once: true })
  if (start.signal?.aborted) void stop()

  const finished = child.ended.then(async (end): Promise<K6End> => {
    await logged
    await tidy()
    return { ...end, ...stderr.seen(), summary: await readSummary(start.summaryFile) }
  })
  const started = awaitStart(start, child, finished)
  // A caller who only awaits `finished` must not be hit by the other's rejection.
  started.catch(() => {})
  return { pid: child.pid, started, finished, stop, kill: () => child.kill('SIGKILL') }
}

async function awaitStart(start: K6Start, child: LaunchedProcess, finished: Promise<K6End>): Promise<void> {
  const timer = Promise.withResolvers<'hung'>()
  const timeout = setTimeout(() => timer.resolve('hung'), start.startupTimeoutMs)
  try {
    const first = await Promise.race([start.arrived.then(() => 'arrived' as const), finished, timer.promise])
    if (first === 'arrived') return
    if (first === 'hung') {
      child.kill('SIGKILL')
      const { stderrTail } = await finished
      throw new HarnessError({
        code: 'K6_HUNG_AT_START', what: `k6 was not ready after ${start.startupTimeoutMs} ms and was killed${quoted(stderrTail)}`, where: start.stderrFile,
        mend: 'its loader hangs on decorators, `for await`, `using` and type-only modules: bundle the script for es2017; or the machine is too busy',
      })
    }
    const how = first.signal ? `was ended by ${first.signal}` : `ended with code ${first.exitCode}`
    throw new HarnessError({ code: 'K6_NOT_STARTED', what: `k6 ${how} before it was ready${quoted(first.stderrTail)}`, where: start.stderrFile, mend: 'run `tongduyet doctor`' })
  } finally { clearTimeout(timeout) }
}

async function stopChild(child: LaunchedProcess): Promise<void> {
  child.kill('SIGINT')
  const kill = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS)
  await child.ended
  clearTimeout(kill)
}

async function readSummary(file: string): Promise<K6Summary | null> {
  try {
    return K6Summary.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch { return null }
}

function quoted(stderrTail: string): string { return stderrTail === '' ? '' : `: ${stderrTail.trim().slice(-600)}` }
