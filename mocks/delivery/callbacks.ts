/**
 * The outgoing calls of a partner whose receiver gave its address with a request: signed, from an outbox, repeated with the same bytes until answered 2xx.
 * In: the call's name in the role's contract, where to, whose it is, and its canonical body, made when it is first sent. The subject goes along as `x-op`.
 */
import type { Dispatcher } from 'undici'
import type { CallPlan } from './call-plan.ts'
import { createOutbox, type OutboxOptions } from './outbox.ts'
import { destinationOf, headerValue, openAgent, post, signatureOf } from './post.ts'

export type CallbacksOptions = {
  /** By which header the receiver knows the sender: `{'x-bank': 'bank-vcb'}`. */
  sender: Readonly<Record<string, string>>
  key: string
  outbox?: OutboxOptions | undefined
  timeoutMs?: number
}
export type Callback = { url: string; subject: string; fields?: Readonly<Record<string, unknown>>; body: () => unknown }
export type Callbacks = ReturnType<typeof createCallbacks>

export function createCallbacks({ sender, key, outbox: outboxOptions, timeoutMs = 5_000 }: CallbacksOptions) {
  const outbox = createOutbox(outboxOptions)
  const agent: Dispatcher = openAgent()
  return {
    /** Gives back what was planned for it. */
    send(call: string, { url, subject, fields, body }: Callback): CallPlan | undefined {
      const destination = destinationOf(url)
      let text: string | undefined
      return outbox.add(async () => {
        text ??= JSON.stringify(body())
        const headers = { ...sender, 'x-signature': signatureOf(key, text), 'x-op': headerValue(subject) }
        return (await post(agent, destination, text, headers, timeoutMs)).status < 300
      }, 0, { call, subject, fields })
    },
    pending: outbox.pending,
    async close(): Promise<void> {
      outbox.close()
      await agent.destroy()
    },
  }
}
