/** Seeded draws for one record (mulberry32 over a mix of seed and record number): the same seed and number give the same draws in the same order. */
export type Draw = ReturnType<typeof createDraw>

export function createDraw(seed: number, record: number) {
  let state = (Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(record, 0xc2b2ae35)) >>> 0
  /** From 0 to below 1. */
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0
    let bits = Math.imul(state ^ (state >>> 15), state | 1)
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61)
    return ((bits ^ (bits >>> 14)) >>> 0) / 4_294_967_296
  }
  const below = (limit: number): number => Math.floor(next() * limit)
  return {
    next,
    below,
    chance: (share: number): boolean => next() < share,
    of: <T>(list: readonly T[]): T => list[below(list.length)]!,
    /** A key by its weight. */
    weighted(weights: Readonly<Record<number, number>>): number {
      const entries = Object.entries(weights)
      let rest = next() * entries.reduce((sum, [, weight]) => sum + weight, 0)
      for (const [key, weight] of entries) if ((rest -= weight) < 0) return Number(key)
      return Number(entries.at(-1)![0])
    },
  }
}
