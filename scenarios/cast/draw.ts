/**
 * Draws of the load: pure functions of seed, scenario, iteration and what is drawn, so that the same seed gives the same night in whatever
 * order virtual users run. 32 bits: spread, not secrecy.
 */
export type Draw = (name: string) => number

/** Numbers in [0, 1). */
export function drawsOf(seed: number, scenario: string, iteration: number): Draw {
  const base = mixed(mixed(hashOf(scenario) ^ seed) ^ iteration)
  return (name) => mixed(base ^ hashOf(name)) / 0x1_0000_0000
}

/** Picks a key by its share; the shares need not add up to 1 exactly. */
export function pickShare(shares: Readonly<Record<string, number>>, draw: number): string {
  let total = 0
  for (const key in shares) total += shares[key]!
  let left = draw * total
  let last: string | undefined
  for (const key in shares) {
    if (shares[key] === 0) continue
    last = key
    left -= shares[key]!
    if (left < 0) return key
  }
  if (last === undefined) throw new RangeError('no share is above 0')
  return last
}

export function pickOne<T>(items: readonly T[], draw: number): T {
  if (items.length === 0) throw new RangeError('nothing to pick from')
  return items[Math.min(items.length - 1, Math.floor(draw * items.length))]!
}

/** Names are few and come again in every iteration; walking through them costs k6 more than the rest of the casting. */
const hashes = new Map<string, number>()

/** FNV-1a, 32 bits. */
function hashOf(name: string): number {
  let hash = hashes.get(name)
  if (hash !== undefined) return hash
  hash = 0x811c9dc5
  for (let at = 0; at < name.length; at += 1) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193)
  if (hashes.size < MAX_REMEMBERED) hashes.set(name, hash)
  return hash
}
const MAX_REMEMBERED = 1_000

/** The finaliser of MurmurHash3: every bit of the input reaches every bit of the result. */
function mixed(bits: number): number {
  let hash = bits ^ (bits >>> 16)
  hash = Math.imul(hash, 0x85ebca6b)
  hash ^= hash >>> 13
  hash = Math.imul(hash, 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
