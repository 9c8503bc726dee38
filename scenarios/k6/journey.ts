/**
 * A journey in k6: carries the acts' requests and writes one history line for each step, also when the step throws. `intendedAt` of the first
 * step is scenario start + the iteration's place in the rate; a later step was intended as much later as the citizen really took to come to it, so that the difference
 * between intended and invoked is the generator's lateness in every line. A follow-up's lines carry the trace of the iteration that made the dossier.
 */
import { sha256 } from 'k6/crypto'
import { sleep } from 'k6'
import { deriveOp, deriveTrace } from '../../contracts/op.ts'
import type { Conclusion } from '../answer.ts'
import { intendedAtMs } from '../arrival.ts'
import { citizenOf, type Citizen } from '../cast/citizen.ts'
import { deskPushOf, type Assignments, type DeskPush } from '../cast/desk.ts'
import type { Notes } from '../cast/notes.ts'
import { officerOf, type Officer, type OpOf } from '../cast/officer.ts'
import { originOf, type Among } from '../cast/origin.ts'
import type { Flow, FlowStep, Journey, Method } from '../flows/flow.ts'
import { lastReached } from '../last-reached.ts'
import type { LoadPlan, LoadScenario } from '../load-plan.ts'
import { urlParts, urlReader, type UrlParts } from '../url-parts.ts'
import type { Credentials } from './confidential.ts'
import { createCookies, type Cookies } from './cookies.ts'
import { exchange } from './exchange.ts'
import { lineOf, whoOf, type Common } from './history.ts'

export type Stage = {
  load: LoadPlan; worker: string
  assignments: Assignments; among: Among; notes: Notes
  /** What proves the caller to the systems of a foreign target. */
  credentials?: Credentials | undefined
  /** Puts pseudonyms in the place of people. */
  hide?: ((conclusion: Conclusion) => Conclusion) | undefined
  /** Takes a history line; absent where none are wanted. */
  record?: ((line: string) => void) | undefined
}
/** `scenarioStart`: epoch ms at which k6 began the scenario. */
export type StartJourney = (scenario: LoadScenario, iteration: number, scenarioStart: number) => Journey

type Cast = { citizen?: Citizen; push?: DeskPush; officer?: Officer }
type Played = { -readonly [Key in keyof Journey]: Journey[Key] }

