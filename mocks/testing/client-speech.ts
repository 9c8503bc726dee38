/** What a test asks by canonical names, put through the wire of the simulator that it asks; and the answer back. */
import { DEFAULT_SIGNATURE } from '../../contracts/partner-api/contract-profile.ts'
import { parseForm } from '../../contracts/partner-api/form-data.ts'
import { createRouter, decodeSegment, type Router } from '../../contracts/partner-api/router.ts'
import type { Operation } from '../../contracts/partner-api/operation.ts'
import { sign } from '../../contracts/partner-api/signature.ts'
import type { RoleWire } from '../../contracts/partner-api/wire.ts'
import { allKeys } from './spoken.ts'

export type Said = { method: string; path: string; body?: string; headers?: Record<string, string> }
export type Heard = { status: number; body: any }

export function clientSpeech(wire: RoleWire | undefined): (said: Said) => { said: Said; heard: (status: number, body: unknown) => Heard } {
  if (!wire) return (said) => ({ said, heard: (status, body) => ({ status, body }) })
  const router = createRouter(wire.role.operations)
  return (said) => {
    const found = foundOf(router, said)
    const headers = wire.headers(said.headers ?? {})
    if (!found) return { said: { ...said, headers }, heard: (status, body) => ({ status, body: wire.readRefusal(body) ?? body }) }
    const { operation, fields } = found
    const given = operation.takes === 'query' ? parseForm(said.path.split('?')[1] ?? '') : operation.takes === 'form' ? parseForm(said.body ?? '') : parsed(said.body ?? '{}')
    // What is no object cannot be put through names; it goes as it is, to where the operation stands.
    const isObject = typeof given === 'object' && given !== null && !Array.isArray(given)
    const asked = wire.request(operation.name, { ...(isObject ? given : {}), ...fields })
    const body = isObject || operation.takes === 'query' ? asked.body : said.body ?? ''
    return {
      said: { method: asked.method, path: asked.query === '' ? asked.path : `${asked.path}?${asked.query}`, headers: signed(wire, said, headers, body), ...(asked.method === 'GET' ? {} : { body }) },
      heard: (status, answered) => {
        const read = wire.readAnswer(operation.name, status, answered)
        return { ...read, body: withCanonicalNames(wire, operation, read.body) }
      },
    }
  }
}

/** Signed anew for the wire where the canonical signature is right; a wrong one stays wrong. */
function signed(wire: RoleWire, said: Said, headers: Record<string, string>, body: string): Record<string, string> {
  const { 'x-signature': given, ...rest } = headers
  if (given === undefined) return headers
  const key = [...allKeys()].find((candidate) => given === sign(DEFAULT_SIGNATURE, candidate, said.body ?? '', 0)[DEFAULT_SIGNATURE.header])
  return { ...rest, ...wire.sign(key ?? 'not a key', body, Date.now()) }
}

function foundOf(router: Router<Operation>, { method, path: url }: Said): { operation: Operation; fields: Record<string, string> } | undefined {
  const path = url.split('?')[0]!
  const literal = router.literal(path)
  const found = literal ? { place: literal, values: [] } : router.template(path)
  const leaf = found?.place.byMethod[method]
  return leaf && { operation: leaf.entry, fields: Object.fromEntries(leaf.names.map((name, nth) => [name, decodeSegment(found!.values[nth]!) ?? ''])) }
}

function parsed(text: string): unknown {
  try { return JSON.parse(text) } catch { return undefined }
}

/** A refusal names fields as the wire does; tests look for the canonical ones. */
function withCanonicalNames(wire: RoleWire, operation: Operation, body: unknown): unknown {
  const error = (body as { error?: { code?: string; message?: string } } | undefined)?.error
  if (error?.code !== 'REQUEST_INVALID' || typeof error.message !== 'string') return body
  const names = new Map(wire.names(operation.name))
  return { error: { ...error, message: error.message.replaceAll(/\w+/g, (word) => names.get(word) ?? word) } }
}
