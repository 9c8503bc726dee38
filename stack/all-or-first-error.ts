/** Waits for all, so that what the others started is known and can be closed. */
export async function allOrFirstError<T>(starts: readonly (T | Promise<T>)[]): Promise<T[]> {
  const outcomes = await Promise.allSettled(starts)
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
  return outcomes.map((outcome) => (outcome as PromiseFulfilledResult<T>).value)
}
