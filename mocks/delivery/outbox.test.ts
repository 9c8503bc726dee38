import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { AFTER_NEXT_CAP_MS, type CallPlan } from './call-plan.ts'
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

  it('takes no more than may wait, and still counts what it cannot send as owed', async () => {
    const outbox = createOutbox({ firstRetryMs: 10, maxWaiting: 2 })
    const sent: string[] = []
    let up = false
    const add = (name: string) => outbox.add(async () => { if (up) sent.push(name); return up })
    for (const name of ['a', 'b', 'c']) add(name)
    await vi.advanceTimersByTimeAsync(15)
    expect(outbox.pending()).toBe(3)
    up = true
    await vi.advanceTimersByTimeAsync(1_000)
    expect([sent, outbox.pending()]).toEqual([['a', 'b'], 1])
    add('d')
    await vi.advanceTimersByTimeAsync(1_000)
    expect([sent, outbox.pending()]).toEqual([['a', 'b', 'd'], 1])
  })

  it('makes room again by what is given up', async () => {
    const outbox = createOutbox({ firstRetryMs: 1, maxAttempts: 1, maxWaiting: 1 })
    const attempt = vi.fn(async () => false)
    outbox.add(attempt)
    await vi.advanceTimersByTimeAsync(100)
    outbox.add(attempt)
    await vi.advanceTimersByTimeAsync(100)
    expect([attempt.mock.calls.length, outbox.pending()]).toEqual([2, 2])
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

describe('a planned call', () => {
  /** Adds calls one after the other, 10 ms apart, and gives back when each was attempted, and what is owed after a minute. */
  async function sent(plans: readonly (CallPlan | undefined)[], options: { fails?: readonly string[]; call?: (subject: string) => string } = {}) {
    const at: [string, number][] = []
    const failing = new Set(options.fails)
    const beganAt = Date.now()
    const outbox = createOutbox({ firstRetryMs: 50, plan: (_call, subject) => plans[Number(subject)] })
    for (let n = 0; n < plans.length; n += 1) {
      const subject = String(n)
      outbox.add(async () => { at.push([subject, Date.now() - beganAt]); return !failing.delete(subject) }, 0, { call: options.call?.(subject) ?? 'callback', subject })
      await vi.advanceTimersByTimeAsync(10)
    }
    await vi.advanceTimersByTimeAsync(60_000)
    return { at, pending: outbox.pending() }
  }

  it.each<[title: string, plans: (CallPlan | undefined)[], at: [string, number][]]>([
    ['as a rule at once and once', [undefined, {}], [['0', 0], ['1', 10]]],
    ['lost', [{ drop: true }, undefined], [['1', 10]]],
    ['late', [{ delayMs: 500 }, undefined], [['1', 10], ['0', 500]]],
    ['twice', [{ copies: 2 }, undefined], [['0', 0], ['0', 0], ['1', 10]]],
    ['twice and late', [{ copies: 2, delayMs: 30 }], [['0', 30], ['0', 30]]],
    ['overtaken by the next', [{ afterNext: true }, undefined, undefined], [['1', 10], ['0', 10], ['2', 20]]],
    ['two overtaken by a third', [{ afterNext: true }, { afterNext: true }, undefined], [['2', 20], ['0', 20], ['1', 20]]],
    ['overtaken by nobody, after a while all the same', [{ afterNext: true }], [['0', AFTER_NEXT_CAP_MS]]],
  ])('%s', async (_title, plans, at) => { expect(await sent(plans)).toEqual({ at, pending: 0 }) })

  it('is overtaken by one that has been taken, not merely tried', async () => {
    expect((await sent([{ afterNext: true }, undefined], { fails: ['1'] })).at).toEqual([['1', 10], ['1', 60], ['0', 60]])
  })

  it('is not overtaken by calls of another name', async () => {
    expect((await sent([{ afterNext: true }, undefined], { call: (subject) => `call-${subject}` })).at).toEqual([['1', 10], ['0', AFTER_NEXT_CAP_MS]])
  })

  it('gives back what was planned, also for one that is lost', () => {
    const plans: Record<string, CallPlan> = { a: { outcome: 'absent' }, b: { drop: true } }
    const outbox = createOutbox({ plan: (_call, subject) => plans[subject] })
    const attempt = vi.fn(async () => true)
    const add = (subject: string) => outbox.add(attempt, 0, { call: 'receipt', subject })
    expect([add('a'), add('b'), add('c'), outbox.add(attempt)]).toEqual([plans['a'], plans['b'], undefined, undefined])
    expect(outbox.pending()).toBe(3)
  })

  it('is planned by what it is about, too', () => {
    const plan = vi.fn(() => undefined)
    createOutbox({ plan }).add(async () => true, 0, { call: 'receipt', subject: 'a', fields: { phone: '0990000001' } })
    expect(plan.mock.calls).toEqual([['receipt', 'a', { phone: '0990000001' }]])
  })
})
