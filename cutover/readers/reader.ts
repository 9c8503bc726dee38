/**
 * The seam of readers: how the state of a system is read (`contracts/target/read.ts`). One file each: `by`, then `open`, which gives what is asked of it.
 * Records come as evidence rows; where the whole did not come, or came in another shape than the mapping says, it throws a `ReadError`.
 */
import type { EvidenceMode, EvidenceRow } from '../../contracts/evidence.ts'
import type { Read } from '../../contracts/target/read.ts'
import type { Target, TargetSystem } from '../../contracts/target.ts'
import type { Agent } from 'undici'
import type { TargetAccess } from '../access.ts'
import type { Wire } from '../wire.ts'

export type ReaderContext = {
  target: Target
  system: TargetSystem
  access: TargetAccess
  wire: Wire
  /** Its administration interface; empty where it has none. */
  admin: { base: string; evidenceAgent: Agent; headers: Record<string, string> }
  now: () => number
  /** Wall epoch ms: when the load ended, for exports that are written after it. */
  loadEndedAt: () => number | null
}

export type Reader<By extends Read['by'] = Read['by']> = {
  by: By
  /** Text: a row as it came. */
  rows: (context: ReaderContext, read: Extract<Read, { by: By }>, mode: EvidenceMode, signal?: AbortSignal) => AsyncIterable<(EvidenceRow | string)[]>
}

export function reader<By extends Read['by']>(definition: Reader<By>): Reader { return definition as unknown as Reader }

export type ReadErrorCode = 'READER_UNREACHABLE' | 'READER_REFUSED' | 'READER_CERTIFICATE' | 'EXPORT_SCHEMA' | 'EXPORT_INCOMPLETE'

/** `where`: the place in the export (`/export/dossiers page 3 row 17`). */
export class ReadError extends Error {
  override readonly name = 'ReadError'
  readonly code: ReadErrorCode
  readonly system: string
  readonly where: string
  constructor(code: ReadErrorCode, system: string, where: string, what: string, options?: ErrorOptions) {
    super(`${system}: ${what} (${where})`, options)
    this.code = code
    this.system = system
    this.where = where
  }
}
