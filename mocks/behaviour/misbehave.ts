/**
 * Carries a behaviour out. A late answer is late after the work: the partner has done it, the caller may have given up; the wait counts from the request's
 * arrival, so that the work's own time is part of it. A replaced status means that nothing was done.
 */
import { refusal, type Answer } from '../server/route.ts'

/** The connection is to be reset, without an answer. */
export const RESET = Symbol('reset')

export type Misbehaviour = {
  /** From the request's arrival to its answer. */
  delayMs: number
  /** Instead of the work. */
  answer?: Answer
  reset?: 'before' | 'after'
  /** What made it happen, for the journal: `status`, `latency`, `magic sms-phone-503`. */
  why: string
}

export async function misbehave(misbehaviour: Misbehaviour, work: () => Answer | Promise<Answer>, wait: (ms: number, sinceMs: number) => Promise<void>): Promise<Answer | typeof RESET> {
  const arrivedMs = performance.now()
  const { answer: instead, reset, delayMs } = misbehaviour
  const answer = instead || reset === 'before' ? instead : await work()
  if (delayMs > 0) await wait(delayMs, arrivedMs)
  return reset ? RESET : answer!
}

export function outOfService(): Answer { return refusal(503, 'OUT_OF_SERVICE', 'simulated: out of service for now') }

export function throttled(waitMs: number): Answer {
  return { ...refusal(429, 'THROTTLED', 'simulated: too many requests'), headers: { 'retry-after': String(Math.max(1, Math.ceil(waitMs / 1000))) } }
}
