/** A message as a node holds it, and the two forms in which others see it. */
import type { z } from 'zod'
import type { Delivered, MessageState, sendEnvelope } from '../../contracts/partner-api/roles/exchange-node.ts'

export type Submission = z.infer<typeof sendEnvelope.request>
export type HeldMessage = {
  message: Submission; sequence: number; state: MessageState['state']; attempts: number; reason: string | null; at: number
  /** Wall clock. */
  storedAt: number
}

export function stateOf({ message: { messageId, from, to }, sequence, state, attempts, reason, at }: HeldMessage): MessageState {
  return { messageId, from, to, sequence, state, attempts, reason, at }
}

export function deliveredOf({ message: { ackUrl: _ackUrl, ...envelope }, sequence }: HeldMessage): Delivered { return { ...envelope, sequence } }
