/**
 * What the flows cost the generator: requests a CPU second of k6 playing citizens, officers and desks, against bare k6 sending the same requests to
 * a server that gives the same answers, from as many virtual users at the same pace. Bare once as k6 comes, and once with all that we set in k6 (tags,
 * statistics, garbage collector, timers, cores), which leaves only what the flows themselves cost. All in turn, round by round (`contracts/in-turn.ts`), with bare k6 in each round twice:
 * what the two differ by is what the measuring itself is worth (`noise`). Out: CPU ms per 1,000 requests, and bare ÷ flows, medians over the rounds.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Options } from 'k6/options'
import { median, measuredInTurn, type Round } from '../contracts/in-turn.ts'
import { parseOp } from '../contracts/op.ts'
import type { Plan } from '../contracts/plan.ts'
import type { Target } from '../contracts/target.ts'
import { iterationsAmong } from './cast/fate.ts'
import { k6Options } from './k6-options.ts'
import { loadPlanOf } from './load-plan.ts'
import { countryPlan } from './playground/country.ts'
import { measureK6 } from './playground/measure.ts'
import { paceOf } from './pace.ts'
import { createStreet, type Answerer, type Seen } from './playground/serve.ts'
import { TARGET } from './playground/plan.ts'
import { playSystems } from './playground/systems.ts'

/** As many requests a second, by their plans, as six times the national peak. */
const CITIZENS = 1_250
const DURATION_MS = 30_000
const VUS = 120
const SEED = 7
const ROUNDS = 4

/** `ratio`: to k6 as it comes, by round in `ratios`; `ratioAsSet`: to k6 with our settings. */
export type FlowsCost = { requests: number; cpuMsPer1000Flows: number; cpuMsPer1000Bare: number; cpuMsPer1000BareAsSet: number; ratio: number; ratioAsSet: number; noise: number; ratios: number[] }
type Settings = 'k6' | 'ours'
type Sent = { server: string; method: string; path: string; cookie: string; headers: Record<string, string>; body: string | null; status: number; answerHeaders: Record<string, string>; text: string }

export async function benchFlows(k6Path: string): Promise<FlowsCost> {
  // Says what is to be sent, and warms up.
  const { sent } = await playFlows(k6Path)
  const bare = async () => per1000(await playBare(k6Path, sent, 'k6'))
  const rounds = await measuredInTurn({
    flows: async () => per1000(await playFlows(k6Path)), bare, bareAgain: bare, asSet: async () => per1000(await playBare(k6Path, sent, 'ours')),
  }, ROUNDS, (done) => { console.error(`bench: flows: round ${done} of ${ROUNDS}`) })
  return { requests: sent.length, ...flowsFiguresOf(rounds) }
}

export function flowsFiguresOf(rounds: readonly Round[]): Omit<FlowsCost, 'requests'> {
  const bare = (costs: Round) => (costs['bare']! + costs['bareAgain']!) / 2
  const mid = (of: (costs: Round) => number) => rounded(median(rounds.map(of)))
  const noise = mid((costs) => costs['bare']! / costs['bareAgain']!)
  return {
    cpuMsPer1000Flows: mid((costs) => costs['flows']!), cpuMsPer1000Bare: mid(bare), cpuMsPer1000BareAsSet: mid((costs) => costs['asSet']!),
    ratio: mid((costs) => bare(costs) / costs['flows']!), ratioAsSet: mid((costs) => costs['asSet']! / costs['flows']!), noise: rounded(Math.max(noise, 1 / noise)),
    ratios: rounds.map((costs) => rounded(bare(costs) / costs['flows']!)),
  }
}

function rounded(value: number): number { return Number(value.toFixed(3)) }

type Played = { cpuMs: number; requests: number }
function per1000({ cpuMs, requests }: Played): number { return cpuMs / requests * 1_000 }

/** Citizens, those who receive what they submit, and desks. */
function planOf(target: Target): Plan {
  const plan = countryPlan(target, { seed: SEED })
  const citizens = { ...plan.scenarios[0]!, count: CITIZENS }
  const received = plan.scenarios.find(({ name }) => name === 'received')!
  const wave = plan.scenarios.find(({ name }) => name === 'sync-w1')!
  const sized = { durationMs: DURATION_MS, preAllocatedVUs: VUS, maxVUs: VUS }
  return { ...plan, scenarios: [
    { ...citizens, ...sized }, { ...received, ...sized, startMs: 1_000, count: iterationsAmong(SEED, citizens, 'received').length },
    { ...wave, ...sized, count: CITIZENS, partners: [{ ...wave.partners![0]!, count: CITIZENS }] },
  ] }
}

async function playFlows(k6Path: string): Promise<Played & { sent: Sent[] }> {
  const sent: Sent[] = []
  const systems = await playSystems({ disturb: (seen, response) => { if (seen.op !== '') note(seen, response, sent); return false } })
  try {
    const plan = planOf(systems.target)
    const { cpuMs } = await measureK6(plan, { k6Path, pace: paceOf(plan.scenarios) })
    return { cpuMs, requests: sent.length, sent }
  } finally { await systems.close() }
}

