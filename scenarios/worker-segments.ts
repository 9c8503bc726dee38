/** Equal parts of a load for several k6 processes, as k6 writes execution segments. Undefined for a single one, which carries everything. */
export type WorkerSegment = { own: string; all: string }

export function workerSegments(workers: number): (WorkerSegment | undefined)[] {
  if (!Number.isInteger(workers) || workers < 1) throw new RangeError(`${workers} is no number of workers`)
  if (workers === 1) return [undefined]
  const bounds = Array.from({ length: workers + 1 }, (_, at) => (at === 0 ? '0' : at === workers ? '1' : `${at}/${workers}`))
  const all = bounds.join(',')
  return bounds.slice(1).map((to, at) => ({ own: `${bounds[at]}:${to}`, all }))
}
