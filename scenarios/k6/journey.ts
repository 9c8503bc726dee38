/**
 * A journey in k6: carries the acts' requests and writes one history line for each step, also when the step throws. `intendedAt` of the first
 * step is scenario start + the iteration's place in the rate; a later step was intended as much later as the citizen really took to come to it, so that the difference
 * between intended and invoked is the generator's lateness in every line. A follow-up's lines carry the trace of the iteration that made the dossier.
 */
import { sha256 } from 'k6/crypto'
import { sleep } from 'k6'
import { deriveOp, deriveTrace } from '../../contracts/op.ts'
import type { OperationLine } from '../../contracts/operation.ts'
import type { Conclusion } from '../answer.ts'
import { intendedAtMs } from '../arrival.ts'
import { citizenOf, type Citizen } from '../cast/citizen.ts'
import { deskPushOf, type Assignments, type DeskPush } from '../cast/desk.ts'
import type { Notes } from '../cast/notes.ts'
import { officerOf, type Officer, type OpOf } from '../cast/officer.ts'
import { originOf, type Among } from '../cast/origin.ts'
import type { Flow, FlowStep, Journey, Method } from '../flows/flow.ts'
import { mainFlowOf } from '../flows/index.ts'
import type { LoadPlan, LoadScenario } from '../load-plan.ts'
import { urlParts } from '../url-parts.ts'
import { createCookies } from './cookies.ts'
import { exchange } from './exchange.ts'

export type JourneyContext = {
  load: LoadPlan; scenario: LoadScenario; iteration: number; worker: string
  /** Epoch ms at which k6 began the scenario. */
  scenarioStart: number
  assignments: Assignments; among: Among; notes: Notes
  record: (line: OperationLine) => void
}

type Cast = { citizen?: Citizen; push?: DeskPush; officer?: Officer }

export function startJourney(context: JourneyContext): Journey {
  const { load, scenario, iteration } = context
  const intendedAt = context.scenarioStart + intendedAtMs(scenario, iteration)
  let firstInvokedAt: number | undefined
  let invokedAt = 0
  let stepName = ''
  const cookies = createCookies()
  const opOf: OpOf = (of, at, step) => deriveOp((text) => sha256(text, 'hex'), load.seed, of, at, step)
  const origin = originOf(load, scenario, iteration, context.among)
  const trace = deriveTrace(origin.scenario.name, origin.iteration)
  const cast = castOf(context, opOf)
  const { region, cohort } = cast.citizen ?? { region: (cast.push ?? cast.officer!).region, cohort: scenario.actor }

  const send = (op: string, method: Method, url: string, body?: object, token?: string) => {
    const headers: Record<string, string> = { 'x-op': op, 'Idempotency-Key': op }
    if (token !== undefined) headers['Authorization'] = `Bearer ${token}`
    return exchange(method, url, { name: stepName, body, headers })
  }
  const begin = () => {
    invokedAt = Date.now()
    firstInvokedAt ??= invokedAt
  }

  const journey: Journey = {
    get citizen() { return present(cast.citizen, 'citizen', scenario.name) },
    get push() { return present(cast.push, 'push', scenario.name) },
    get officer() { return present(cast.officer, 'officer', scenario.name) },
    learnt: {},
    front(op, method, path, body) {
      const citizen = present(cast.citizen, 'citizen', scenario.name)
      const headers: Record<string, string> = { 'x-op': op, 'Idempotency-Key': op, 'Host': load.portalHost }
      if (cookies.header() !== '') headers['Cookie'] = cookies.header()
      if (citizen.cohort === 'reresolve') headers['Connection'] = 'close'
      const answer = exchange(method, `${load.gateways[citizen.region]![citizen.cohort]}${path}`, { name: stepName, body, cookies, headers })
      // Where no answer came, the gateway is the last that was reached.
      return answer.status === 0 ? { ...answer, servedBy: `gateway-${citizen.region}` } : answer
    },
    system(op, id, method, path, body) {
      const url = load.systems[id]
      if (url === undefined) throw new Error(`the target has no address for system "${id}"`)
      return send(op, method, `${url}${path}`, body, journey.learnt.staff?.token)
    },
    follow(op, link, body) {
      const method = body === undefined ? 'GET' : 'POST'
      if (link.startsWith('/')) return journey.front(op, method, link, body)
      const parts = urlParts(link)
      if (parts?.host === load.portalHost) return journey.front(op, method, parts.path, body)
      const known = parts && Object.values(load.systems).some((url) => urlParts(url)?.host === parts.host)
      if (!known) throw new Error(`REDIRECT_OUTSIDE_TARGET: "${link}" is no address of the target`)
      return send(op, method, link, body)
    },
    hasCookie: cookies.has,
    pause: (ms) => sleep(ms / 1_000),
    standBy(ms) {
      journey.pause(ms)
      begin()
    },
    perform<T extends Conclusion | undefined>(flow: Flow, step: FlowStep, act: (op: string) => T): T {
      const op = opOf(scenario.name, iteration, step.step)
      stepName = step.step
      begin()
      let conclusion: Conclusion | undefined = { outcome: 'info', system: 'unknown', error: 'no conclusion' }
      try {
        const concluded = act(op)
        conclusion = concluded
        return concluded
      } catch (error) {
        conclusion = { outcome: 'info', system: 'unknown', error: String((error as Error)?.message ?? error) }
        throw error
      } finally {
        if (conclusion) {
          context.record(Object.assign({
            v: 1 as const, op, attempt: 1, trace, kind: step.kind, flow: mainFlowOf(flow), step: step.step, actor: scenario.actor, region, worker: context.worker, cohort,
            phase: scenario.phase, intendedAt: Math.round(intendedAt + (invokedAt - firstInvokedAt!)), invokedAt, completedAt: Date.now(),
          }, conclusion))
        }
      }
    },
  }
  return journey
}

function castOf({ load, scenario, iteration, assignments, among, notes }: JourneyContext, opOf: OpOf): Cast {
  switch (scenario.actor) {
    case 'partner': return { push: deskPushOf(load, scenario, iteration, { assignments, notes, among, opOf }) }
    case 'staff': return { officer: officerOf(load, scenario, iteration, among, opOf) }
    default: return { citizen: citizenOf(load, scenario, iteration, among) }
  }
}

function present<T>(value: T | undefined, what: string, scenario: string): T {
  if (value === undefined) throw new Error(`scenario "${scenario}" has no ${what}`)
  return value
}
