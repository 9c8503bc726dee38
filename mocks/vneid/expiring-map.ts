/**
 * A map whose entries live for a fixed time (wall clock), in the memory of its partner: what has expired goes without a word, since nobody could tell; of
 * what lives more than that memory takes is forgotten as everything else is, and then evidence refuses to be read. A login that cannot end, a token that is
 * known no more, would be taken for a fault of the system that is rehearsed.
 */
import type { Kept, Memory } from '../memory.ts'

type Entry<Value> = { key: string; value: Value; until: number }

export class ExpiringMap<Value> {
  /** Insertion order is age. */
  readonly #entries = new Map<string, Entry<Value>>()
  readonly #lifetimeMs: number
  readonly #now: () => number
  readonly #kept: Kept<Entry<Value>>

  constructor(lifetimeMs: number, now: () => number, memory: Memory) {
    this.#lifetimeMs = lifetimeMs
    this.#now = now
    this.#kept = memory.keep<Entry<Value>>({ isFinished: ({ until }) => until <= now(), forget: (forgotten) => { for (const { key } of forgotten) this.#entries.delete(key) } })
  }

  set(key: string, value: Value): void {
    this.delete(key)
    const now = this.#now()
    for (const [oldest, { until }] of this.#entries) {
      if (until > now) break
      this.delete(oldest)
    }
    const entry = { key, value, until: now + this.#lifetimeMs }
    this.#entries.set(key, entry)
    this.#kept.add(entry)
  }

  get(key: string): Value | undefined {
    const entry = this.#entries.get(key)
    return entry && entry.until > this.#now() ? entry.value : undefined
  }

  delete(key: string): void {
    const entry = this.#entries.get(key)
    if (!entry) return
    this.#entries.delete(key)
    this.#kept.drop(entry, true)
  }

  /** The living ones; walks over all. */
  values(): Value[] { return [...this.#entries.values()].filter((entry) => entry.until > this.#now()).map(({ value }) => value) }
}
