/** Asks again until it holds: for what a daemon does not announce. Throws with `what` after the time limit. */
import { setTimeout as sleep } from 'node:timers/promises'

const EVERY_MS = 20

export async function until(what: string, holds: () => Promise<boolean> | boolean, timeoutMs: number): Promise<void> {
  const latest = Date.now() + timeoutMs
  while (!await holds()) {
    if (Date.now() > latest) throw new Error(`${what}: not within ${timeoutMs} ms`)
    await sleep(EVERY_MS)
  }
}
