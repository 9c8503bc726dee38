/**
 * One partner's routes bound to its state: takes a request free of any transport, gives the answer or the wish to break the connection.
 * The fast server and the msw handlers both go through it, so they cannot differ in what they do, only in how they carry it.
 */
import type { z } from 'zod'
import type { Behaviour } from '../../contracts/api/admin.ts'
import type { Behaviours, Fields } from '../behaviour/behaviours.ts'
import { plainConduct, type Conduct } from '../behaviour/conduct.ts'
import { misbehave, RESET } from '../behaviour/misbehave.ts'
import { noteIn } from '../journal/note.ts'
import { refusal, type Answer, type Route } from './route.ts'

export type RawRequest = {
  method: string
  path: string
  /** Without `?`. */
  query: string
  body: string
  header: (name: string) => string | undefined
}

export { RESET }
export type Reply = Answer | typeof RESET

export type Endpoint = {
  routes: readonly Pick<Route<never>, 'name' | 'method' | 'path' | 'request' | 'answers'>[]
  reply: (request: RawRequest) => Promise<Reply>
  behave: (behaviours: readonly Behaviour[]) => void
  behaviours?: Behaviours
  /** Requests answered by a route since the start. */
  served: () => number
}

/** `conduct`: how the partner behaves and its journal; one of its own where nothing else shares it. */
export function createEndpoint<State>(routes: readonly Route<State>[], state: State, conduct: Conduct = plainConduct(routes)): Endpoint {
  const byMethodAndPath = new Map(routes.map((route) => [`${route.method} ${route.path}`, route]))
  const paths = new Set(routes.map((route) => route.path))
  const { behaviours, journal } = conduct
  let served = 0

  async function reply(request: RawRequest): Promise<Reply> {
    const route = byMethodAndPath.get(`${request.method} ${request.path}`)
    if (!route) {
      const answer = paths.has(request.path)
        ? refusal(405, 'METHOD_NOT_ALLOWED', `${request.method} is not offered at ${request.path}`)
        : refusal(404, 'ROUTE_UNKNOWN', `nothing is offered at ${request.path}`)
      if (journal) noteIn(journal, request, { operation: null, subject: '', reply: answer })
      return answer
    }
    served += 1
    const input = parse(route, request)
    const subject = input.success ? subjectOf(route, input.data) : ''
    const misbehaviour = behaviours.pick(route.name, subject, input.success ? input.data as Fields : undefined, request.header)
    const work = () => input.success ? route.resolve(state, input.data, { header: request.header, delayMs: misbehaviour?.delayMs ?? 0 }) : refuse(route, input.error)
    const given = misbehaviour ? misbehave(misbehaviour, work, conduct.wait) : work()
    if (!journal) return given
    const reply = await given
    noteIn(journal, request, { operation: route.name, subject, reply, ...(misbehaviour && { behaviour: misbehaviour.why }), ...(!input.success && { problem: input.error }) })
    return reply
  }

  return { routes, reply, behave: (list) => behaviours.set(list), behaviours, served: () => served }
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
