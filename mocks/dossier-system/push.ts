/**
 * A partner's call to the portal: signed with the partner's key, from the partner's own address (by which the edge knows it), exactly one attempt.
 * Out: a DeskAnswer. `unknown` for whatever leaves open whether the portal has stored it: time-out, reset, 5xx; only 503 PORTAL_CLOSED is a promise
 * that nothing was stored. A connection that was refused is `unknown` too: the partner cannot tell where on the way it broke.
 */
import type { DeskAnswer } from '../../contracts/api/partners.ts'
import { destinationOf, headerValue, openPool, post, signatureOf } from '../delivery/post.ts'

export type PushKind = 'dossiers' | 'statuses' | 'attachments'
export type Push = {
  send: (kind: PushKind, reference: string, body: string) => Promise<DeskAnswer>
  close: () => Promise<void>
}

export type PushOptions = { partnerId: string; key: string; portalSyncUrl: string; localAddress?: string | undefined; timeoutMs?: number }

const TIMEOUT_MS = 5_000
/** A partner's data-exchange node keeps few connections; the largest partner's pushes at the peak fit with room. */
const CONNECTIONS = 8

export function openPush({ partnerId, key, portalSyncUrl, localAddress, timeoutMs = TIMEOUT_MS }: PushOptions): Push {
  const base = portalSyncUrl.replace(/\/$/, '')
  const destinations = { dossiers: destinationOf(`${base}/sync/v1/dossiers`), statuses: destinationOf(`${base}/sync/v1/statuses`), attachments: destinationOf(`${base}/sync/v1/attachments`) }
  const pool = openPool(destinations.dossiers.origin, localAddress, CONNECTIONS)
  return {
    async send(kind, reference, body) {
      try {
        const { status, text } = await post(pool, destinations[kind], body, {
          'x-partner': partnerId, 'x-signature': signatureOf(key, body), 'x-op': headerValue(reference),
        }, timeoutMs)
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
