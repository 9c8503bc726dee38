/**
 * How canonical names stand in an OpenAPI document: as they are, or as a contract profile's role writes them (`contract-profile.ts`): fields and values
 * in schemas and examples, paths, statuses, codes, the form of a refusal, headers, the signature.
 */
import { DEFAULT_SIGNATURE, type SignatureScheme, type WireOperation, type WireRole } from '../contract-profile.ts'
import type { Operation } from '../operation.ts'
import type { OutgoingCall, RoleContract } from '../role.ts'
import type { Json } from './json-schema.ts'

type Side = 'request' | 'answer'
type Asked = Operation | OutgoingCall

export type Naming = {
  canonical: boolean
  signature: SignatureScheme
  method: (operation: Asked) => string
  path: (operation: Asked) => string
  status: (operation: Asked, status: number) => number
  field: (operation: Asked, side: Side, name: string) => string
  header: (name: string) => string
  schema: (operation: Asked, side: Side, json: Json) => Json
  value: (operation: Asked, side: Side, value: unknown) => unknown
  code: (code: string) => string
  refusal: (code: string, message: string) => unknown
  /** With these codes and no others, where some are given. */
  refusalSchema: (codes?: readonly string[]) => Json
}

const CANONICAL_REFUSAL = { code: 'error.code', message: 'error.message' }

export function namingOf(role: RoleContract, wire?: WireRole): Naming {
  const calls = new Set<Asked>(role.calls)
  const of = (operation: Asked): WireOperation => (calls.has(operation) ? wire?.calls : wire?.operations)?.[operation.name] ?? {}
  const field = (operation: Asked, side: Side, name: string) => of(operation)[side]?.[name] ?? wire?.fields[name] ?? name
  const valueOf = (name: string, value: unknown) => typeof value === 'string' ? wire?.values[name]?.[value] ?? value : value
  const code = (canonical: string) => wire?.codes[canonical] ?? canonical
  const form = wire?.refusal ?? CANONICAL_REFUSAL

  function value(operation: Asked, side: Side, canonical: unknown): unknown {
    if (!wire) return canonical
    if (Array.isArray(canonical)) return canonical.map((item) => value(operation, side, item))
    if (canonical === null || typeof canonical !== 'object') return canonical
    return Object.fromEntries(Object.entries(canonical).map(([name, inner]) => [field(operation, side, name), typeof inner === 'object' ? value(operation, side, inner) : valueOf(name, inner)]))
  }

  /** `name`: of the field whose schema it is, for its values. */
  function schema(operation: Asked, side: Side, json: unknown, name = ''): unknown {
    if (!wire) return json
    if (Array.isArray(json)) return json.map((item) => schema(operation, side, item, name))
    if (json === null || typeof json !== 'object') return json
    return Object.fromEntries(Object.entries(json).map(([keyword, inner]) => {
      if (keyword === 'properties') return [keyword, Object.fromEntries(Object.entries(inner as Json).map(([canonical, of]) => [field(operation, side, canonical), schema(operation, side, of, canonical)]))]
      if (keyword === 'required') return [keyword, (inner as string[]).map((canonical) => field(operation, side, canonical))]
      if (keyword === 'enum') return [keyword, (inner as unknown[]).map((canonical) => valueOf(name, canonical))]
      if (keyword === 'const' || keyword === 'default') return [keyword, valueOf(name, inner)]
      return [keyword, schema(operation, side, inner, name)]
    }))
  }

  return {
    canonical: wire === undefined,
    signature: wire?.signature ?? DEFAULT_SIGNATURE,
    method: (operation) => (of(operation).method ?? operation.method).toLowerCase(),
    path: (operation) => of(operation).path ?? operation.path.replace(/\{(\w+)\}/g, (_, name: string) => `{${field(operation, 'request', name)}}`),
    status: (operation, status) => of(operation).statuses?.[String(status)] ?? status,
    field,
    header: (name) => wire?.headers[name] ?? name,
    schema: (operation, side, json) => schema(operation, side, json) as Json,
    value,
    code,
    refusal: (canonical, message) => merged(nested(form.code, code(canonical)), nested(form.message, message)),
    refusalSchema: (codes = []) => merged(
      schemaAt(form.code, { type: 'string', ...(codes.length > 0 && { enum: [...new Set(codes.map(code))] }) }), schemaAt(form.message, { type: 'string' }),
    ),
  }
}

function nested(path: string, value: unknown): Json {
  const [first, ...rest] = path.split('.')
  return { [first!]: rest.length > 0 ? nested(rest.join('.'), value) : value }
}

function schemaAt(path: string, leaf: Json): Json {
  const [first, ...rest] = path.split('.')
  return { type: 'object', properties: { [first!]: rest.length > 0 ? schemaAt(rest.join('.'), leaf) : leaf }, required: [first] }
}

function merged(a: Json, b: Json): Json {
  const all = { ...a }
  for (const [name, value] of Object.entries(b)) {
    const there = all[name]
    all[name] = Array.isArray(there) && Array.isArray(value) ? [...new Set([...there, ...value] as unknown[])]
      : there !== null && typeof there === 'object' && value !== null && typeof value === 'object' ? merged(there as Json, value as Json) : value
  }
  return all
}
