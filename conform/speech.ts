/**
 * How canonical requests, answers and callbacks of a role look on the wire of the tested system. The canonical form itself, unless a contract profile
 * says otherwise; checks speak canonical names only.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Operation } from '../contracts/partner-api/operation.ts'
import type { RoleContract } from '../contracts/partner-api/role.ts'

export type WireRequest = { method: string; path: string; body: string | undefined; contentType: string | undefined }
export type CameIn = { method: string; path: string; headers: Readonly<Record<string, string | undefined>>; body: string }

export type Speech = {
  operation: (name: string) => Operation | undefined
  request: (name: string, input: unknown) => WireRequest
  answer: (name: string, status: number, json: unknown) => { status: number; body: unknown }
  /** A callback or push of the system as canonical data; undefined where it is not JSON. */
  call: (name: string, came: CameIn) => unknown
  /** Where a push of this name arrives; undefined where its address is given with an earlier request. */
  callPath: (name: string) => string | undefined
  /** Headers that carry the signature of a body. */
  sign: (key: string, body: string) => Record<string, string>
  signatureFits: (key: string, came: CameIn) => boolean
}

export function canonicalSpeech(role: RoleContract): Speech {
  const operations = new Map(role.operations.map((operation) => [operation.name, operation]))
  const calls = new Map(role.calls.map((call) => [call.name, call]))
  const signatureOf = (key: string, body: string) => createHmac('sha256', key).update(body).digest('hex')
  return {
    operation: (name) => operations.get(name),
    request(name, input) {
      const operation = operations.get(name)
      if (!operation) throw new Error(`role ${role.id} has no operation "${name}"`)
      return requestOf(operation, input)
    },
    answer: (_name, status, body) => ({ status, body }),
    call: (_name, came) => jsonOf(came.body),
    callPath: (name) => calls.get(name)?.path || undefined,
    sign: (key, body) => ({ 'x-signature': signatureOf(key, body) }),
    signatureFits: (key, came) => sameText(came.headers['x-signature'] ?? '', signatureOf(key, came.body)),
  }
}

/** Fields that stand in the path leave the rest. */
function requestOf(operation: Operation, input: unknown): WireRequest {
  const fields: Record<string, unknown> = typeof input === 'object' && input !== null && !Array.isArray(input) ? { ...input } : {}
  let inPath = false
  const path = operation.path.replace(/\{(\w+)\}/g, (_, field: string) => {
    inPath = true
    const value = fields[field]
    delete fields[field]
    return encodeURIComponent(String(value ?? ''))
  })
  const entries = () => Object.entries(fields).filter(([, value]) => value !== undefined).map(([name, value]): [string, string] => [name, String(value)])
  if (operation.takes === 'query') {
    const query = new URLSearchParams(entries()).toString()
    return { method: operation.method, path: query === '' ? path : `${path}?${query}`, body: undefined, contentType: undefined }
  }
  if (operation.takes === 'form') return { method: operation.method, path, body: new URLSearchParams(entries()).toString(), contentType: 'application/x-www-form-urlencoded' }
  return { method: operation.method, path, body: JSON.stringify(inPath ? fields : input), contentType: 'application/json' }
}

export function jsonOf(text: string): unknown {
  try { return JSON.parse(text) } catch { return undefined }
}

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}
