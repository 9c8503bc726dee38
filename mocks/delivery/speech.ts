/**
 * What a partner sends by itself, as it goes over the wire: its path, body and signature by the role's contract profile, canonical where there is none.
 * The signature is made anew for each attempt, since its time may be part of it; the body's bytes stay the same.
 */
import type { RoleWire } from '../../contracts/partner-api/wire.ts'
import { destinationOf, headerValue, signatureOf, type Destination } from './post.ts'

export type Said = { destination: Destination; text: string; contentType: string | undefined }
export type Speech = {
  /** To an address that came with an earlier request. */
  toCaller: (call: string, url: string, canonical: unknown) => Said
  /** To a party whose base address is known; `path` is the canonical one. */
  toParty: (call: string, baseUrl: string, path: string, text: string) => Said
  headers: (key: string, text: string, sender: Readonly<Record<string, string>>, subject: string) => Record<string, string>
  /** Canonical status and body of an answer. */
  answer: (call: string, status: number, text: string) => { status: number; text: string }
}

const CANONICAL: Speech = {
  toCaller: (_call, url, canonical) => ({ destination: destinationOf(url), text: JSON.stringify(canonical), contentType: undefined }),
  toParty: (_call, baseUrl, path, text) => ({ destination: knownDestination(baseUrl + path), text, contentType: undefined }),
  headers: (key, text, sender, subject) => ({ ...sender, 'x-signature': signatureOf(key, text), 'x-op': headerValue(subject) }),
  answer: (_call, status, text) => ({ status, text }),
}

/** Of parties, which are few; addresses of callers are not kept. */
const known = new Map<string, Destination>()
function knownDestination(url: string): Destination {
  const destination = known.get(url) ?? destinationOf(url)
  if (!known.has(url)) known.set(url, destination)
  return destination
}

export function speechOf(wire: RoleWire | undefined): Speech {
  if (!wire) return CANONICAL
  const said = (call: string, url: string, canonical: unknown): Said => {
    const { method, path, query, body, contentType } = wire.request(call, canonical)
    const base = destinationOf(url)
    const own = path === '' ? base.path : path
    return { destination: { origin: base.origin, path: query === '' ? own : `${own}?${query}`, method }, text: body, contentType }
  }
  return {
    // A profile may give the path; then only the origin of the caller's address counts.
    toCaller: said,
    toParty: (call, baseUrl, _path, text) => {
      const { destination, ...rest } = said(call, baseUrl, JSON.parse(text))
      return { ...rest, destination: { ...destination, path: destinationOf(baseUrl).path.replace(/\/$/, '') + destination.path } }
    },
    headers: (key, text, sender, subject) => ({ ...wire.headers({ ...sender, 'x-op': headerValue(subject) }), ...wire.sign(key, text, Date.now()) }),
    answer(call, status, text) {
      const read = wire.readAnswer(call, status, parsed(text))
      return { status: read.status, text: read.body === undefined ? text : JSON.stringify(read.body) }
    },
  }
}

function parsed(text: string): unknown {
  try { return JSON.parse(text) } catch { return undefined }
}
