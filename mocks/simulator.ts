/** What every simulated partner is to the process that runs it: an endpoint for business, and what its administration interface needs. */
import type { Control } from '../contracts/api/admin.ts'
import type { EvidenceRow } from '../contracts/evidence.ts'
import type { Endpoint } from './server/endpoint.ts'

export type Simulator = {
  /** The system's id in the target: `vneid`, `bank-vcb`, `partner-justice`. */
  id: string
  endpoint: Endpoint
  /** All rows at one moment: made in one turn of the event loop, so they are one snapshot. Throws EVIDENCE_FORGOTTEN where some are remembered no more. */
  evidence: () => EvidenceRow[]
  /** Records that it had to forget since it began. */
  forgotten: () => number
  /** Items accepted but not yet delivered onward. */
  pending: () => number
  /** Actions of its own beside `clock` and `behave`; undefined for one that it does not know. */
  control?: (control: Control) => unknown
  close: () => Promise<void>
}
