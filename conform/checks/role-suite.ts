/** What a role brings to its conformance: its contract, its checks, valid inputs of its operations (for the checks that every operation has), and the flow of each. */
import type { RoleContract } from '../../contracts/partner-api/role.ts'
import type { Check, Flow } from '../check.ts'
import type { Context } from '../context.ts'

export type Sample = {
  /** A valid input, made so that it stands alone. */
  input: (context: Context) => unknown
  /** What a valid input is answered. */
  status: number
  /** Fields whose wrong type must be refused; by default all of the sample's. */
  typed?: readonly string[]
  /** How it refuses what is not of the form. */
  refusal?: { status: number; code: string }
}

export type RoleSuite = {
  role: RoleContract
  samples: Readonly<Record<string, Sample>>
  flows: Readonly<Record<string, Flow>>
  flow: Flow
  checks: readonly Check[]
}

export function flowIn(suite: RoleSuite, operation: string): Flow { return suite.flows[operation] ?? suite.flow }
