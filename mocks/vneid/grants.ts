/**
 * What was granted, as evidence: one grant for each code that was redeemed. Bounded by a memory: what has ended is forgotten first, and from then on the
 * evidence refuses to be read.
 */
import type { EvidenceRow } from '../../contracts/evidence.ts'
import type { Memory } from '../memory.ts'

export type Grant = {
  /** Also the session id (`sid`) that the client is told. */
  id: string
  reference: string; clientId: string; personId: string; level: 1 | 2; scopes: readonly string[]; status: 'issued' | 'logged-out' | 'revoked'
  /** Wall clock. */
  issuedAt: number
  authenticatedAt: number
  /** The session at the issuer that it hangs on. */
  sessionId: string
  /** What became of the message to the client that the session is over; absent where none is due, `lost` where a behaviour asked for it. */
  notice?: { status: 'owed' | 'told' | 'refused' | 'lost'; attempts: number; endedAt: number }
}

export type Grants = {
  add: (grant: Grant) => void
  get: (id: string) => Grant | undefined
  evidence: (seenAt: number) => EvidenceRow[]
}

export function createGrants(memory: Memory): Grants {
  const grants = new Map<string, Grant>()
  const kept = memory.keep<Grant>({ isFinished: ({ status, notice }) => status !== 'issued' && notice?.status !== 'owed', forget: (forgotten) => { for (const { id } of forgotten) grants.delete(id) } })
  return {
    add(grant) {
      grants.set(grant.id, grant)
      kept.add(grant)
    },
    get: (id) => grants.get(id),
    evidence(seenAt) {
      memory.requireWhole()
      return [...grants.values()].flatMap((grant) => [grantRow(grant, seenAt), ...noticeRows(grant, seenAt)])
    },
  }
}

function grantRow({ id, reference, status, issuedAt, personId, clientId, level }: Grant, seenAt: number): EvidenceRow {
  return { key: `grant/${id}`, ...(reference === '' ? {} : { op: reference }), status, seenAt, sourceAt: issuedAt, fields: { personId, clientId, level } }
}

/** Without `op`: the login is the grant, and must not be counted twice. */
function noticeRows({ id, reference, personId, clientId, notice }: Grant, seenAt: number): EvidenceRow[] {
  if (!notice) return []
  return [{ key: `logout/${id}`, status: notice.status, seenAt, sourceAt: notice.endedAt, fields: { personId, clientId, reference, attempts: notice.attempts } }]
}
