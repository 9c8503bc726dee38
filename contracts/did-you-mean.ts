/** The nearest of the allowed words, for errors: edit distance at most a third of the word (at least 2), else undefined. */
export function nearest(word: string, allowed: readonly string[]): string | undefined {
  let best: { candidate: string; distance: number } | undefined
  for (const candidate of allowed) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase())
    if (!best || distance < best.distance) best = { candidate, distance }
  }
  return best && best.distance <= Math.max(2, word.length / 3) ? best.candidate : undefined
}

const LISTED = 12

/** `did you mean "x"? use one of: a, b, c, …` */
export function suggest(word: string, allowed: readonly string[]): string {
  const near = nearest(word, allowed)
  const list = allowed.length > LISTED ? `${allowed.slice(0, LISTED).join(', ')}, … (${allowed.length} in all)` : allowed.join(', ')
  return `${near ? `did you mean "${near}"? ` : ''}use one of: ${list}`
}

/** Levenshtein distance, two rows. */
export function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i]
    for (let j = 1; j <= b.length; j += 1) {
      row.push(Math.min(previous[j]! + 1, row[j - 1]! + 1, previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)))
    }
    previous = row
  }
  return previous[b.length]!
}
