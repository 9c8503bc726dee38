/**
 * What can be asked and set while partners are served, under `/_mocks`, all JSON:
 *   GET  /_mocks/partners                                                              → {partners, portal, inbox, vneidClient}
 *   GET  /_mocks/journal?partner&operation&status&reference&after&limit&unmatched      → {exchanges}
 *   GET  /_mocks/magic                                                                 → {magic}
 *   GET  /_mocks/clock                                                                 → {wallMs, scenarioMs}
 *   GET  /_mocks/evidence?partner                                                      → {rows}; 410 EVIDENCE_FORGOTTEN where some are remembered no more
 *   GET  /_mocks/memory                                                                → {partners: {ID: {forgotten, pending}}}
 *   POST /_mocks/control[?partner=ID]  one of Control (contracts/api/admin.ts)          → 200; without a partner: to all that it fits
 */
import { Control } from '../../contracts/api/admin.ts'
import { suggest } from '../../contracts/did-you-mean.ts'
import { formatProblem, HarnessError, InputError } from '../../contracts/error.ts'
import { MAGIC } from '../../contracts/partner-api/magic.ts'
import { controlSimulator } from '../../mocks/control.ts'
import { askJournal, JournalQuery, type JournalEntry } from '../../mocks/journal/ask.ts'
import type { RawRequest } from '../../mocks/server/endpoint.ts'
import { ok, refusal, type Answer } from '../../mocks/server/route.ts'
import type { Simulator } from '../../mocks/simulator.ts'
import type { World } from '../../mocks/world.ts'
import { behaveEverywhere } from './behaviours.ts'
import type { HubState } from './hub.ts'

const METHOD_OF: ReadonlyMap<string, 'GET' | 'POST'> = new Map([['/partners', 'GET'], ['/journal', 'GET'], ['/magic', 'GET'], ['/clock', 'GET'], ['/evidence', 'GET'], ['/memory', 'GET'], ['/control', 'POST']])

export function answerQuestion(state: HubState, request: RawRequest): Answer {
  const taken = METHOD_OF.get(request.path)
  if (taken === undefined) return refusal(404, 'ROUTE_UNKNOWN', `nothing is offered at /_mocks${request.path}: GET partners, journal, magic, clock, evidence, memory, POST control`)
  const method = request.method === 'HEAD' ? 'GET' : request.method
  return method === taken ? answerOf(state, request) : otherMethod(request, `/_mocks${request.path}`, taken)
}

/** OPTIONS is answered; any other method is refused. */
export function otherMethod({ method }: Pick<RawRequest, 'method'>, path: string, taken: 'GET' | 'POST'): Answer {
  const headers = { allow: taken === 'GET' ? 'GET, HEAD, OPTIONS' : 'OPTIONS, POST' }
  return method === 'OPTIONS' ? { status: 204, headers } : { ...refusal(405, 'METHOD_NOT_ALLOWED', `${method} is not offered at ${path}`), headers }
}

function answerOf(state: HubState, request: RawRequest): Answer {
  const query = Object.fromEntries(new URLSearchParams(request.query))
  switch (request.path) {
    case '/partners': return ok({ partners: state.listing, portal: state.portalUrl, inbox: state.inboxUrl, vneidClient: state.vneidClient })
    case '/journal': return journal(state, query)
    case '/magic': return ok({ magic: state.world.magic ? MAGIC : [] })
    case '/clock': return ok({ wallMs: state.world.wallNow(), scenarioMs: state.world.scenarioNow() })
    case '/memory': return ok({ partners: Object.fromEntries([...state.simulators].map(([id, { forgotten, pending }]) => [id, { forgotten: forgotten(), pending: pending() }])) })
    case '/evidence': return evidence(state, query['partner'] ?? '')
    default: return control(state, query['partner'], request.body ?? '')
  }
}

export function lastExchanges(state: HubState, query: JournalQuery): JournalEntry[] {
  return askJournal(state.journals, query, (partner) => state.simulators.get(partner)?.endpoint.routes ?? [])
}

function journal(state: HubState, query: Record<string, string>): Answer {
  const parsed = JournalQuery.safeParse(query)
  if (!parsed.success) return refusal(400, 'REQUEST_INVALID', parsed.error.issues.map((issue) => `${issue.path.join('.') || 'query'}: ${issue.message}`).join('; '))
  const known = state.journals.partners()
  if (parsed.data.partner !== undefined && !known.includes(parsed.data.partner)) return refusal(404, 'PARTNER_UNKNOWN', suggest(parsed.data.partner, known))
  return ok({ exchanges: lastExchanges(state, parsed.data) })
}

function evidence({ simulators }: HubState, partner: string): Answer {
  const simulator = simulators.get(partner)
  if (!simulator) return refusal(404, 'PARTNER_UNKNOWN', suggest(partner, [...simulators.keys()]))
  try { return ok({ rows: simulator.evidence() }) } catch (error) {
    if (error instanceof HarnessError && error.problem.code === 'EVIDENCE_FORGOTTEN') return refusal(410, error.problem.code, error.problem.what)
    throw error
  }
}

function control({ simulators, world }: HubState, partner: string | undefined, body: string): Answer {
  let value: unknown
  try { value = JSON.parse(body) } catch { return refusal(400, 'REQUEST_INVALID', 'the body is not JSON') }
  const parsed = Control.safeParse(value)
  if (!parsed.success) return refusal(400, 'CONTROL_INVALID', parsed.error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`).join('; '))
  const chosen = partner === undefined ? [...simulators.values()] : [simulators.get(partner)].filter((one) => one !== undefined)
  if (chosen.length === 0) return refusal(404, 'PARTNER_UNKNOWN', suggest(partner ?? '', [...simulators.keys()]))
  try {
    const { data } = parsed
    // The clock is everybody's: moved once.
    if (data.action === 'behave' && partner === undefined) return ok(behaveEverywhere(data.behaviours, chosen))
    const told = (data.action.startsWith('clock') ? chosen.slice(0, 1) : chosen).map((simulator) => tell(simulator, world, data))
    const taken = told.find((one) => one !== undefined && !(one instanceof InputError))
    // Where one partner of several takes it, the others are those that it does not fit.
    if (taken !== undefined) return ok(taken)
    const refused = told.find((one) => one instanceof InputError)
    if (refused) throw refused
    return refusal(400, 'CONTROL_UNKNOWN', `no partner chosen knows "${data.action}", or not so`)
  } catch (error) {
    if (error instanceof InputError) return refusal(400, error.problems[0]!.code, error.problems.map(formatProblem).join('\n'))
    throw error
  }
}

/** What it answered, undefined where it does not know the action, or why it does not fit. */
function tell(simulator: Simulator, world: World, data: Control): unknown {
  try { return controlSimulator(simulator, world, data) } catch (error) {
    if (error instanceof InputError) return error
    throw error
  }
}
