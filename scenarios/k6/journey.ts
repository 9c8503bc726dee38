/**
 * A journey in k6: carries the flows' requests and writes one history line for each step, also when the step throws. `intendedAt` of the first
 * step is scenario start + i/rate; a later step was intended as much later as the citizen really took to come to it, so that the difference
 * between intended and invoked is the generator's lateness in every line.
 */
import { sha256 } from 'k6/crypto'
import { sleep } from 'k6'
import { deriveOp, deriveTrace } from '../../contracts/op.ts'
import type { OperationLine } from '../../contracts/operation.ts'
import type { Conclusion } from '../answer.ts'
import { citizenOf, type Citizen } from '../cast/citizen.ts'
import { deskPushOf, type Assignments, type DeskPush, type Notes } from '../cast/desk.ts'
import type { Flow, FlowStep, Journey, Method } from '../flows/flow.ts'
import type { LoadPlan, LoadScenario } from '../load-plan.ts'
import { urlParts } from '../url-parts.ts'
import { exchange } from './exchange.ts'

export type JourneyContext = {
  load: LoadPlan; scenario: LoadScenario; iteration: number; worker: string
  /** Epoch ms at which k6 began the scenario. */
  scenarioStart: number
  assignments: Assignments; notes: Notes
  record: (line: OperationLine) => void
}

export function startJourney(context: JourneyContext): Journey {
  const { load, scenario, iteration } = context
  const intendedAt = context.scenarioStart + iteration * scenario.durationMs / scenario.count
  let firstInvokedAt: number | undefined
  const trace = deriveTrace(scenario.name, iteration)
  const cookies: Record<string, string> = {}
  let stepName = ''

  const cast: { citizen?: Citizen; push?: DeskPush } = scenario.actor === 'partner'
    ? { push: deskPushOf(load, scenario, iteration, context.assignments, context.notes) }
    : { citizen: citizenOf(load, scenario, iteration) }
  const { region, cohort } = cast.citizen ?? { region: cast.push!.region, cohort: 'partner' }

  const send = (op: string, method: Method, url: string, body?: object) =>
    exchange(method, url, { name: stepName, headers: { 'x-op': op, 'Idempotency-Key': op }, body })

  const journey: Journey = {
    get citizen() { return present(cast.citizen, 'citizen', scenario.name) },
    get push() { return present(cast.push, 'push', scenario.name) },
    learnt: {},
    front(op, method, path, body) {
      const { citizen } = journey
      const jar = Object.entries(cookies).map(([name, value]) => `${name}=${value}`).join('; ')
      const answer = exchange(method, `${load.gateways[citizen.region]![citizen.cohort]}${path}`, {
        name: stepName, body, cookies,
        headers: {
          'x-op': op, 'Idempotency-Key': op, 'Host': load.portalHost, ...(jar && { Cookie: jar }), ...(citizen.cohort === 'reresolve' && { Connection: 'close' }),
        },
      })
      // Where no answer came, the gateway is the last that was reached.
      return answer.status === 0 ? { ...answer, servedBy: `gateway-${citizen.region}` } : answer
    },
    system(op, id, method, path, body) {
      const url = load.systems[id]
      if (url === undefined) throw new Error(`the target has no address for system "${id}"`)
      return send(op, method, `${url}${path}`, body)
    },
    follow(op, link) {
      if (link.startsWith('/')) return journey.front(op, 'GET', link)
      const parts = urlParts(link)
      if (parts?.host === load.portalHost) return journey.front(op, 'GET', parts.path)
      const known = parts && Object.values(load.systems).some((url) => urlParts(url)?.host === parts.host)
      if (!known) throw new Error(`REDIRECT_OUTSIDE_TARGET: "${link}" is no address of the target`)
      return send(op, 'GET', link)
    },
    hasCookie: (name) => cookies[name] !== undefined,
    pause: (ms) => sleep(ms / 1_000),
    perform(flow: Flow, step: FlowStep, act) {
      const op = deriveOp((text) => sha256(text, 'hex'), load.seed, scenario.name, iteration, step.step)
      stepName = step.step
      const invokedAt = Date.now()
      firstInvokedAt ??= invokedAt
      let conclusion: Conclusion = { outcome: 'info', system: 'unknown', error: 'no conclusion' }
      try {
        conclusion = act(op)
        return conclusion
      } catch (error) {
        conclusion = { outcome: 'info', system: 'unknown', error: String((error as Error)?.message ?? error) }
        throw error
      } finally {
        const { outcome, system, ...rest } = conclusion
        context.record({
          v: 1, op, attempt: 1, trace, kind: step.kind, flow: flow.id, step: step.step, actor: scenario.actor, region, worker: context.worker, cohort,
          phase: scenario.phase, intendedAt: Math.round(intendedAt + (invokedAt - firstInvokedAt)), invokedAt, completedAt: Date.now(), outcome, system, ...rest,
        })
      }
    },
  }
  return journey
}

function present<T>(value: T | undefined, what: string, scenario: string): T {
  if (value === undefined) throw new Error(`scenario "${scenario}" has no ${what}`)
  return value
}
