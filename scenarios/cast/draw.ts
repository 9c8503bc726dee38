/**
 * Draws of the load: pure functions of seed, scenario, iteration and what is drawn, so that the same seed gives the same night in whatever
 * order virtual users run. 32 bits: spread, not secrecy.
 */
export type Draw = (name: string) => number

/** Looked up once: in k6's engine the way to a global and its property is longer than the sum itself. */
const { imul, floor } = Math

/** Numbers in [0, 1). */
export function drawsOf(seed: number, scenario: string, iteration: number): Draw {
  const base = mixed(mixed(hashOf(scenario) ^ seed) ^ iteration)
  // `mixed` and the look-up of `hashOf` once more: ten draws in an iteration, and k6's engine takes longer to call the two than to work them out.
  return (name) => {
    let hash = base ^ (hashes[name] ?? hashOf(name))
    hash = imul(hash ^ (hash >>> 16), MIX_1)
    hash = imul(hash ^ (hash >>> 13), MIX_2)
    return ((hash ^ (hash >>> 16)) >>> 0) / 0x1_0000_0000
  }
}

/** Picks a key by its share; the shares need not add up to 1 exactly. */
export function pickShare(shares: Readonly<Record<string, number>>, draw: number): string {
  if (weighed?.shares !== shares) weighed = weigh(shares)
  const { keys, total } = weighed
  let left = draw * total
  let last: string | undefined
  for (let at = 0; at < keys.length; at += 1) {
    const key = keys[at]!
    const share = shares[key]!
    if (share === 0) continue
    last = key
    left -= share
    if (left < 0) return key
  }
  if (last === undefined) throw new RangeError('no share is above 0')
  return last
}

/** The same shares come again and again, and k6 takes long to walk through an object. */
let weighed: { shares: Readonly<Record<string, number>>; keys: readonly string[]; total: number } | undefined
function weigh(shares: Readonly<Record<string, number>>) {
  const keys = Object.keys(shares)
  return { shares, keys, total: keys.reduce((sum, key) => sum + shares[key]!, 0) }
}

export function pickOne<T>(items: readonly T[], draw: number): T {
  if (items.length === 0) throw new RangeError('nothing to pick from')
  return items[Math.min(items.length - 1, floor(draw * items.length))]!
}

/** Names are few and come again in every iteration; walking through them costs k6 more than the rest of the casting. */
const hashes: Record<string, number> = Object.create(null) as Record<string, number>
let remembered = 0

/** FNV-1a, 32 bits. */
function hashOf(name: string): number {
  let hash = hashes[name]
  if (hash !== undefined) return hash
  hash = 0x811c9dc5
  for (let at = 0; at < name.length; at += 1) hash = imul(hash ^ name.charCodeAt(at), 0x01000193)
  if (remembered < MAX_REMEMBERED) {
    hashes[name] = hash
    remembered += 1
  }
  return hash
}
const MAX_REMEMBERED = 1_000
const MIX_1 = 0x85ebca6b
const MIX_2 = 0xc2b2ae35

/** The finaliser of MurmurHash3: every bit of the input reaches every bit of the result. */
function mixed(bits: number): number {
  let hash = imul(bits ^ (bits >>> 16), MIX_1)
  hash = imul(hash ^ (hash >>> 13), MIX_2)
  return (hash ^ (hash >>> 16)) >>> 0
}
