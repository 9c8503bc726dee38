/**
 * Buckets of tokens (contracts/api/behaviour.ts): one for the route or one for each caller, filled by the clock that is handed in. The buckets of callers
 * are bounded: who has not asked for longest is forgotten first, which is no loss, for an idle bucket is full.
 */
import type { Throttle } from '../../contracts/api/behaviour.ts'

const MAX_BUCKETS = 10_000

export type Bucket = {
  /** 0 where a token was there and is taken now, else after how many ms one will be. */
  takeOrWaitMs: (caller: string) => number
}

export function createBuckets({ perSecond, burst = Math.max(1, Math.ceil(perSecond)), by }: Throttle, nowMs: () => number): Bucket {
  const buckets = new Map<string, { tokens: number; at: number }>()
  return {
    takeOrWaitMs(caller) {
      const key = by === 'caller' ? caller : ''
      const now = nowMs()
      const known = buckets.get(key)
      const tokens = known ? Math.min(burst, known.tokens + Math.max(0, now - known.at) * perSecond / 1000) : burst
      const waitMs = tokens >= 1 ? 0 : (1 - tokens) * 1000 / perSecond
      buckets.delete(key)
      buckets.set(key, { tokens: waitMs === 0 ? tokens - 1 : tokens, at: now })
      if (buckets.size > MAX_BUCKETS) buckets.delete(buckets.keys().next().value!)
      return waitMs
    },
  }
}
