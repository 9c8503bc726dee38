/** Does the work for all items, at most `limit` at once. One that fails does not keep the others back; what failed is thrown together at the end. */
export async function eachBounded<T>(items: readonly T[], limit: number, work: (item: T) => Promise<void>): Promise<void> {
  let next = 0
  const errors: unknown[] = []
  const lane = async () => {
    while (next < items.length) {
      const item = items[next++]!
      try { await work(item) } catch (error) { errors.push(error) }
    }
  }
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, lane))
  if (errors.length > 0) throw errors.length === 1 ? errors[0] : new AggregateError(errors, errors.map((error) => (error as Error).message).join('; '))
}
