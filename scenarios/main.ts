/**
 * The entry of k6 (bundled by `bundle.ts`). Environment: PLAN_FILE (plan.json), WORKER (name of the history file; in a pod its name says it), READY_URL
 * (answers when the run may begin; without it k6 begins by itself), CREDENTIALS and PSEUDONYM_KEY (`k6/confidential.ts`), SUMMARY_FILE (k6's counters; `stdout`), HISTORY (`off`: no lines). Out: history lines
 * on the console output, counters at the end.
 */
import exec from 'k6/execution'
import http from 'k6/http'
import { Counter } from 'k6/metrics'
import { actsOf } from './cast/citizen.ts'
import { flowOf } from './flows/index.ts'
import { credentialsOf, hidingOf } from './k6/confidential.ts'
import { openLoad } from './k6/load.ts'
import { openStage } from './k6/journey.ts'
import { k6Options } from './k6-options.ts'
import { scenarioOf, type LoadScenario } from './load-plan.ts'
import { workerNameOf } from './worker-name.ts'
import { playsIteration } from './worker-part.ts'

const { load, whole, assignments, among, notes } = openLoad(required('PLAN_FILE'))
const worker = workerNameOf(__ENV)
const part = load.workerParts?.[worker ?? '']
const historyLines = new Counter('history_lines')
const surplusIterations = new Counter('surplus_iterations')
const startJourney = openStage({ load, worker: worker ?? '', assignments, among, notes, credentials: credentialsOf(__ENV), hide: hidingOf(__ENV), record: __ENV['HISTORY'] === 'off' ? undefined : record })

/** k6 reads them in the first runtime only. */
export const options = whole ? k6Options(whole, part) : {}

/** Virtual users are allocated before `setup`: the request says that k6 stands ready, its answer lets the run begin. */
export function setup(): void {
  // Nobody could tell whose lines they are.
  if (worker === undefined) exec.test.abort('neither WORKER nor the name of a pod says which worker this is')
  if (load.workerParts && part === undefined) exec.test.abort(`the plan says no part for worker "${worker}"`)
  const readyUrl = __ENV['READY_URL']
  if (!readyUrl) return
  const response = http.get(readyUrl, { timeout: '29m' })
  if (response.status !== 200) exec.test.abort(`the harness did not let the run begin: ${response.status} ${response.error}`)
}

let current: typeof exec.scenario | undefined
/** Mostly the one of before. */
let played: { name: string; scenario: LoadScenario; start: number } | undefined

export function play(): void {
  // Each access to `exec.scenario` builds it anew; one that was built tells of whatever the virtual user plays.
  current ??= exec.scenario
  const iteration = current.iterationInTest
  const { name } = current
  if (name !== played?.name) played = { name, scenario: scenarioOf(load, name), start: current.startTime }
  const { scenario, start } = played
  if (iteration >= scenario.count) {
    surplusIterations.add(1)
    return
  }
  if (!playsIteration(load, part, scenario, iteration, among)) return
  const journey = startJourney(scenario, iteration, start)
  const acts = scenario.actor === 'citizen' ? journey.citizen.acts : actsOf(load, scenario, iteration)
  for (let at = 0; at < acts.length; at += 1) if (!flowOf(acts[at]!).run(journey)) return
}

/** Taken once: k6's engine goes a long way to a global, and binds a method of Go's anew each time that it is asked for. Not before the first line: a virtual user gets its console when its script has run. */
let log: typeof console.log | undefined
const count = historyLines.add

function record(line: string): void {
  log ??= console.log
  log(line)
  count(1)
}

type Summary = { metrics: Record<string, { values: Record<string, number> } | undefined> }

export function handleSummary(data: Summary): Record<string, string> {
  const value = (metric: string, of: string) => data.metrics[metric]?.values[of] ?? 0
  return {
    [required('SUMMARY_FILE')]: `${JSON.stringify({
      v: 1, iterations: value('iterations', 'count'), surplus_iterations: value('surplus_iterations', 'count'),
      dropped_iterations: value('dropped_iterations', 'count'), history_lines: value('history_lines', 'count'),
      http_reqs: value('http_reqs', 'count'), vus_max: value('vus_max', 'max'),
    })}\n`,
  }
}

function required(name: string): string {
  const value = __ENV[name]
  if (!value) throw new Error(`environment variable ${name} is missing`)
  return value
}
