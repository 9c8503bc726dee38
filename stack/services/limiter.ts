/**
 * A service's capacity made small on purpose: requests are worked off one after the other at a fixed rate. Who would have to wait longer than
 * the queue is long is refused at once. In: control `limit`. Out: how long a request waits, 0 without a limit, null where it is refused.
 */
export type Limiter = {
  set: (limit: { requestsPerSecond?: number | undefined; queueMs: number }) => void
  admit: (nowMs: number) => number | null
  /** Requests that were refused or had to wait, since the start. */
  limited: () => number
}

export function createLimiter(): Limiter {
  let intervalMs = 0
  let queueMs = 0
  /** When the one before will have been worked off. */
  let freeAt = 0
  let limited = 0
  return {
    set(limit) {
      intervalMs = limit.requestsPerSecond === undefined ? 0 : 1_000 / limit.requestsPerSecond
      queueMs = limit.queueMs
      freeAt = 0
    },
    admit(nowMs) {
      if (intervalMs === 0) return 0
      const waitMs = Math.max(0, freeAt - nowMs)
      if (waitMs > 0) limited += 1
      if (waitMs > queueMs) return null
      freeAt = nowMs + waitMs + intervalMs
      return waitMs
    },
    limited: () => limited,
  }
}
