/**
 * Stands where a vendor has nothing yet: under `/portal` in the portal's place for what partners push, under `/inbox` as an address for callbacks and
 * receipts. What comes is kept in the journal (partners `portal` and `inbox`) and answered as the contract says; a signature that does not fit is refused.
 */
import { createHash } from 'node:crypto'
import type { OutgoingCall } from '../../contracts/partner-api/role.ts'
import type { RoleWire } from '../../contracts/partner-api/wire.ts'
import type { Journals } from '../../mocks/journal/journal.ts'
import { noteIn } from '../../mocks/journal/note.ts'
import type { RawRequest, Reply } from '../../mocks/server/endpoint.ts'
import { refusal, type Answer } from '../../mocks/server/route.ts'

export type Inbox = { portal: (request: RawRequest) => Reply; inbox: (request: RawRequest) => Reply }

/** What came before is told apart by the hash of its bytes; the oldest are forgotten. */
const MAX_REMEMBERED = 10_000

export function createInbox(journals: Journals, wires: readonly RoleWire[], findKey: (systemId: string) => string | undefined): Inbox {
  const journal = { portal: journals.of('portal'), inbox: journals.of('inbox') }
  const seen = new Set<string>()

  function isRepeated(request: RawRequest): boolean {
    // Ten thousand pieces of files, kept whole, would fill the memory.
    const key = createHash('sha256').update(`${request.path} ${request.body}`).digest('base64')
    if (seen.has(key)) return true
    seen.add(key)
    if (seen.size > MAX_REMEMBERED) seen.delete(seen.values().next().value!)
    return false
  }

  function asPortal(request: RawRequest): { answer: Answer; operation: string | null; subject: string; problem?: string } {
    for (const wire of wires) {
      const found = wire.find(request.method, request.path, 'calls')
      const call = found && wire.role.calls.find(({ name }) => name === found.name)
      if (!call) continue
      const sender = request.header((wire.role.senderHeader ? wire.header(wire.role.senderHeader) : 'x-partner').toLowerCase())
      const problem = call.signed ? wire.signatureProblem(findKey(sender ?? ''), request.body ?? '', request.header, Date.now()) : undefined
      if (problem !== undefined) return { answer: { status: 401, body: wire.refusal('SIGNATURE_INVALID', problem) }, operation: call.name, subject: '', problem }
      const [status, body] = goodAnswer(call, isRepeated(request))
      return { answer: wire.answer(call.name, status, body), operation: call.name, subject: request.header('x-op') ?? '' }
    }
    return { answer: refusal(404, 'ROUTE_UNKNOWN', `no partner pushes to ${request.method} ${request.path}`), operation: null, subject: '' }
  }

  return {
    portal(request) {
      const { answer, ...exchange } = asPortal(request)
      noteIn(journal.portal, request, { ...exchange, reply: answer })
      return answer
    },
    inbox(request) {
      const answer = { status: 200, body: {} }
      noteIn(journal.inbox, request, { operation: 'received', subject: request.header('x-op') ?? '', reply: answer })
      return answer
    },
  }
}

function goodAnswer(call: OutgoingCall, repeated: boolean): [status: number, body: unknown] {
  const unchanged = { result: 'unchanged' }
  if (repeated && call.answers[200]?.safeParse(unchanged).success) return [200, unchanged]
  const example = call.examples[0]
  return example ? [example.status, example.answer] : [Number(Object.keys(call.answers)[0]), {}]
}
