/**
 * Finds whose a request is: the start page and what belongs to it, the questions under `/_mocks`, the stand-ins under `/portal` and `/inbox`, or a partner by
 * the first segment of the path, who then sees the rest of it. What is refused before that (too large, too slow, no HTTP) is refused in the form of the partner
 * whose path it is; where no path is known, in that of all, if they speak alike.
 */
import { suggest } from '../../contracts/did-you-mean.ts'
import type { RawRequest, Reply } from '../../mocks/server/endpoint.ts'
import type { Serving } from '../../mocks/server/fast-server.ts'
import { refusal, type Answer } from '../../mocks/server/route.ts'
import { answerQuestion } from './desk.ts'
import type { HubState } from './hub.ts'
import type { Inbox } from './inbox.ts'
import { answerPage } from './pages.ts'

/** No id is longer; more of what was asked for need not be compared with them. */
const LONGEST_ID = 100

export function createFront(state: HubState, inbox: Inbox): { reply: (request: RawRequest) => Reply | Promise<Reply>; refuseAt: NonNullable<Serving['refuseAt']> } {
  const roles = new Set(state.listing.map(({ role }) => role))
  const common = roles.size === 1 ? [...state.simulators.values()][0] : undefined

  function reply(request: RawRequest): Reply | Promise<Reply> {
    const [, first = '', rest = ''] = /^\/([^/]*)(.*)$/.exec(request.path) ?? []
    const inner = (): RawRequest => ({ ...request, path: rest === '' ? '/' : rest })
    const simulator = state.simulators.get(first)
    if (simulator) return simulator.endpoint.reply(inner())
    switch (first) {
      case 'portal': return inbox.portal(inner())
      case 'inbox': return inbox.inbox(inner())
      case '_mocks': return answerQuestion(state, inner())
      default: return answerPage(state, request) ?? nobody(state, first)
    }
  }

  return {
    reply,
    refuseAt: (path) => (path === undefined ? common : state.simulators.get(/^\/([^/]*)/.exec(path)?.[1] ?? ''))?.endpoint.refuse ?? refusal,
  }
}

function nobody({ simulators }: HubState, first: string): Answer {
  return refusal(404, 'PARTNER_UNKNOWN', `nobody is at /${first}: ${suggest(first.slice(0, LONGEST_ID), [...simulators.keys()])}`)
}
