/**
 * What a ministry's or province's own system holds: few fields each, since a night leaves tens of thousands of them and a load test a million.
 * Words that repeat (procedure, unit, status) are kept once.
 */
import type { DeskAnswer } from '../../contracts/api/partners.ts'

export type Sync = DeskAnswer['sync']

/** How the portal answered the push of a record; all null until the first answer. */
export class SyncState {
  sync: Sync | null = null
  portalStatus: number | null = null
  errorCode: string | null = null
}

export class HeldDossier extends SyncState {
  readonly code: string
  readonly reference: string
  readonly procedureCode: string
  readonly unitCode: string
  readonly applicantName: string
  readonly origin: 'desk' | 'forwarded' | 'own-service'
  /** Scenario clock; the portal counts the deadline from it. */
  readonly submittedAt: number
  /** Wall clock. */
  readonly storedAt: number
  /** Its running number in the book, from 1. */
  nth = 0
  status: string
  /** When the status was set, scenario clock; null while it is the first one. */
  statusAt: number | null = null

  constructor(dossier: Pick<HeldDossier, 'code' | 'reference' | 'procedureCode' | 'unitCode' | 'applicantName' | 'origin' | 'submittedAt' | 'storedAt' | 'status'>) {
    super()
    this.code = dossier.code
    this.reference = dossier.reference
    this.procedureCode = once(dossier.procedureCode)
    this.unitCode = once(dossier.unitCode)
    this.applicantName = dossier.applicantName
    this.origin = dossier.origin
    this.submittedAt = dossier.submittedAt
    this.storedAt = dossier.storedAt
    this.status = once(dossier.status)
  }

  /** The newest status counts, in whatever order they come. */
  take({ status, at }: HeldStatus): void {
    if (this.statusAt !== null && this.statusAt > at) return
    this.status = status
    this.statusAt = at
  }
}

export class HeldStatus extends SyncState {
  readonly reference: string
  readonly dossierCode: string
  readonly status: string
  /** Who set it: this partner's desk, or staff or citizens on the national systems. */
  readonly source: string
  /** Scenario clock. */
  readonly at: number
  /** Wall clock. */
  readonly storedAt: number

  constructor(event: Pick<HeldStatus, 'reference' | 'dossierCode' | 'status' | 'source' | 'at' | 'storedAt'>) {
    super()
    this.reference = event.reference
    this.dossierCode = event.dossierCode
    this.status = once(event.status)
    this.source = once(event.source)
    this.at = event.at
    this.storedAt = event.storedAt
  }
}

const words = new Map<string, string>()
const MAX_WORDS = 10_000

/** JSON.parse makes a new string each time; the same word many times over would cost more than the dossier. */
function once(word: string): string {
  const known = words.get(word)
  if (known !== undefined) return known
  if (words.size < MAX_WORDS) words.set(word, word)
  return word
}
