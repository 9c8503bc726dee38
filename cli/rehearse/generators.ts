/**
 * The k6 processes of a run, one for each worker, each with its share of every scenario (execution segments) and a history file of its own.
 * They wait at one barrier. Out: when all stand ready, what is known of each when all have ended, and one stop for all.
 */
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunFolder } from '../../contracts/run-folder.ts'
import type { StackGenerators } from '../../contracts/stack.ts'
import { bundleScenarios } from '../../scenarios/bundle.ts'
import { sharedBy, type Pace } from '../../scenarios/pace.ts'
import { startK6, type K6End, type K6Run } from '../../scenarios/run-k6.ts'
import { workerSegments } from '../../scenarios/worker-segments.ts'
import { scratchOf } from './scratch.ts'

export type Generators = {
  processes: { name: string; pid: number }[]
  started: Promise<void>
  finished: Promise<{ worker: string; end: K6End }[]>
  stop: () => Promise<void>
  /** Not one more request. */
  kill: () => void
}

export function workerNames(count: number): string[] { return Array.from({ length: count }, (_, index) => `w${index + 1}`) }

export async function startGenerators(options: {
  k6Path: string; folder: RunFolder; workers: readonly string[]; readyUrl: string; arrived: Promise<void>; startupTimeoutMs: number
  /** Of all workers together. */
  pace?: Pace
  /** A bundle that is there already. */
  script?: string
  /** Where the stack wants them to run. */
  places?: StackGenerators | undefined
  /** Told to the load generators alone. */
  environment?: Readonly<Record<string, string>>
  /** Aborts: not one more request, also where they are only starting. */
  kill?: AbortSignal
}): Promise<Generators> {
  const { folder, workers, k6Path, readyUrl, arrived, startupTimeoutMs, pace } = options
  const directory = join(scratchOf(folder), 'load')
  await mkdir(directory, { recursive: true })
  const runs: { worker: string; run: K6Run }[] = []
  const stop = async () => { await Promise.all(runs.map(({ run }) => run.stop())) }
  const kill = () => { for (const { run } of runs) run.kill() }
  options.kill?.addEventListener('abort', kill, { once: true })
  try {
    const file = options.script ?? (await bundleScenarios(join(directory, 'scenarios.js'))).file
    // Those that play a part each count through every iteration.
    const segments = options.places ? [] : workerSegments(workers.length)
    // At once, since a place of its own takes seconds to make; but all are waited for, so that what has started is known and can be stopped.
    const starts = await Promise.allSettled(workers.map(async (worker, index) => {
      const segment = segments[index]
      runs.push({ worker, run: await startK6({
        k6Path, planFile: folder.plan, historyFile: folder.historyOf(worker), summaryFile: join(folder.logs, `k6-${worker}.json`), stderrFile: join(folder.logs, `k6-${worker}.log`),
        worker, readyUrl, arrived, startupTimeoutMs, script: file, ...(segment && { segment }), ...(options.places && { launch: options.places.launchOf(worker) }), ...(options.environment && { environment: options.environment }),
        ...(pace && { pace: sharedBy(pace, workers.length) }),
      }) })
    }))
    for (const start of starts) if (start.status === 'rejected') throw start.reason
    runs.sort((one, other) => workers.indexOf(one.worker) - workers.indexOf(other.worker))
    options.kill?.throwIfAborted()
  } catch (error) {
    kill()
    await stop()
    await rm(directory, { recursive: true, force: true })
    throw error
  }
  const finished = Promise.all(runs.map(async ({ worker, run }) => ({ worker, end: await run.finished })))
    .finally(() => rm(directory, { recursive: true, force: true }))
  const started = Promise.all(runs.map(({ run }) => run.started)).then(() => {})
  // Whoever only awaits the other must not be hit by this one's rejection.
  for (const promise of [started, finished]) promise.catch(() => {})
  return {
    processes: runs.map(({ worker, run }) => ({ name: workers.length === 1 ? 'k6' : `k6-${worker}`, pid: run.pid })),
    started, finished, stop, kill,
  }
}
