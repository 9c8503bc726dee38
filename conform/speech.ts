/**
 * How canonical requests, answers and callbacks of a role look on the wire of the tested system (contracts/partner-api/wire.ts): canonical names, or those of
 * a contract profile. Checks speak canonical names only.
 */
import type { Operation } from '../contracts/partner-api/operation.ts'
import type { ContractProfile } from '../contracts/partner-api/contract-profile.ts'
import type { RoleContract } from '../contracts/partner-api/role.ts'
import { compileWires } from '../contracts/partner-api/wire.ts'

export type WireRequest = { method: string; path: string; body: string | undefined; contentType: string | undefined }
export type CameIn = { method: string; path: string; headers: Readonly<Record<string, string | undefined>>; body: string }

export type Speech = {
  /** Name of the contract profile; null for canonical names. */
  profile: string | null
  operation: (name: string) => Operation | undefined
  request: (name: string, input: unknown) => WireRequest
  answer: (name: string, status: number, json: unknown) => { status: number; body: unknown }
  /** A callback or push of the system as canonical data; undefined where it cannot be read. */
  call: (name: string, came: CameIn) => any
  /** Whether what came is at an address that the profile fixes for something that the system sends. */
  isAnyCall: (came: CameIn) => boolean
  /** Whether this field stands in the path of the operation. */
  standsInPath: (name: string, field: string) => boolean
  /** Whether what came is this push, by method and path. */
  isCall: (name: string, came: CameIn) => boolean
  /** How a push is answered. */
  reply: (name: string, status: number, body: unknown) => { status: number; body: unknown }
  /** Headers that carry who signs, and the signature of a body. */
  sign: (key: string, signer: { header: string; id: string }, body: string) => Record<string, string>
  signatureFits: (key: string, came: CameIn) => boolean
}

const PROBE = 'probe'

export function speechOf(role: RoleContract, profile?: ContractProfile, nowMs: () => number = Date.now): Speech {
  const speaks = profile?.roles[role.id] !== undefined
  const wire = compileWires(speaks ? { ...profile, roles: { [role.id]: profile.roles[role.id]! } } : undefined, [role]).get(role.id)!
  const operations = new Map(role.operations.map((operation) => [operation.name, operation]))
  return {
    profile: speaks ? profile.name : null,
    operation: (name) => operations.get(name),
    request(name, input) {
      const { method, path, query, body, contentType } = wire.request(name, input)
      return { method, path: query === '' ? path : `${path}?${query}`, body: contentType === undefined ? undefined : body, contentType }
    },
    answer: (name, status, json) => wire.readAnswer(name, status, json),
    call(name, { method, path, body }) {
      const { pathname, search } = new URL(path, 'http://receiver')
      const found = wire.find(method, pathname, 'calls')
      const read = wire.readRequest(name, { body, query: search.slice(1), ...(found?.name === name && { fields: found.fields }) })
      return 'value' in read ? read.value : undefined
    },
    isAnyCall: ({ method, path }) => wire.find(method, path.split('?')[0]!, 'calls') !== undefined,
    standsInPath: (name, field) => wire.request(name, { [field]: PROBE }).path.includes(PROBE),
    isCall: (name, { method, path }) => wire.find(method, path.split('?')[0]!, 'calls')?.name === name,
    reply: (name, status, body) => wire.answer(name, status, body),
    sign: (key, { header, id }, body) => ({ ...wire.headers({ [header]: id }), ...wire.sign(key, body, nowMs()) }),
    signatureFits: (key, came) => wire.verify(key, came.body, (name) => came.headers[name.toLowerCase()], nowMs()),
  }
}
