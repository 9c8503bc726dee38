import { describe, expect, it } from 'vitest'
import { createDueQueue } from './due-queue.ts'

const timesOf = (n: number) => Array.from({ length: n }, (_, i) => (i * 7_919) % Math.ceil(n / 3))

describe('what falls due', () => {
  it.each([0, 1, 2, 3, 1_000])('comes out in the order of time, and of one moment in the order in which it came (%i)', (n) => {
    const queue = createDueQueue<{ at: number; nth: number }>()
    const items = timesOf(n).map((at, nth) => ({ at, nth }))
    for (const item of items) queue.add(item)
    const taken = Array.from({ length: n }, () => { const next = queue.peek(); expect(queue.take()).toBe(next); return next })
    expect(taken).toEqual(items.toSorted((a, b) => a.at - b.at || a.nth - b.nth))
    expect([queue.peek(), queue.take()]).toEqual([undefined, undefined])
  })

  it('may come in between', () => {
    const queue = createDueQueue<{ at: number }>()
    for (const at of [5, 1, 9]) queue.add({ at })
    expect(queue.take()).toEqual({ at: 1 })
    for (const at of [7, 3]) queue.add({ at })
    expect(Array.from({ length: 4 }, () => queue.take()!.at)).toEqual([3, 5, 7, 9])
  })
})
