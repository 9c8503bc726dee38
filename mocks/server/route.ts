/**
 * The seam of every simulated partner: a route says what it takes, what it may answer and how it works that out. From the same definition come
 * the fast server's entry, the msw handler for other tests, and the OpenAPI document. A path is literal or has `{field}`s of the input in it.
 * The request is parsed at the door once (400 REQUEST_INVALID); `answers` is checked by tests, not at run time, where it would only cost.
 */
import type { z } from 'zod'
import type { Operation } from '../../contracts/partner-api/operation.ts'

/** What a resolver gives back: light, no Response object. A body is JSON, `text` goes out as it is (its content type stands in the headers); without either only the status and headers. */
export type Answer = { status: number; headers?: Record<string, string>; body?: unknown; text?: string }

export type Call = {
  header: (name: string) => string | undefined
  /** How many ms later than ready the answer will go out (a behaviour asked for it); 0 as a rule. */
  delayMs: number
}

/** An operation of the role's contract with how this simulator works it out. */
export type RouteDefinition<State, Input extends z.ZodType> = Pick<Operation<Input>, 'name' | 'method' | 'path' | 'takes' | 'request' | 'answers' | 'signed'> & {
  /** Whose request it is, for the seeded draw of behaviours: by default its `reference`. */
  subject?: (input: z.infer<Input>) => string
  /** How a request that does not parse is refused, where the protocol has a form of its own. */
  refuse?: (message: string) => Answer
  resolve: (state: State, input: z.infer<Input>, call: Call) => Answer | Promise<Answer>
}

/** A route with its input's type taken away, so that routes of all inputs stand in one list; `defineRoute` guarantees that they fit. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Route<State> = RouteDefinition<State, any>

export function defineRoute<State, Input extends z.ZodType>(definition: RouteDefinition<State, Input>): Route<State> {
  return definition
}

export function ok(body: unknown, status = 200): Answer { return { status, body } }

export function refusal(status: number, code: string, message: string): Answer {
  return { status, body: { error: { code, message } } }
}
