/**
 * A route as it is spoken over the wire, and how a request to it becomes the input of its resolver: the signature first where it carries one, then the
 * form, then the schema. What does not fit is refused with the route's own form, field names being those of the wire.
 */
import type { z } from 'zod'
import type { Method } from '../../contracts/partner-api/operation.ts'
import { operationWire, type OperationWire } from '../../contracts/partner-api/operation-wire.ts'
import type { Header, RoleWire } from '../../contracts/partner-api/wire.ts'
import type { Conduct } from '../behaviour/conduct.ts'
import type { RawRequest } from './endpoint.ts'
import { refusal, type Answer, type Route } from './route.ts'

export type SpokenRoute<State> = {
  route: Route<State>
  wire: OperationWire
  method: Method
  path: string
}

export type Input = { ok: true; data: unknown } | { ok: false; answer: Answer; problem: string }

export function speak<State>(route: Route<State>, wire: RoleWire | undefined): SpokenRoute<State> {
  const spoken = wire ? wire.operation(route.name) : operationWire(route)
  return { route, wire: spoken, method: spoken.method, path: spoken.path }
}

export function readInput<State>({ route, wire }: SpokenRoute<State>, values: readonly string[], { query, body }: RawRequest, header: Header, conduct: Pick<Conduct, 'verify'>): Input {
  if (body === undefined) return refused(route, 'the body is not UTF-8')
  if (route.signed) {
    const problem = conduct.verify(body, header)
    if (problem !== undefined) return { ok: false, answer: refusal(401, 'SIGNATURE_INVALID', problem), problem }
  }
  const read = wire.read(values, query, body)
  if ('problem' in read) return refused(route, read.problem)
  const parsed = (route.request as z.ZodType).safeParse(read.value)
  if (parsed.success) return { ok: true, data: parsed.data }
  return refused(route, parsed.error.issues.map((issue) => `${wire.fieldPath(issue.path) || 'body'}: ${issue.message}`).join('; '))
}

function refused<State>(route: Route<State>, problem: string): Input {
  return { ok: false, answer: route.refuse ? route.refuse(problem) : refusal(400, 'REQUEST_INVALID', problem), problem }
}
