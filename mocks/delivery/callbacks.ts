/**
 * The outgoing calls of a partner whose receiver gave its address with a request: signed, from an outbox, repeated with the same bytes until answered 2xx.
 * In: the call's name in the role's contract, where to, whose it is, and its canonical body, made when it is first sent. The subject goes along as `x-op`.
 */
import type { Dispatcher } from 'undici'
import type { RoleWire } from '../../contracts/partner-api/wire.ts'
import { noteOut } from '../journal/note.ts'
import type { CallPlan } from './call-plan.ts'
import { createOutbox, type OutboxOptions } from './outbox.ts'
import { openAgent, post } from './post.ts'
import { speechOf, type Said } from './speech.ts'

export type CallbacksOptions = {
  /** By which header the receiver knows the sender: `{'x-bank': 'bank-vcb'}`. */
  sender: Readonly<Record<string, string>>
  key: string
  /** How the sender's role speaks over the wire; canonical where there is none. */
  wire?: RoleWire | undefined
  outbox?: OutboxOptions | undefined
  timeoutMs?: number
}
export type Callback = { url: string; subject: string; fields?: Readonly<Record<string, unknown>>; body: () => unknown }
export type Callbacks = ReturnType<typeof createCallbacks>

export function createCallbacks({ sender, key, wire, outbox: outboxOptions, timeoutMs = 5_000 }: CallbacksOptions) {
  const outbox = createOutbox(outboxOptions)
  const agent: Dispatcher = openAgent()
  const speech = speechOf(wire)
  const journal = outboxOptions?.journal
  return {
    /** Gives back what was planned for it. */
    send(call: string, { url, subject, fields, body }: Callback): CallPlan | undefined {
      let said: Said | undefined
      return outbox.add(async () => {
        said ??= speech.toCaller(call, url, body())
        const { destination, text, contentType } = said
        const headers = { ...speech.headers(key, text, sender, subject), ...(contentType && { 'content-type': contentType }) }
        const posted = post(agent, destination, text, headers, timeoutMs, wire !== undefined)
        if (journal) noteOut(journal, { operation: call, url: destination.origin + destination.path, body: text, subject }, posted)
        const { status, text: answer } = await posted
        return speech.answer(call, status, answer).status < 300
      }, 0, { call, subject, fields })
    },
    pending: outbox.pending,
    async close(): Promise<void> {
      outbox.close()
      await agent.destroy()
    },
  }
}
