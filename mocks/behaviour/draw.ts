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

/** Steps that fill [0, 1) most evenly, and hang together least (the fractions of the golden ratio and of the square root of two). */
const OF_RUNNING_NUMBERS = 0.618_033_988_749_894_9
const OF_REPETITIONS = 0.414_213_562_373_095_1

/**
 * A draw in [0, 1) for waits: running numbers in the names of subjects, and repetitions by one subject, fill the interval evenly (a Kronecker
 * sequence) from a seeded beginning, so that a few thousand waits show the quantiles that were asked for. Still a pure function of its parts:
 * it hangs on nothing that others ask.
 */
export function evenDraw(seed: number, name: string, subject: string, nth: number): number {
  const digits = /(\d{1,9})\D*$/.exec(subject)
  const stem = digits ? `${subject.slice(0, digits.index)}#${subject.slice(digits.index + digits[1]!.length)}` : subject
  const place = draw(seed, name, stem) + Number(digits?.[1] ?? 0) * OF_RUNNING_NUMBERS + nth * OF_REPETITIONS
  return place - Math.floor(place)
}
