/** A map whose entries live for a fixed time (wall clock) and whose size stays bounded: the oldest go first, since insertion order is age. */
export class ExpiringMap<Value> {
  readonly #entries = new Map<string, { value: Value; until: number }>()
  readonly #lifetimeMs: number
  readonly #now: () => number
  readonly #maxSize: number

  constructor(lifetimeMs: number, now: () => number, maxSize = 200_000) {
    this.#lifetimeMs = lifetimeMs
    this.#now = now
    this.#maxSize = maxSize
  }

  set(key: string, value: Value): void {
    for (const [oldest, entry] of this.#entries) {
      if (entry.until > this.#now() && this.#entries.size < this.#maxSize) break
      this.#entries.delete(oldest)
    }
    this.#entries.set(key, { value, until: this.#now() + this.#lifetimeMs })
  }

  get(key: string): Value | undefined {
    const entry = this.#entries.get(key)
    return entry && entry.until > this.#now() ? entry.value : undefined
  }

  delete(key: string): void { this.#entries.delete(key) }

  /** The living ones; walks over all. */
  values(): Value[] { return [...this.#entries.values()].filter((entry) => entry.until > this.#now()).map(({ value }) => value) }
}
