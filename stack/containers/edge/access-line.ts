/**
 * A line of the front nginx's access log (`nginx-config.ts`, format `edge`) as the entry that the embedded edge keeps. nginx's status alone does not tell
 * what happened: 444 stands as the signal that led to it, a broken answer as a whole one. A line that is no such record throws.
 */
import { z } from 'zod'
import { STATUS_CLIENT_GONE, STATUS_RESET } from '../../../contracts/evidence.ts'
import type { AccessEntry } from '../../network/edge/access-log.ts'
import { originOf, type Origins } from '../../network/edge/origin.ts'

const BROKEN = '/edge-answer/broken'

const AccessLine = z.strictObject({
  /** Seconds: when the line was written, and how long the request took. */
  at: z.number(), s: z.number(), op: z.string(), status: z.string(), line: z.string(), remote: z.string(), place: z.string(), done: z.string(), length: z.string(), got: z.string(),
})
type AccessLine = z.infer<typeof AccessLine>

export function accessEntryOf(text: string, origins: Origins): AccessEntry {
  const line = AccessLine.parse(JSON.parse(text))
  const [method = '', target = ''] = line.line.split(' ')
  const cut = target.indexOf('?')
  return {
    at: Math.round((line.at - line.s) * 1_000), ms: Math.round(line.s * 1_000), op: line.op === '' ? undefined : line.op, status: statusOf(line, method),
    method, path: cut < 0 ? target : target.slice(0, cut), origin: originOf(origins, line.remote), remote: line.remote,
  }
}

function statusOf({ status, place, done, length, got }: AccessLine, method: string): string {
  if (place === BROKEN) return STATUS_RESET
  if (done !== 'OK') return STATUS_CLIENT_GONE
  // nginx calls an answer done that broke off on the portal's side. Own answers have no body from there; of one in chunks nobody knows how long it was to be.
  const bodied = method !== 'HEAD' && status !== '204' && status !== '304' && !place.startsWith('/edge-answer/')
  return bodied && length !== '' && Number(got) < Number(length) ? STATUS_RESET : status
}
