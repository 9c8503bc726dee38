/**
 * Delivers what a partner owes others, in the background: tries until the receiver has settled it, waiting longer each time (doubling, capped).
 * In: attempts that say true when nothing is left to do. An attempt that throws counts as false. At most `concurrency` run at once.
 * After `maxAttempts` an item is left alone but stays counted in `pending`: it was owed and never delivered, and must not look drained.
 * An item that says which call it is (`as`) asks `plan` what is to become of it: lost, late, delivered twice, or overtaken by the next of its name.
 */
import { AFTER_NEXT_CAP_MS, type CallPlan, type PlanCall } from './call-plan.ts'

export type OutboxOptions = { firstRetryMs?: number; capMs?: number; maxAttempts?: number; concurrency?: number; plan?: PlanCall | undefined }
export type Attempt = (plan: CallPlan | undefined) => Promise<boolean>
export type Outbox = {
  /** `as`: the outgoing call's name in the contract, and whose it is. */
  add: (attempt: Attempt, startAfterMs?: number, as?: { call: string; subject: string }) => void
  pending: () => number
  close: () => void
}

type Item = { attempt: Attempt; tries: number; plan: CallPlan | undefined; call: string | undefined }

export function createOutbox({ firstRetryMs = 250, capMs = 5_000, maxAttempts = 200, concurrency = 8, plan: planOf }: OutboxOptions = {}): Outbox {
  const ready: Item[] = []
  const timers = new Set<NodeJS.Timeout>()
  /** By the name of the call: items that the next one of that name is to overtake. */
  const overtaken = new Map<string, Set<Item>>()
  let pending = 0
  let running = 0
  let closed = false

  function after(delayMs: number, work: () => void): void {
    const timer = setTimeout(() => { timers.delete(timer); work() }, delayMs).unref()
    timers.add(timer)
  }

  function start(item: Item): void { ready.push(item); next() }

  function next(): void {
    if (closed) return
    while (running < concurrency && ready.length > 0) {
      running += 1
      void run(ready.shift()!)
    }
  }

  async function run(item: Item): Promise<void> {
    const settled = await item.attempt(item.plan).catch(() => false)
    running -= 1
    item.tries += 1
    if (settled) {
      pending -= 1
      if (item.call !== undefined && overtaken.size > 0) release(item.call)
    } else if (!closed && item.tries < maxAttempts) after(Math.min(capMs, firstRetryMs * 2 ** Math.min(item.tries - 1, 20)), () => start(item))
    next()
  }

  function hold(call: string, item: Item): void {
    const held = overtaken.get(call) ?? new Set()
    overtaken.set(call, held.add(item))
    after(AFTER_NEXT_CAP_MS, () => { if (held.delete(item)) start(item) })
  }

  function release(call: string): void {
    const held = overtaken.get(call)
    overtaken.delete(call)
    // A copy that was released must not be started again by its timer.
    for (const item of held ?? []) { held!.delete(item); start(item) }
  }

  return {
    add(attempt, startAfterMs = 0, as) {
      if (closed) return
      const plan = as && planOf?.(as.call, as.subject)
      if (plan?.drop) return
      for (let copy = 0; copy < (plan?.copies ?? 1); copy += 1) {
        pending += 1
        const item: Item = { attempt, tries: 0, plan, call: as?.call }
        after(startAfterMs + (plan?.delayMs ?? 0), plan?.afterNext ? () => hold(as!.call, item) : () => start(item))
      }
    },
    pending: () => pending,
    close() {
      closed = true
      for (const timer of timers) clearTimeout(timer)
      timers.clear()
    },
  }
}
