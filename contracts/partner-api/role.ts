/**
 * A role in the traffic between the portal and its partners: what it offers, and what it asks of the other side by itself (callbacks, pushes).
 * One file each under `roles/`; `roles/index.ts` lists them. A contract has a version, which conformance results name.
 */
import type { Text } from '../text.ts'
import type { Operation } from './operation.ts'

export type RoleContract = {
  /** `bank`, `sms`, `vneid`, `ministry` … */
  id: string
  version: string
  title: Text
  description: Text
  /** The header in which it says who it is in what it sends by itself: `x-bank`, `x-partner`. */
  senderHeader?: string
  operations: readonly Operation[]
  /** What it asks of the other side; the address comes from a request, from the profile or from configuration. */
  calls: readonly OutgoingCall[]
}

/** A request that the role itself sends. `to`: whose operation or address it is. */
export type OutgoingCall = Operation & {
  /** The role that is asked; `caller` where the address came with an earlier request. */
  to: string
  /** The operation that makes it happen, where there is one. */
  after?: string
}
