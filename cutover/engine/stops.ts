/** Why a running step is ended from outside, as the reason of its AbortSignal; and awaiting under such a signal. */
export class StepTimeout extends Error { override readonly name = 'StepTimeout' }
export class WatchBreached extends Error { override readonly name = 'WatchBreached' }
/** A condition does not hold and will not by waiting. */
export class OutOfReach extends Error { override readonly name = 'OutOfReach' }
export class Interrupted extends Error { override readonly name = 'Interrupted' }

/** Settles with the work, or rejects with the signal's reason as soon as it aborts; the work's own later failure is then not heard. */
export function underSignal<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const onAbort = () => reject(signal.reason as Error)
    if (signal.aborted) onAbort()
    else signal.addEventListener('abort', onAbort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}

/** True where the work settled within the time, false where the clock ran out first. Never throws. */
export async function settledWithin(work: Promise<unknown>, clock: { sleep(ms: number, signal?: AbortSignal): Promise<void> }, wallMs: number): Promise<boolean> {
  const stop = new AbortController()
  const settled = work.then(() => true, () => true)
  const expired = clock.sleep(wallMs, stop.signal).then(() => false, () => false)
  const first = await Promise.race([settled, expired])
  stop.abort()
  return first
}
