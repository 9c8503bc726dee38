/**
 * A resolver's cache: entries by name and type, ageing on the scenario clock, at most `limit` (the one longest unused leaves first).
 * Keeps negative answers too (RFC 2308).
 */
import type { Rcode } from './message.ts'

export type CacheEntry = {
  name: string
  type: string
  rcode: Rcode
  /** Empty for a negative answer. */
  addresses: readonly string[]
  ttlS: number
  expiresAtMs: number
  /** Not asked again before, after a failed refresh. */
  retryAtMs: number
}

export class DnsCache {
  #entries = new Map<string, CacheEntry>()
  readonly #limit: number
  constructor(limit: number) { this.#limit = limit }

  get size(): number { return this.#entries.size }

  get(name: string, type: string): CacheEntry | undefined {
    const key = `${type} ${name}`
    const entry = this.#entries.get(key)
    if (entry) { this.#entries.delete(key); this.#entries.set(key, entry) }
    return entry
  }

  put(entry: CacheEntry): void {
    const key = `${entry.type} ${entry.name}`
    this.#entries.delete(key)
    this.#entries.set(key, entry)
    if (this.#entries.size > this.#limit) this.#entries.delete(this.#entries.keys().next().value!)
  }

  clear(): void { this.#entries.clear() }

  values(): Iterable<CacheEntry> { return this.#entries.values() }
}

/** What is left of a TTL as it goes on the wire: whole seconds, fractions as 0, so that nobody keeps an answer longer than its end. */
export function remainingTtlS(entry: CacheEntry, nowMs: number): number {
  return Math.max(0, Math.floor((entry.expiresAtMs - nowMs) / 1_000))
}
