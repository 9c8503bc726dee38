/**
 * Histories out of the logs of k6-operator's pods. In: a folder with `<pod>.log` files and `pods.json` (`kubectl get pods -o json`), and where each worker's
 * history goes. A log has other lines too (k6's own, time stamps in front): only operations and counters are taken. Out: per worker the lines written and
 * how its k6 ended, as far as anybody knows; sealing them is the caller's. InputError where a log is no pod's, or two are the same worker's.
 */
import { closeSync, createReadStream, existsSync, mkdirSync, openSync, readdirSync, readFileSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import { InputError, type Problem } from '../../contracts/error.ts'
import { K6Summary, type K6End } from '../run-k6.ts'
import { workerNameOf } from '../worker-name.ts'

export type PodHistory = { worker: string; pod: string; lines: number; end: K6End }

const FAILED_WRITE = 'Failed to write to log'
const TAIL_CHARACTERS = 8_000

/** `workers`: those of the plan; `historyOf`: file of a worker's history, which must not be there yet. */
export async function podHistories({ directory, workers, historyOf }: { directory: string; workers: readonly string[]; historyOf: (worker: string) => string }): Promise<PodHistory[]> {
  const logs = logsIn(directory, workers)
  const taken = workers.filter((worker) => existsSync(historyOf(worker)))
  if (taken.length > 0) {
    throw new InputError([{ code: 'POD_TWICE', what: `the run has histories of ${taken.join(', ')} already`, where: historyOf(taken[0]!), mend: 'judge it without --pods, or take the folder as it was written' }])
  }
  const exits = exitsIn(join(directory, 'pods.json'))
  return Promise.all(logs.map(async ({ pod, worker, file }) => {
    const { lines, ...seen } = await takeLog(file, historyOf(worker))
    return { worker, pod, lines, end: { exitCode: exits.get(pod) ?? null, signal: null, ...seen } }
  }))
}

function logsIn(directory: string, workers: readonly string[]): { pod: string; worker: string; file: string }[] {
  const problems: Problem[] = []
  const names = existsSync(directory) ? readdirSync(directory).filter((name) => name.endsWith('.log')).toSorted() : []
  if (names.length === 0) problems.push({ code: 'POD_LOGS_MISSING', what: `"${directory}" holds no .log file`, where: '--pods', mend: 'write each pod\'s log to <pod>.log there' })
  const logs = names.map((name) => ({ pod: name.slice(0, -'.log'.length), file: join(directory, name), worker: workerNameOf({ HOSTNAME: name.slice(0, -'.log'.length) }) }))
  for (const { pod, worker, file } of logs) {
    if (worker === undefined || !workers.includes(worker)) problems.push({ code: 'POD_UNKNOWN', what: `"${pod}" is no runner of this plan`, where: file, mend: `name the file as its pod is named: <test run>-<1 to ${workers.length}>-<letters>.log` })
    else if (logs.find((other) => other.worker === worker)!.pod !== pod) problems.push({ code: 'POD_TWICE', what: `"${pod}" would be worker ${worker}, which another log is already`, where: file, mend: 'keep the logs of one run only' })
  }
  if (problems.length > 0) throw new InputError(problems)
  return logs.map(({ pod, file, worker }) => ({ pod, file, worker: worker! }))
}

const Pods = z.object({ items: z.array(z.object({
  metadata: z.object({ name: z.string() }),
  status: z.object({ containerStatuses: z.array(z.object({ state: z.object({ terminated: z.object({ exitCode: z.int() }).optional() }).optional() })).default([]) }).optional(),
})) })

/** Exit codes of k6 by pod; empty where the file is not there. */
function exitsIn(file: string): Map<string, number> {
  if (!existsSync(file)) return new Map()
  let parsed
  try { parsed = Pods.parse(JSON.parse(readFileSync(file, 'utf8'))) } catch (error) {
    throw new InputError([{ code: 'VALUE_INVALID', what: `it is no list of pods: ${String((error as Error).message).split('\n')[0]}`, where: file, mend: 'write it with kubectl get pods -o json' }])
  }
  return new Map(parsed.items.flatMap(({ metadata, status }) => {
    const codes = (status?.containerStatuses ?? []).flatMap(({ state }) => (state?.terminated ? [state.terminated.exitCode] : []))
    return codes.length > 0 ? [[metadata.name, Math.max(...codes)] as const] : []
  }))
}

async function takeLog(file: string, history: string): Promise<Pick<K6End, 'stderrTail' | 'failedWrites' | 'summary'> & { lines: number }> {
  mkdirSync(dirname(history), { recursive: true })
  const descriptor = openSync(history, 'wx')
  let lines = 0
  let failedWrites = 0
  let stderrTail = ''
  let summary: K6End['summary'] = null
  try {
    for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
      const json = line.slice(Math.max(0, line.indexOf('{')))
      if (json.startsWith('{"v":1,"op":')) {
        // A torn line is kept as it is: the judge says that it is torn.
        writeSync(descriptor, `${json}\n`)
        lines += 1
        continue
      }
      const counters = json.startsWith('{"v":1,"iterations":') ? K6Summary.safeParse(parsedOrNull(json)) : undefined
      if (counters?.success) summary = counters.data
      else {
        failedWrites += line.split(FAILED_WRITE).length - 1
        stderrTail = `${stderrTail}${line}\n`.slice(-TAIL_CHARACTERS)
      }
    }
  } finally { closeSync(descriptor) }
  return { lines, failedWrites, stderrTail, summary }
}

function parsedOrNull(text: string): unknown { try { return JSON.parse(text) } catch { return null } }
