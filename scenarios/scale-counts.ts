/**
 * Multiplies counts by a factor so that they still are whole and add up to the rounded product of their sum (largest remainder; ties to the
 * earlier). What was at least one stays at least one, even where that makes the sum larger.
 */
export function scaleCounts(counts: readonly number[], factor: number): number[] {
  const exact = counts.map((count) => count * factor)
  const scaled = exact.map(Math.floor)
  const total = Math.round(counts.reduce((sum, count) => sum + count, 0) * factor)
  const byRemainder = exact.map((value, at) => ({ at, remainder: value - Math.floor(value) })).sort((a, b) => b.remainder - a.remainder || a.at - b.at)
  let missing = total - scaled.reduce((sum, count) => sum + count, 0)
  for (const { at } of byRemainder) {
    if (missing <= 0) break
    scaled[at]! += 1
    missing -= 1
  }
  return scaled.map((count, at) => (counts[at]! > 0 ? Math.max(1, count) : count))
}