/** What was asked and answered, for the bare side to ask and be answered the same. */
function note(seen: Seen, response: ServerResponse, sent: Sent[]): void {
  const one: Sent = {
    // Connections are kept by server, apart for those who resolve anew.
    server: `${seen.connection === 'close' ? 'close' : 'keep'}.${seen.port}.test`, method: seen.method, path: seen.path, body: Object.keys(seen.body).length > 0 ? JSON.stringify(seen.body) : null,
    // Cookies are left to k6's jar, as scripts do.
    cookie: seen.cookie,
    headers: {
      'x-op': seen.op, 'Idempotency-Key': seen.op, ...(seen.host.includes('portal') && { Host: seen.host }),
      ...(seen.token && { Authorization: `Bearer ${seen.token}` }), ...(seen.connection === 'close' && { Connection: 'close' }), ...(Object.keys(seen.body).length > 0 && { 'Content-Type': 'application/json' }),
    },
    status: 200, answerHeaders: {}, text: '',
  }
  sent.push(one)
  const { writeHead, end } = response
  response.writeHead = ((status: number, headers: Record<string, string>) => { Object.assign(one, { status, answerHeaders: { ...response.getHeaders(), ...headers } }); return writeHead.call(response, status, headers) }) as typeof response.writeHead
  response.end = ((text: string) => { one.text = text; return end.call(response, text, 'utf8') }) as typeof response.end
}

async function playBare(k6Path: string, sent: readonly Sent[], settings: Settings): Promise<Played> {
  const directory = await mkdtemp(join(tmpdir(), 'bare-'))
  let requests = 0
  let otherwise = 0
  const street = createStreet({ disturb: () => false })
  const answer: Answerer = (seen, response) => {
    const { status, answerHeaders, text, cookie } = sent[Number(seen.op)]!
    requests += 1
    if (cookie !== seen.cookie) otherwise += 1
    response.writeHead(status, answerHeaders)
    response.end(text)
  }
  const servers = new Map<string, string>()
  for (const { server } of sent) if (!servers.has(server)) servers.set(server, new URL(await street.listen(answer)).host)
  try {
    // One iteration sends what one iteration of the flows sent.
    const asked = sent.map(({ server, method, path, headers, body }, at) => ({ method, url: `http://${server}:${servers.get(server)!.split(':')[1]}${path}`, body, headers: { ...headers, 'x-op': String(at) } }))
    const iterations = Object.groupBy(asked, (_, at) => iterationOf(sent[at]!.headers['x-op']!))
    const plan = planOf(TARGET)
    const script = join(directory, 'bare.js')
    await writeFile(join(directory, 'requests.json'), JSON.stringify(plan.scenarios.map(({ name, count }) => Array.from({ length: count }, (_, at) => [JSON.stringify(iterations[`${name}.${at}`] ?? [])]))))
    await writeFile(script, bareScript(plan, Object.fromEntries([...servers.keys()].map((name) => [name, '127.0.0.1'])), join(directory, 'requests.json'), settings))
    const { cpuMs } = await measureK6(plan, { k6Path, script, ...(settings === 'k6' ? { environment: AS_IT_COMES } : { pace: paceOf(plan.scenarios) }) })
    if (requests !== sent.length || otherwise > 0) throw new Error(`bare k6 sent ${requests} requests, the flows ${sent.length}; ${otherwise} with other cookies: nothing to compare`)
    return { cpuMs, requests }
  } finally {
    await street.close()
    await rm(directory, { recursive: true })
  }
}

function iterationOf(op: string): string {
  const { scenario, iteration } = parseOp(op)!
  return `${scenario}.${iteration}`
}

/** What Go and Linux take where nothing is set. */
const AS_IT_COMES = { GOGC: '100', GOMEMLIMIT: 'off', GOMAXPROCS: '', TIMER_SLACK_NS: '0' }

/** Needed for the comparison at all: pace, virtual users and so connections, where the servers are. A name for all addresses, as k6's manual advises. */
function optionsOf(plan: Plan, hosts: Record<string, string>, settings: Settings): Options {
  const options = k6Options(loadPlanOf(plan))
  const { scenarios, setupTimeout, batch, batchPerHost, maxRedirects } = options
  return settings === 'ours' ? { ...options, hosts } : { scenarios, setupTimeout, batch, batchPerHost, maxRedirects, hosts } as Options
}

/** The same scenarios. Each iteration's requests are a text in an array, because a shared array freezes what it hands out, object by object and a text by its characters. */
function bareScript(plan: Plan, hosts: Record<string, string>, file: string, settings: Settings): string {
  return `import http from 'k6/http'
import { SharedArray } from 'k6/data'
import exec from 'k6/execution'
const names = ${JSON.stringify(plan.scenarios.map(({ name }) => name))}
const iterations = names.map((name, at) => new SharedArray(name, () => JSON.parse(open(${JSON.stringify(file)}))[at]))
export const options = ${JSON.stringify(optionsOf(plan, hosts, settings))}
export function setup() { http.get(__ENV.READY_URL) }
export function play() {
  const { name, iterationInTest } = exec.scenario
  const asked = iterations[names.indexOf(name)]
  if (iterationInTest >= asked.length) return
  for (const { method, url, headers, body } of JSON.parse(asked[iterationInTest][0])) {
    http.request(method, url, body, { headers, timeout: 10000${settings === 'k6' ? ", tags: { name: 'bare' }" : ''} })
  }
}
export function handleSummary() {
  return { [__ENV.SUMMARY_FILE]: JSON.stringify({ v: 1, iterations: 0, surplus_iterations: 0, dropped_iterations: 0, history_lines: 0, http_reqs: 0, vus_max: 0 }) }
}
`
}
