/**
 * A partner's call to the portal: signed with the partner's key, from the partner's own address (by which the edge knows it), exactly one attempt.
 * Out: a DeskAnswer. `unknown` for whatever leaves open whether the portal has stored it: time-out, reset, a certificate that is not trusted, 5xx; only 503 PORTAL_CLOSED is a promise
 * that nothing was stored. A connection that was refused is `unknown` too: the partner cannot tell where on the way it broke.
 */
import type { DeskAnswer } from '../../contracts/api/partners.ts'
import { pushAttachment, pushDossier, pushStatus } from '../../contracts/partner-api/roles/dossier-system/pushes.ts'
import type { RoleWire } from '../../contracts/partner-api/wire.ts'
import { destinationOf, openPool, post } from '../delivery/post.ts'
import { speechOf } from '../delivery/speech.ts'
import type { Journal } from '../journal/journal.ts'
import { noteOut } from '../journal/note.ts'

export type PushKind = 'dossiers' | 'statuses' | 'attachments'
export type Push = {
  send: (kind: PushKind, reference: string, body: string) => Promise<DeskAnswer>
  close: () => Promise<void>
}

export type PushOptions = {
  partnerId: string; key: string; portalSyncUrl: string; localAddress?: string | undefined; authority?: string | undefined; timeoutMs?: number; wire?: RoleWire | undefined
  /** Where each attempt is noted. */
  journal?: Journal | undefined
}

const TIMEOUT_MS = 5_000
/** A partner's data-exchange node keeps few connections; the largest partner's pushes at the peak fit with room. */
const CONNECTIONS = 8

const CALLS = { dossiers: pushDossier, statuses: pushStatus, attachments: pushAttachment } as const satisfies Record<PushKind, { name: string; path: string }>

export function openPush({ partnerId, key, portalSyncUrl, localAddress, authority, timeoutMs = TIMEOUT_MS, wire, journal }: PushOptions): Push {
  const base = portalSyncUrl.replace(/\/$/, '')
  const pool = openPool(destinationOf(base).origin, localAddress, CONNECTIONS, authority)
  const speech = speechOf(wire)
  const sender = { 'x-partner': partnerId }
  return {
    async send(kind, reference, body) {
      const { name, path } = CALLS[kind]
      try {
        const said = speech.toParty(name, base, path, body)
        const posting = post(pool, said.destination, said.text, speech.headers(key, said.text, sender, reference), timeoutMs, wire !== undefined)
        if (journal) noteOut(journal, { operation: name, url: said.destination.origin + said.destination.path, body: said.text, subject: reference }, posting)
        const posted = await posting
        const { status, text } = speech.answer(name, posted.status, posted.text)
        return answerOf(status, text)
      } catch (error) {
        return { sync: 'unknown', portalStatus: null, errorCode: codeOf(error), message: String((error as Error)?.message ?? error) }
      }
    },
    close: () => pool.destroy(),
  }
}

function answerOf(status: number, text: string): DeskAnswer {
  if (status < 300) return { sync: 'acknowledged', portalStatus: status, errorCode: null, message: null }
  const { code, message } = errorIn(text)
  const refused = (status >= 400 && status < 500) || (status === 503 && code === 'PORTAL_CLOSED')
  return { sync: refused ? 'refused' : 'unknown', portalStatus: status, errorCode: code, message }
}

function errorIn(text: string): { code: string | null; message: string | null } {
  try {
    const error = (JSON.parse(text) as { error?: { code?: unknown; message?: unknown } }).error
    return { code: typeof error?.code === 'string' ? error.code : null, message: typeof error?.message === 'string' ? error.message : null }
  } catch {
    return { code: null, message: text.slice(0, 200) || null }
  }
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown })?.code
  return typeof code === 'string' ? code : 'RESET'
}
