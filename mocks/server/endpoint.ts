/**
 * One partner's routes bound to its state: takes a request free of any transport, gives the answer or the wish to break the connection.
 * The fast server and the msw handlers both go through it, so they cannot differ in what they do, only in how they carry it.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { z } from 'zod'
import type { Behaviour } from '../../contracts/api/admin.ts'
import { createBehaviours } from './behaviours.ts'
import { refusal, type Answer, type Call, type Route } from './route.ts'

export type RawRequest = {
  method: string
  path: string
  /** Without `?`. */
  query: string
  body: string
  header: (name: string) => string | undefined
}

/** The connection is to be reset, without an answer. */
export const RESET = Symbol('reset')
export type Reply = Answer | typeof RESET

export type Endpoint = {
  routes: readonly Pick<Route<never>, 'name' | 'method' | 'path' | 'request' | 'answers'>[]
  reply: (request: RawRequest) => Promise<Reply>
  behave: (behaviours: readonly Behaviour[]) => void
  /** Requests answered by a route since the start. */
  served: () => number
}

export function createEndpoint<State>(routes: readonly Route<State>[], state: State): Endpoint {
  const byMethodAndPath = new Map(routes.map((route) => [`${route.method} ${route.path}`, route]))
  const paths = new Set(routes.map((route) => route.path))
  const behaviours = createBehaviours(new Set(routes.map((route) => route.name)))
  let served = 0

  async function reply(request: RawRequest): Promise<Reply> {
    const route = byMethodAndPath.get(`${request.method} ${request.path}`)
    if (!route) {
      return paths.has(request.path)
        ? refusal(405, 'METHOD_NOT_ALLOWED', `${request.method} is not offered at ${request.path}`)
        : refusal(404, 'ROUTE_UNKNOWN', `nothing is offered at ${request.path}`)
    }
    served += 1
    const input = parse(route, request)
    const behaviour = behaviours.pick(route.name, input.success ? subjectOf(route, input.data) : '')
    if (!behaviour) return input.success ? route.resolve(state, input.data, { header: request.header, delayMs: 0 }) : refuse(route, input.error)
    return misbehave(behaviour, () => input.success
      ? route.resolve(state, input.data, { header: request.header, delayMs: behaviour.delayMs ?? 0 } satisfies Call)
      : refuse(route, input.error))
  }

  return { routes, reply, behave: (list) => behaviours.set(list), served: () => served }
}

/** A late answer is late after the work: the partner has done it, the caller may have given up. A replaced status means that nothing was done. */
async function misbehave(behaviour: Behaviour, work: () => Answer | Promise<Answer>): Promise<Reply> {
  const doesWork = behaviour.reset !== 'before' && behaviour.status === undefined
  const answer = doesWork ? await work() : undefined
  if (behaviour.delayMs) await sleep(behaviour.delayMs, undefined, { ref: false })
  if (behaviour.reset) return RESET
  return answer ?? refusal(behaviour.status!, 'SIMULATED_FAILURE', `simulated: status ${behaviour.status}`)
}

type Parsed = { success: true; data: unknown } | { success: false; error: string }

function parse(route: Route<never>, request: RawRequest): Parsed {
  let value: unknown
  if (route.takes === 'json') {
    try { value = JSON.parse(request.body) } catch { return { success: false, error: 'the body is not JSON' } }
  } else {
    value = Object.fromEntries(new URLSearchParams(route.takes === 'query' ? request.query : request.body))
  }
  const parsed = (route.request as z.ZodType).safeParse(value)
  if (parsed.success) return { success: true, data: parsed.data }
  return { success: false, error: parsed.error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`).join('; ') }
}

function refuse(route: Route<never>, message: string): Answer {
  return route.refuse ? route.refuse(message) : refusal(400, 'REQUEST_INVALID', message)
}

function subjectOf(route: Route<never>, input: unknown): string {
  if (route.subject) return route.subject(input)
  return (input as { reference?: string }).reference ?? ''
}
