/**
 * What is to become of one outgoing call (a callback, a receipt, a push) before it is sent. Behaviours on outgoing calls answer with it, by the call's
 * name in the role's contract and whose call it is; undefined as a rule: sent once, at once, until it is taken.
 */
export type CallPlan = {
  /** How many times it is delivered in all, each until it is taken; 1 where it is not said. */
  copies?: number
  /** Later than it would be by so many ms of the wall clock. */
  delayMs?: number
  /** Never sent: lost on the way, and owed to nobody any more. */
  drop?: boolean
  /** Out of order: only after the next call of this name has been settled, at the latest after `AFTER_NEXT_CAP_MS`. */
  afterNext?: boolean
  /** What the call is to say, where the partner can say several things: the reason of an SMS that fails. */
  outcome?: string
}
/** `fields`: what the call is about, by which magic identifiers know it. */
export type PlanCall = (call: string, subject: string, fields?: Readonly<Record<string, unknown>>) => CallPlan | undefined
/** Which call an item of the outbox is. */
export type PlannedCall = { call: string; subject: string; fields?: Readonly<Record<string, unknown>> | undefined }

/** Nothing waits longer than this for a next one that never comes. */
export const AFTER_NEXT_CAP_MS = 3_000
