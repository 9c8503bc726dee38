import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createOutbox } from './outbox.ts'

beforeEach(() => { vi.useFakeTimers() })
afterEach(() => { vi.useRealTimers() })

describe('an outbox', () => {
  it('tries again after doubled waits up to the cap, until the receiver has settled it', async () => {
    const outbox = createOutbox({ firstRetryMs: 10, capMs: 40 })
    const at: number[] = []
    const beganAt = Date.now()
    outbox.add(async () => { at.push(Date.now() - beganAt); return at.length === 6 }, 5)
    expect(outbox.pending()).toBe(1)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(at).toEqual([5, 15, 35, 75, 115, 155])
    expect(outbox.pending()).toBe(0)
  })

  it('leaves an item alone after its last attempt, still counting it as owed', async () => {
    const outbox = createOutbox({ firstRetryMs: 1, maxAttempts: 3 })
    const attempt = vi.fn(async (): Promise<boolean> => { throw new Error('down') })
    outbox.add(attempt)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(attempt).toHaveBeenCalledTimes(3)
    expect(outbox.pending()).toBe(1)
  })

  it('runs so many at once and no more, and gets round to all', async () => {
    const outbox = createOutbox({ concurrency: 3 })
    let running = 0
    let most = 0
    for (let i = 0; i < 20; i += 1) {
      outbox.add(async () => {
        most = Math.max(most, running += 1)
        await new Promise((resolve) => setTimeout(resolve, 10))
        running -= 1
        return true
      })
    }
    await vi.advanceTimersByTimeAsync(1_000)
    expect({ most, pending: outbox.pending() }).toEqual({ most: 3, pending: 0 })
  })

  it('does nothing any more when closed', async () => {
    const outbox = createOutbox({ firstRetryMs: 1 })
    const attempt = vi.fn(async () => false)
    outbox.add(attempt, 10)
    outbox.close()
    outbox.add(attempt)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(attempt).not.toHaveBeenCalled()
  })
})
