/** The limiter as a single queue: rate, waiting, refusal, and that without a limit nothing waits. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createLimiter } from './limiter.ts'

test('without a limit nobody waits, and taking it away frees those who come then', () => {
  const limiter = createLimiter()
  expect(limiter.admit(0)).toBe(0)
  limiter.set({ requestsPerSecond: 1, queueMs: 10_000 })
  expect([limiter.admit(0), limiter.admit(0), limiter.admit(0)]).toEqual([0, 1_000, 2_000])
  limiter.set({ queueMs: 0 })
  expect(limiter.admit(0)).toBe(0)
  expect(limiter.limited()).toBe(2)
})

test('who would wait longer than the queue is refused and holds nobody up', () => {
  const limiter = createLimiter()
  limiter.set({ requestsPerSecond: 10, queueMs: 200 })
  expect(Array.from({ length: 5 }, () => limiter.admit(0))).toEqual([0, 100, 200, null, null])
  expect(limiter.admit(100)).toBe(200)
  expect(limiter.limited()).toBe(5)
})

test('property: never more than the rate plus one in any second, never a wait beyond the queue', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 0, max: 3_000 }), fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 300 }), (requestsPerSecond, queueMs, gaps) => {
    const limiter = createLimiter()
    limiter.set({ requestsPerSecond, queueMs })
    let now = 0
    const begun: number[] = []
    for (const gap of gaps) {
      now += gap
      const wait = limiter.admit(now)
      if (wait === null) continue
      expect(wait).toBeLessThanOrEqual(queueMs)
      begun.push(now + wait)
    }
    for (const at of begun) expect(begun.filter((other) => other >= at && other < at + 1_000).length).toBeLessThanOrEqual(requestsPerSecond + 1)
  }))
})
