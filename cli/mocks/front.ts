/**
 * Finds whose a request is: the start page and what belongs to it, the questions under `/_mocks`, the stand-ins under `/portal` and `/inbox`, or a partner by
 * the first segment of the path, who then sees the rest of it.
 */
import { suggest } from '../../contracts/did-you-mean.ts'
import type { RawRequest, Reply } from '../../mocks/server/endpoint.ts'
import { refusal, type Answer } from '../../mocks/server/route.ts'
import { answerQuestion } from './desk.ts'
import type { HubState } from './hub.ts'
import type { Inbox } from './inbox.ts'
import { answerPage } from './pages.ts'

/** No id is longer; more of what was asked for need not be compared with them. */
const LONGEST_ID = 100

export function createFront(state: HubState, inbox: Inbox): (request: RawRequest) => Reply | Promise<Reply> {
  return (request) => {
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
}

function nobody({ simulators }: HubState, first: string): Answer {
  return refusal(404, 'PARTNER_UNKNOWN', `nobody is at /${first}: ${suggest(first.slice(0, LONGEST_ID), [...simulators.keys()])}`)
}
