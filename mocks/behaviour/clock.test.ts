import { describe, expect, it, vi } from 'vitest'
import { createClock } from './clock.ts'

const DAY_MS = 86_400_000
const START = Date.parse('2026-04-10T21:00:00+07:00')

describe('a clock that can be moved', () => {
  it('moves both clocks by the same, on top of what passes by itself', () => {
    let real = 5_000
    const clock = createClock({ scenarioStartMs: START, wallNow: () => real, movable: true })
    clock.advance!(600_000)
    expect([clock.wallNow(), clock.scenarioNow()]).toEqual([605_000, START + 600_000])
    clock.setClock({ startedAtMs: 5_000, timeScale: 140, scenarioStartMs: START })
    real += 1_000
    expect([clock.wallNow(), clock.scenarioNow()]).toEqual([606_000, START + 600_000 + 140_000])
  })

  it('lets what falls due on the way happen at its moment and in order, what follows from it too, and the rest later', () => {
    const real = 0
    const clock = createClock({ scenarioStartMs: 0, wallNow: () => real, movable: true })
    const happened: string[] = []
    const note = (name: string) => () => { happened.push(`${name} at ${clock.wallNow()}`) }
    clock.after(300_000, note('second'))
    clock.after(100_000, () => { note('first')(); clock.after(50_000, note('after the first')) })
    clock.after(900_000, note('later'))
    const cancel = clock.after(200_000, note('cancelled'))
    cancel()
    clock.advance!(500_000)
    expect(happened).toEqual(['first at 100000', 'after the first at 150000', 'second at 300000'])
    clock.advance!(400_000)
    expect(happened.at(-1)).toBe('later at 900000')
  })

  it('keeps what was cancelled on the way from happening, and takes ten thousand at once', () => {
    const clock = createClock({ scenarioStartMs: 0, wallNow: () => 0, movable: true })
    const happened: number[] = []
    const cancels = Array.from({ length: 10_000 }, (_, n) => clock.after(1_000 + (n * 7_919) % 10_000, () => {
      happened.push(clock.wallNow())
      if (happened.length === 1) for (const cancel of cancels.slice(0, 5_000)) cancel()
    }))
    clock.advance!(20_000)
    expect(happened.length).toBeGreaterThanOrEqual(5_000)
    expect(happened.length).toBeLessThanOrEqual(5_001)
    expect(happened).toEqual(happened.toSorted((a, b) => a - b))
  })

  it.each([true, false])('lets what is months away happen then and not before (a timer takes 24 days), movable: %s', async (movable) => {
    vi.useFakeTimers()
    try {
      const clock = createClock({ scenarioStartMs: 0, movable })
      const happened: string[] = []
      clock.after(90 * DAY_MS, () => { happened.push('late') })
      const cancel = clock.after(100 * DAY_MS, () => { happened.push('cancelled') })
      await vi.advanceTimersByTimeAsync(89 * DAY_MS)
      expect(happened).toEqual([])
      await vi.advanceTimersByTimeAsync(DAY_MS)
      expect(happened).toEqual(['late'])
      cancel()
      await vi.advanceTimersByTimeAsync(30 * DAY_MS)
      expect(happened).toEqual(['late'])
    } finally { vi.useRealTimers() }
  })

  it('fires by itself where nobody moves it', async () => {
    const clock = createClock({ scenarioStartMs: 0, movable: true })
    await new Promise<void>((resolve) => { clock.after(1, resolve) })
    await new Promise<void>((resolve) => { clock.after(10_000, resolve); clock.advance!(9_999) })
  })
})

describe('the clock of a rehearsal', () => {
  it('cannot be moved, and stands until the run begins', () => {
    let real = 1_000
    const clock = createClock({ scenarioStartMs: START, wallNow: () => real })
    real += 5_000
    expect([clock.advance, clock.scenarioNow()]).toEqual([undefined, START])
    clock.setClock({ startedAtMs: 7_000, timeScale: 140, scenarioStartMs: START })
    expect(clock.scenarioNow()).toBe(START)
    real = 8_000
    expect(clock.scenarioNow()).toBe(START + 140_000)
  })
})
