/**
 * Delivers what a partner owes others, in the background: tries until the receiver has settled it, waiting longer each time (doubling, capped).
 * In: attempts that say true when nothing is left to do. An attempt that throws counts as false. At most `concurrency` run at once.
 * After `maxAttempts` an item is left alone but stays counted in `pending`: it was owed and never delivered, and must not look drained. So does whatever comes
 * while `maxWaiting` wait already, and is never sent.
 * An item that says which call it is (`as`) asks `plan` what is to become of it: lost, late, delivered twice, or overtaken by the next of its name.
 */
import type { Journal } from '../journal/journal.ts'
import { AFTER_NEXT_CAP_MS, type CallPlan, type PlanCall, type PlannedCall } from './call-plan.ts'

export type OutboxOptions = {
  firstRetryMs?: number; capMs?: number; maxAttempts?: number; maxWaiting?: number; concurrency?: number; plan?: PlanCall | undefined; after?: After | undefined
  /** Where whoever sends notes each attempt. */
  journal?: Journal | undefined }
/** Runs it so many ms later and gives back what takes that back; the world's, where its clock can be moved. */
type After = (ms: number, run: () => void) => () => void
export type Attempt = () => Promise<boolean>
export type Outbox = {
  /** Gives back what was planned for it. */
  add: (attempt: Attempt, startAfterMs?: number, as?: PlannedCall) => CallPlan | undefined
  pending: () => number
  close: () => void
}

type Item = { attempt: Attempt; tries: number; call: string | undefined }

export function createOutbox({ firstRetryMs = 250, capMs = 5_000, maxAttempts = 200, maxWaiting = 100_000, concurrency = 8, plan: planOf, after = afterReally }: OutboxOptions = {}): Outbox {
  const ready: Item[] = []
  const cancels = new Set<() => void>()
  /** By the name of the call: items that the next one of that name is to overtake. */
  const overtaken = new Map<string, Set<Item>>()
  let pending = 0
  /** Of those, what may still be sent. */
  let waiting = 0
  let running = 0
  let closed = false

  function later(delayMs: number, work: () => void): void {
    const cancel = after(delayMs, () => { cancels.delete(cancel); work() })
    cancels.add(cancel)
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
    const settled = await item.attempt().catch(() => false)
    running -= 1
    item.tries += 1
    if (settled) {
      pending -= 1
      waiting -= 1
      if (item.call !== undefined && overtaken.size > 0) release(item.call)
    } else if (!closed && item.tries < maxAttempts) later(Math.min(capMs, firstRetryMs * 2 ** Math.min(item.tries - 1, 20)), () => start(item))
    else waiting -= 1
    next()
  }

  function hold(call: string, item: Item): void {
    const held = overtaken.get(call) ?? new Set()
    overtaken.set(call, held.add(item))
    later(AFTER_NEXT_CAP_MS, () => { if (held.delete(item)) start(item) })
  }

  function release(call: string): void {
    const held = overtaken.get(call)
    overtaken.delete(call)
    // A copy that was released must not be started again by its timer.
    for (const item of held ?? []) { held!.delete(item); start(item) }
  }

  return {
    add(attempt, startAfterMs = 0, as) {
      if (closed) return undefined
      const plan = as && planOf?.(as.call, as.subject, as.fields)
      if (plan?.drop) return plan
      for (let copy = 0; copy < (plan?.copies ?? 1); copy += 1) {
        pending += 1
        if (waiting >= maxWaiting) continue
        waiting += 1
        const item: Item = { attempt, tries: 0, call: as?.call }
        later(startAfterMs + (plan?.delayMs ?? 0), plan?.afterNext ? () => hold(as!.call, item) : () => start(item))
      }
      return plan
    },
    pending: () => pending,
    close() {
      closed = true
      for (const cancel of cancels) cancel()
      cancels.clear()
    },
  }
}

function afterReally(ms: number, run: () => void): () => void {
  const timer = setTimeout(run, ms).unref()
  return () => clearTimeout(timer)
}
