/**
 * Delivers what a partner owes others, in the background: tries until the receiver has settled it, waiting longer each time (doubling, capped).
 * In: attempts that say true when nothing is left to do. An attempt that throws counts as false. At most `concurrency` run at once.
 * After `maxAttempts` an item is left alone but stays counted in `pending`: it was owed and never delivered, and must not look drained.
 */
export type OutboxOptions = { firstRetryMs?: number; capMs?: number; maxAttempts?: number; concurrency?: number }
export type Outbox = {
  add: (attempt: () => Promise<boolean>, startAfterMs?: number) => void
  pending: () => number
  close: () => void
}

type Item = { attempt: () => Promise<boolean>; tries: number }

export function createOutbox({ firstRetryMs = 250, capMs = 5_000, maxAttempts = 200, concurrency = 8 }: OutboxOptions = {}): Outbox {
  const ready: Item[] = []
  const timers = new Set<NodeJS.Timeout>()
  let pending = 0
  let running = 0
  let closed = false

  function later(item: Item, delayMs: number): void {
    const timer = setTimeout(() => { timers.delete(timer); ready.push(item); next() }, delayMs).unref()
    timers.add(timer)
  }

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
    if (settled) pending -= 1
    else if (!closed && item.tries < maxAttempts) later(item, Math.min(capMs, firstRetryMs * 2 ** Math.min(item.tries - 1, 20)))
    next()
  }

  return {
    add(attempt, startAfterMs = 0) {
      if (closed) return
      pending += 1
      later({ attempt, tries: 0 }, startAfterMs)
    },
    pending: () => pending,
    close() {
      closed = true
      for (const timer of timers) clearTimeout(timer)
      timers.clear()
    },
  }
}
