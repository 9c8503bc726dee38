/**
 * One operation as it goes over the wire: requests and answers written from canonical values and read back. Without a profile nothing is copied.
 * Refusals have their own form (`refusal-wire.ts`); where a profile gives two statuses one number, a refusal's code tells them apart.
 */
import type { WireOperation, WireRole } from './contract-profile.ts'
import { formatForm, parseForm, put } from './form-data.ts'
import { RefusalBody, type Method, type Operation } from './operation.ts'
import { createRefusalWire, type RefusalWire } from './refusal-wire.ts'
import { rename, renamingOf, wirePath, type Names } from './renaming.ts'
import { decodeSegment, fieldsOf } from './router.ts'
import { namesIn, shapeOf, type Shape } from './schema-shape.ts'

/** What an operation is made of on the wire; the parts that a route of a simulator has, too. */
export type Spoken = Pick<Operation, 'name' | 'method' | 'path' | 'takes' | 'request' | 'answers'> & { refuses?: Operation['refuses'] }
export type Asked = { method: Method; path: string; query: string; body: string; contentType: string | undefined }
export type Answered = { status: number; body: unknown }
export type Read = { value: unknown } | { problem: string }

export type OperationWire = {
  name: string
  method: Method
  path: string
  request: (canonical: unknown) => Asked
  /** `fields`: the path's, decoded or not, in the order of `pathFields`. Says what is wrong where it cannot be read; the schema judges the rest. */
  read: (fields: readonly string[], query: string, body: string) => Read
  answer: (status: number, body: unknown) => Answered
  readAnswer: (status: number, body: unknown) => Answered
  /** Of the request's fields at every depth. */
  names: () => readonly (readonly [wire: string, canonical: string])[]
  /** A path of the canonical request as the wire calls it. */
  fieldPath: (path: readonly PropertyKey[]) => string
}

export function operationWire(operation: Spoken, role?: WireRole, wire?: WireOperation, refusals: RefusalWire = createRefusalWire()): OperationWire {
  // Canonical names need no look into the schemas; simulators of a run start by the dozen.
  const isCanonical = role === undefined && wire === undefined
  let shape: Shape | undefined
  const requestShape = (): Shape => shape ??= shapeOf(operation.request)
  const requestNames = namesOf(role, wire?.request)
  const request = isCanonical ? undefined : renamingOf(requestShape(), requestNames)
  const answers = isCanonical ? undefined : renamingOf(shapeOf(...Object.values(operation.answers).filter((schema) => schema !== RefusalBody)), namesOf(role, wire?.answer))
  const method = wire?.method ?? operation.method
  const path = wire?.path ?? operation.path.split('/').map((segment) => segment.startsWith('{') ? `{${requestNames.wireName(segment.slice(1, -1))}}` : segment).join('/')
  const pathFields = fieldsOf(path)
  const numbers = new Set(pathFields.filter((name) => [...requestShape().properties].some(([field, { shape: own }]) => requestNames.wireName(field) === name && own.number && !own.freeText)))
  const statuses = statusMap(operation, wire)

  function value(query: string, body: string): Read {
    if (operation.takes !== 'json') {
      const form = parseForm(operation.takes === 'query' ? query : body)
      return form ? { value: form } : { problem: `the ${operation.takes === 'query' ? 'query' : 'form'} is not percent-encoded UTF-8` }
    }
    // Where the path says everything, nothing need follow.
    if (body === '' && pathFields.length > 0) return { value: {} }
    try { return { value: JSON.parse(body) } } catch { return { problem: 'the body is not JSON' } }
  }

  return {
    name: operation.name,
    method,
    path,
    request(canonical) {
      const all = rename(request, canonical, 'out') as Record<string, unknown>
      const rest = pathFields.length > 0 ? { ...all } : all
      for (const name of pathFields) delete rest[name]
      const filled = pathFields.reduce((text, name) => text.replace(`{${name}}`, () => encodeURIComponent(String(all[name] ?? '').toWellFormed())), path)
      if (operation.takes === 'query') return { method, path: filled, query: formatForm(rest), body: '', contentType: undefined }
      if (operation.takes === 'form') return { method, path: filled, query: '', body: formatForm(rest), contentType: 'application/x-www-form-urlencoded' }
      return { method, path: filled, query: '', body: JSON.stringify(rest), contentType: 'application/json' }
    },
    read(fields, query, body) {
      const given = value(query, body)
      if ('problem' in given || pathFields.length === 0) return 'problem' in given || !request ? given : { value: rename(request, given.value, 'in') }
      if (typeof given.value !== 'object' || given.value === null || Array.isArray(given.value)) return { problem: 'the body is not an object' }
      const merged: Record<string, unknown> = {}
      for (const [name, item] of Object.entries(given.value)) if (!pathFields.includes(name)) put(merged, name, item)
      for (const [nth, name] of pathFields.entries()) {
        const text = decodeSegment(fields[nth] ?? '')
        if (text === undefined) return { problem: `"${name}" in the path is not percent-encoded UTF-8` }
        put(merged, name, numbers.has(name) && operation.takes === 'json' && /^-?\d{1,15}(\.\d{1,9})?$/.test(text) ? Number(text) : text)
      }
      return { value: rename(request, merged, 'in') }
    },
    answer(status, body) {
      const wireStatus = statuses?.get(status) ?? status
      if (refusals.isRefusal(body)) return { status: wireStatus, body: refusals.write(body) }
      return { status: wireStatus, body: rename(answers, body, 'out') }
    },
    readAnswer(wireStatus, body) {
      const candidates = statuses ? candidatesOf(operation, statuses, wireStatus) : [wireStatus]
      const refusal = candidates.some((status) => status >= 400) ? refusals.read(body) : undefined
      if (refusal) return { status: candidates.length === 1 ? candidates[0]! : refusals.statusOf(operation, refusal.error.code) ?? candidates.findLast((status) => status >= 400)!, body: refusal }
      const status = candidates.find((candidate) => candidate < 400) ?? candidates[0]!
      return { status, body: rename(answers, body, 'in') }
    },
    names: () => [...namesIn(requestShape()).keys()].map((name) => [requestNames.wireName(name), name]),
    fieldPath: (fieldPath) => wirePath(request, fieldPath),
  }
}

export function namesOf(role: WireRole | undefined, own: Readonly<Record<string, string>> | undefined): Names {
  const values = new Map(Object.entries(role?.values ?? {}).map(([field, map]) => [field, new Map(Object.entries(map))]))
  const names = new Map([...Object.entries(role?.fields ?? {}), ...Object.entries(own ?? {})])
  return { wireName: (field) => names.get(field) ?? field, values: (field) => values.get(field) }
}

function statusMap(operation: Spoken, wire: WireOperation | undefined): ReadonlyMap<number, number> | undefined {
  const given = Object.entries(wire?.statuses ?? {})
  return given.length === 0 ? undefined : new Map(given.map(([canonical, status]) => [Number(canonical), status]))
}

/** Canonical statuses that have this number on the wire. */
export function candidatesOf(operation: Spoken, statuses: ReadonlyMap<number, number>, wireStatus: number): number[] {
  const declared = new Set([...Object.keys(operation.answers).map(Number), ...statuses.keys()])
  const found = [...declared].filter((status) => (statuses.get(status) ?? status) === wireStatus)
  return found.length > 0 ? found : [wireStatus]
}
