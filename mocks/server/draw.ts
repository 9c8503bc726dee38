/** A seeded draw: the same parts give the same number in [0, 1), whatever else happens at the time (FNV-1a, finished as MurmurHash3). */
export function draw(seed: number, ...parts: readonly (string | number)[]): number {
  let bits = 0x811c9dc5 ^ seed
  for (const part of parts) {
    const text = String(part)
    for (let i = 0; i < text.length; i += 1) bits = Math.imul(bits ^ text.charCodeAt(i), 0x01000193)
    bits = Math.imul(bits ^ 0x2f, 0x01000193)
  }
  bits ^= bits >>> 16
  bits = Math.imul(bits, 0x85ebca6b)
  bits ^= bits >>> 13
  bits = Math.imul(bits, 0xc2b2ae35)
  return ((bits ^ (bits >>> 16)) >>> 0) / 0x1_0000_0000
}
