/**
 * Messages from one sender to one recipient, delivered in order: the next one goes when the one before was taken (2xx) or given up after so many attempts.
 * Out: the state of each through `set`. A behaviour on the call `deliver` may lose one (the node takes it for delivered), double it, make it late, or let
 * the next one overtake it.
 */
import { createOutbox, type OutboxOptions } from '../delivery/outbox.ts'
import { deliveredOf, type HeldMessage } from './held-message.ts'

export type Lane = { add: (held: HeldMessage) => void; pending: () => number; close: () => void }
export type LaneOptions = {
  /** True where the recipient has taken it. */
  deliver: (subject: string, body: unknown) => Promise<boolean>
  maxAttempts: number
  outbox: OutboxOptions
  set: (held: HeldMessage, state: 'delivered' | 'undeliverable', reason?: string) => void
}

export function createLane({ deliver, maxAttempts, outbox: outboxOptions, set }: LaneOptions): Lane {
  const waiting: HeldMessage[] = []
  const outbox = createOutbox({ ...outboxOptions, maxAttempts: maxAttempts + 1 })
  let busy = false

  function next(): void {
    const held = waiting.shift()
    busy = held !== undefined
    if (held) begin(held)
  }

  function begin(held: HeldMessage): void {
    let passed = false
    const pass = () => { if (!passed) { passed = true; queueMicrotask(next) } }
    const { reference, messageId } = held.message
    const body = deliveredOf(held)
    const plan = outbox.add(async () => {
      held.attempts += 1
      const taken = await deliver(reference, body).catch(() => false)
      const givenUp = !taken && held.attempts >= maxAttempts
      if (!taken && !givenUp) return false
      // Fetched or acknowledged in the meantime, it stays what it is.
      if (held.state === 'queued') set(held, taken ? 'delivered' : 'undeliverable', taken ? undefined : `not taken in ${held.attempts} attempts`)
      pass()
      return true
    }, 0, { call: 'deliver', subject: reference, fields: { messageId } })
    if (plan?.drop) set(held, 'delivered')
    if (plan?.drop || plan?.afterNext) pass()
  }

  return {
    add(held) {
      waiting.push(held)
      if (!busy) next()
    },
    pending: () => waiting.length + outbox.pending(),
    close: outbox.close,
  }
}
