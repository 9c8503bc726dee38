/**
 * One partner's routes bound to its state: takes a request free of any transport, gives the answer or the wish to break the connection.
 * The fast server and the msw handlers both go through it, so they cannot differ in what they do, only in how they carry it and find the place.
 * Where a contract profile is given, requests and answers go over the wire by it; everything inside stays canonical.
 */
import type { Behaviour } from '../../contracts/api/behaviour.ts'
import { createRouter, type Leaf, type Place } from '../../contracts/partner-api/router.ts'
import type { RoleWire } from '../../contracts/partner-api/wire.ts'
import type { Behaviours, Fields } from '../behaviour/behaviours.ts'
import { plainConduct, type Conduct } from '../behaviour/conduct.ts'
import { misbehave, RESET } from '../behaviour/misbehave.ts'
import { noteIn } from '../journal/note.ts'
import { ANSWERS, type Answered } from './answers-channel.ts'
import { readInput, speak, type SpokenRoute } from './spoken-route.ts'
import { refusal, type Answer, type Route } from './route.ts'

export type RawRequest = {
  method: string
  path: string
  /** Without `?`. */
  query: string
  /** Undefined where it is not UTF-8. */
  body: string | undefined
  /** Asked in lower case. */
  header: (name: string) => string | undefined
}

export { RESET }
export type Reply = Answer | typeof RESET

export type Endpoint = {
  /** With methods and paths as they are on the wire. */
  routes: readonly Pick<Route<never>, 'name' | 'method' | 'path' | 'request' | 'answers'>[]
  reply: (request: RawRequest) => Reply | Promise<Reply>
  /** Where something else finds the place: each with its segments (null for a field), and the answer there. */
  places?: readonly { segments: readonly (string | null)[]; reply: (values: readonly string[], request: RawRequest) => Reply | Promise<Reply> }[]
  /** What the transport itself refuses, in the partner's form. */
  refuse?: (status: number, code: string, message: string) => Answer
  wire?: RoleWire | undefined
  behave: (behaviours: readonly Behaviour[]) => void
  behaviours?: Behaviours
  /** Requests answered by a route since the start. */
  served: () => number
}

const NONE: readonly string[] = []

/** `conduct`: how the partner behaves, what it keeps, how it speaks; one of its own where nothing else shares it. */
export function createEndpoint<State>(routes: readonly Route<State>[], state: State, conduct: Conduct = plainConduct(routes)): Endpoint {
  const { behaviours, journal, wire } = conduct
  const spoken = routes.map((route) => speak(route, wire))
  const router = createRouter(spoken)
  let served = 0

  function refuse(status: number, code: string, message: string): Answer {
    return wire ? { status, body: wire.refusal(code, message) } : refusal(status, code, message)
  }

  function reply(request: RawRequest): Reply | Promise<Reply> {
    const literal = router.literal(request.path)
    if (literal) return replyAt(literal, NONE, request)
    const found = router.template(request.path)
    if (found) return replyAt(found.place, found.values, request)
    if (request.method === 'OPTIONS' && request.path === '*') return noted(request, { status: 204, headers: { allow: router.allow } })
    return noted(request, refuse(404, 'ROUTE_UNKNOWN', `nothing is offered at ${request.path}`))
  }

  function replyAt(place: Place<SpokenRoute<State>>, values: readonly string[], request: RawRequest): Reply | Promise<Reply> {
    const leaf = place.byMethod[request.method]
    if (leaf) return work(leaf, values, request)
    const headers = { allow: place.allow }
    if (request.method === 'OPTIONS') return noted(request, { status: 204, headers })
    return noted(request, { ...refuse(405, 'METHOD_NOT_ALLOWED', `${request.method} is not offered at ${request.path}`), headers })
  }

  function noted(request: RawRequest, answer: Answer): Answer {
    if (journal) noteIn(journal, request, { operation: null, subject: '', reply: answer })
    if (ANSWERS.hasSubscribers) ANSWERS.publish({ endpoint, request, reply: answer } satisfies Answered)
    return answer
  }

  function work({ entry }: Leaf<SpokenRoute<State>>, values: readonly string[], request: RawRequest): Reply | Promise<Reply> {
    served += 1
    const { route } = entry
    const header = wire ? (name: string) => request.header(wire.header(name).toLowerCase()) : request.header
    const input = readInput(entry, values, request, header, conduct)
    const subject = input.ok ? subjectOf(route, input.data) : ''
    const misbehaviour = behaviours.pick(route.name, subject, input.ok ? input.data as Fields : undefined, header)
    const resolve = () => input.ok ? route.resolve(state, input.data, { header, delayMs: misbehaviour?.delayMs ?? 0 }) : input.answer
    let given: Reply | Promise<Reply>
    try { given = misbehaviour ? misbehave(misbehaviour, resolve, conduct.wait) : resolve() } catch (error) { given = failed(error) }
    if (given instanceof Promise) return given.catch(failed).then(finish)
    return finish(given)

    function finish(canonical: Reply): Reply {
      const sent = wire && canonical !== RESET ? { ...canonical, ...entry.wire.answer(canonical.status, canonical.body), ...canonical.headers && { headers: wire.headers(canonical.headers) } } : canonical
      if (journal) noteIn(journal, request, { operation: route.name, subject, reply: sent, ...(misbehaviour && { behaviour: misbehaviour.why }), ...(!input.ok && { problem: input.problem }) })
      if (ANSWERS.hasSubscribers && sent !== RESET) ANSWERS.publish({ endpoint, request, reply: sent } satisfies Answered)
      return sent
    }
  }

  const endpoint: Endpoint = {
    routes: spoken.map(({ route, method, path }) => ({ ...route, method, path })),
    reply,
    places: router.places.map(({ segments, place }) => ({ segments, reply: (values, request) => replyAt(place, values, request) })),
    refuse,
    wire,
    behave: (list) => behaviours.set(list),
    behaviours,
    served: () => served,
  }
  return endpoint
}

/** A bug of the simulator: told with its code, never a crash. */
function failed(error: unknown): Answer { return refusal(500, 'SIMULATOR_FAILED', String((error as Error)?.stack ?? error)) }

function subjectOf<State>(route: Route<State>, input: unknown): string {
  if (route.subject) return route.subject(input)
  return (input as { reference?: string }).reference ?? ''
}
