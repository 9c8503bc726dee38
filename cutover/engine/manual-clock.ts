/**
 * A clock whose hands jump to the next sleeper as soon as nothing else is going on: a night of seven hours in milliseconds, in the same order
 * every time. For tests of the engine with ports in memory; real sockets are not waited for.
 */
import { setImmediate as turn } from 'node:timers/promises'
import type { ClockPlan } from '../../contracts/scenario-clock.ts'
import type { NightClock } from '../clock.ts'

type Sleeper = { due: number; wake: () => void }

/** Turns of the event loop after which everything that can go on in memory has gone on. */
const TURNS = 4

export class ManualClock implements NightClock {
  readonly plan: ClockPlan
  #nowMs: number
  #sleepers: Sleeper[] = []

  constructor(plan: ClockPlan) {
    this.plan = plan
    this.#nowMs = plan.startedAtMs
  }

  nowMs(): number { return this.#nowMs }

  sleep(wallMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) { reject(signal.reason as Error); return }
      const sleeper: Sleeper = { due: this.#nowMs + Math.max(0, wallMs), wake: () => { signal?.removeEventListener('abort', onAbort); resolve() } }
      const onAbort = () => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper)
        reject(signal!.reason as Error)
      }
      signal?.addEventListener('abort', onAbort, { once: true })
      this.#sleepers.push(sleeper)
    })
  }

  /** Turns the hands until the work has ended; `onJump` hears each new time. */
  async until<T>(work: Promise<T>, onJump?: (nowMs: number) => void): Promise<T> {
    let ended = false
    work.then(() => { ended = true }, () => { ended = true })
    for (;;) {
      for (let n = 0; n < TURNS; n += 1) await turn()
      if (ended) return work
      if (this.#sleepers.length === 0) throw new Error('nothing sleeps and nothing ends: the work waits for something that never comes')
      const next = this.#sleepers.reduce((first, other) => other.due < first.due ? other : first)
      this.#sleepers = this.#sleepers.filter((other) => other !== next)
      this.#nowMs = Math.max(this.#nowMs, next.due)
      onJump?.(this.#nowMs)
      next.wake()
    }
  }
}
