/** What a role brings to its conformance: its contract, its checks, valid inputs of its operations (for the checks that every operation has), and the flow of each. */
import type { RoleContract } from '../../contracts/partner-api/role.ts'
import type { Check, Flow } from '../check.ts'
import type { Context } from '../context.ts'
import type { Need } from '../needs.ts'

export type Sample = {
  /** A valid input, made so that it stands alone. */
  input: (context: Context) => unknown
  /** What a valid input is answered. */
  status: number
  needs?: readonly Need[]
  /** How it refuses what is not of the form. */
  refusal?: { status: number; codes: readonly string[] }
  /** Headers that the operation wants: a session's cookie. */
  headers?: (context: Context) => Promise<Record<string, string>>
  /** Which of the checks are made of it; all by default. */
  topics?: readonly Topic[]
}
export const TOPICS = ['good', 'wrong-method', 'incomplete', 'malformed', 'wrong-types', 'too-large', 'unsigned', 'wrong-signature', 'altered-body', 'signed-bytes'] as const
export const SIGNATURE_TOPICS = ['unsigned', 'wrong-signature', 'altered-body', 'signed-bytes'] as const
export type Topic = (typeof TOPICS)[number]

export type RoleSuite = {
  role: RoleContract
  samples: Readonly<Record<string, Sample>>
  flows: Readonly<Record<string, Flow>>
  flow: Flow
  checks: readonly Check[]
  /** Who signs requests of an operation, where it is not the caller: header and name, and which key of the fixture. */
  signers?: Readonly<Record<string, Signer>>
}
export type Signer = { header: string; id: string; key: 'caller' | 'specialised' }

export function flowIn(suite: RoleSuite, operation: string): Flow { return suite.flows[operation] ?? suite.flow }