/** For one virtual user, which plays one journey at a time: what is made once is made here, not in every iteration. */
export function openStage(stage: Stage): StartJourney {
  const { load, worker, among, record, credentials = {}, hide } = stage
  const proven = keys(credentials).length > 0
  const proofOf = (id: string, headers: Record<string, string>) => {
    const proof = credentials[id]
    if (proof) for (const name of keys(proof)) headers[name] ??= proof[name]!
    return headers
  }
  const opOf: OpOf = (of, at, step) => deriveOp(sha256Hex, load.seed, of, at, step)
  const systemAt = systemsAt(load)
  const partsOf = urlReader()

  let scenario: LoadScenario
  let iteration: number
  let gateway: string
  const cookies: Cookies = createCookies()
  let common: Common
  /** By region and cohort: the same again and again. */
  let whos: Record<string, string> = {}
  let intendedAt: number
  let firstInvokedAt: number | undefined
  let invokedAt: number

  const send = (op: string, id: string, method: Method, url: string, body?: object, token?: string) => {
    const headers: Record<string, string> = { 'x-op': op, 'Idempotency-Key': op }
    if (token !== undefined) headers['Authorization'] = `Bearer ${token}`
    return exchange(method, url, proven ? proofOf(id, headers) : headers, body)
  }
  const begin = () => {
    invokedAt = now()
    firstInvokedAt ??= invokedAt
  }

  const journey: Played = {
    citizen: undefined as never, push: undefined as never, officer: undefined as never, learnt: {},
    front(op, method, path, body) {
      const headers: Record<string, string> = { 'x-op': op, 'Idempotency-Key': op, 'Host': load.portalHost }
      const cookie = cookies.header()
      if (cookie !== '') headers['Cookie'] = cookie
      if (journey.citizen.cohort === 'reresolve') headers['Connection'] = 'close'
      const answer = exchange(method, gateway + path, proven ? proofOf('portal', headers) : headers, body, cookies)
      if (answer.status === 0) answer.servedBy = lastReached(journey.citizen.region, load, answer)
      return answer
    },
    system(op, id, method, path, body) {
      const url = load.systems[id]
      if (url === undefined) throw new Error(`the target has no address for system "${id}"`)
      return send(op, id, method, url + path, body, journey.learnt.staff?.token)
    },
    follow(op, link, body) {
      const method = body === undefined ? 'GET' : 'POST'
      if (link.startsWith('/')) return journey.front(op, method, link, body)
      const parts = partsOf(link)
      if (parts?.host === load.portalHost) return journey.front(op, method, parts.path, body)
      const id = parts && systemAt(parts)
      if (!parts || id === undefined) throw new Error(`REDIRECT_OUTSIDE_TARGET: "${link}" is no address of the target`)
      return send(op, id, method, link, body)
    },
    hasCookie: (name) => cookies.has(name),
    pause: (ms) => rest(ms / 1_000),
    standBy(ms) {
      journey.pause(ms)
      begin()
    },
    perform<T extends Conclusion | undefined>(flow: Flow, step: FlowStep, act: (op: string) => T): T {
      const op = opOf(scenario.name, iteration, step.step)
      begin()
      let conclusion: Conclusion | undefined = NONE
      try {
        const concluded = act(op)
        conclusion = concluded
        return concluded
      } catch (error) {
        conclusion = { outcome: 'info', system: 'unknown', error: String((error as Error)?.message ?? error) }
        throw error
      } finally {
        if (conclusion && record) record(lineOf(common, op, flow, step, round(intendedAt + (invokedAt - firstInvokedAt!)), invokedAt, now(), hide ? hide(conclusion) : conclusion))
      }
    },
  }

  return (played, at, scenarioStart) => {
    if (played !== scenario) whos = {}
    scenario = played
    iteration = at
    intendedAt = scenarioStart + intendedAtMs(scenario, iteration)
    firstInvokedAt = undefined
    cookies.forget()
    const { citizen, push, officer } = castOf(stage, scenario, iteration, opOf)
    journey.learnt = {}
    // Only the one who plays is there: an act of another's does not get into a plan (`plan-mistakes.ts`).
    journey.citizen = citizen!
    journey.push = push!
    journey.officer = officer!
    const { region } = citizen ?? push ?? officer!
    const cohort = citizen ? citizen.cohort : scenario.actor
    if (citizen) gateway = load.gateways[region]![citizen.cohort]
    const origin = originOf(load, scenario, iteration, among)
    common = { trace: deriveTrace(origin.scenario.name, origin.iteration), who: whos[region + cohort] ??= whoOf({ actor: scenario.actor, region, worker, cohort, phase: scenario.phase }) }
    return journey
  }
}

const NONE: Readonly<Conclusion> = { outcome: 'info', system: 'unknown', error: 'no conclusion' }

/** Looked up once: k6 gathers all that a module of its own exports each time that an imported name is used, and goes a long way to a global. */
const hash = sha256
const rest = sleep
const { now } = Date
const { round } = Math
const { keys } = Object
function sha256Hex(text: string): string { return hash(text, 'hex') }

/** Which system of the target is at an address, by host, and by port where several share one: each virtual user meets few of them, and again and again. */
function systemsAt({ systems }: LoadPlan): (parts: UrlParts) => string | undefined {
  const met = new Map<string, string>()
  return ({ host, port }) => {
    const key = `${host}:${port}`
    const known = met.get(key)
    if (known !== undefined) return known
    const there = keys(systems).filter((id) => urlParts(systems[id]!)?.host === host)
    const id = there.find((one) => urlParts(systems[one]!)?.port === port) ?? there[0]
    if (id !== undefined) met.set(key, id)
    return id
  }
}

function castOf({ load, assignments, among, notes }: Stage, scenario: LoadScenario, iteration: number, opOf: OpOf): Cast {
  switch (scenario.actor) {
    case 'partner': return { push: deskPushOf(load, scenario, iteration, { assignments, notes, among, opOf }) }
    case 'staff': return { officer: officerOf(load, scenario, iteration, among, opOf) }
    default: return { citizen: citizenOf(load, scenario, iteration, among) }
  }
}

