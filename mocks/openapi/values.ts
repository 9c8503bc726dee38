/**
 * Values for fuzzing, as fast-check arbitraries: what fits a JSON Schema of a document, what just does not, and what has nothing to do with it. Addresses
 * are only ever those given, so that a simulator calls nobody else. `recall(NAME)` stands for what an earlier answer called NAME.
 */
import fc from 'fast-check'
import type { Json } from '../../contracts/partner-api/openapi/json-schema.ts'

export type Sources = {
  schemas: Json
  urls: readonly string[]
  /** Values by the name of their field, from the document's examples. */
  pool: ReadonlyMap<string, readonly unknown[]>
}

const MAX_DEPTH = 4
const text = fc.oneof({ weight: 4, arbitrary: fc.string({ minLength: 1, maxLength: 20 }) }, fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }), fc.string({ unit: 'binary', minLength: 1, maxLength: 6 }))

export function fitting(schema: Json, sources: Sources, depth = 0): fc.Arbitrary<unknown> {
  const inner = (child: unknown) => fitting((child ?? {}) as Json, sources, depth + 1)
  if (typeof schema['$ref'] === 'string') return fitting(sources.schemas[schema['$ref'].split('/').at(-1)!] as Json, sources, depth)
  if ('const' in schema) return fc.constant(schema['const'])
  if (Array.isArray(schema['enum'])) return fc.constantFrom(...schema['enum'] as unknown[])
  const choices = (schema['anyOf'] ?? schema['oneOf']) as Json[] | undefined
  if (choices && schema['type'] === 'object') return fc.oneof(...choices.map((choice) => objects(chosen(schema, choice, choices), sources, depth)))
  if (choices) return fc.oneof(...choices.map(inner))
  if (Array.isArray(schema['type'])) return fc.oneof(...(schema['type'] as string[]).map((type) => inner({ ...schema, type })))
  switch (schema['type']) {
    case 'object': return objects(schema, sources, depth)
    case 'array': return fc.array(inner(schema['items']), { minLength: Number(schema['minItems'] ?? 0), maxLength: Math.min(Number(schema['maxItems'] ?? 3), Number(schema['minItems'] ?? 0) + 3) })
    case 'string': return strings(schema, sources)
    case 'integer': return fc.integer(bounds(schema))
    case 'number': return fc.oneof(fc.integer(bounds(schema)), fc.double({ ...bounds(schema), noNaN: true, noDefaultInfinity: true }))
    case 'boolean': return fc.boolean()
    case 'null': return fc.constant(null)
    default: return fc.jsonValue({ maxDepth: 1 })
  }
}

/** Of fields that stand for one another only those of one choice. */
function chosen(schema: Json, choice: Json, choices: readonly Json[]): Json {
  const wanted = (choice['required'] ?? []) as string[]
  const others = choices.flatMap((other) => (other['required'] ?? []) as string[]).filter((name) => !wanted.includes(name))
  const properties = Object.entries((schema['properties'] ?? {}) as Json).filter(([name]) => !others.includes(name))
  return { ...schema, properties: Object.fromEntries(properties), required: [...new Set([...(schema['required'] ?? []) as string[], ...wanted])] }
}

function objects(schema: Json, sources: Sources, depth: number): fc.Arbitrary<unknown> {
  const properties = Object.entries((schema['properties'] ?? {}) as Record<string, Json>)
  const rest = schema['additionalProperties']
  if (properties.length === 0) return typeof rest === 'object' && depth < MAX_DEPTH ? fc.dictionary(text, fitting(rest as Json, sources, depth + 1), { maxKeys: 3 }) : fc.constant({})
  const required = (schema['required'] ?? []) as string[]
  return fc.record(Object.fromEntries(properties.map(([name, child]) => [name, known(name, fitting(child, sources, depth + 1), sources)])), { requiredKeys: required })
}

/** Mostly a value that the examples or an earlier answer have for the field: what is made up seldom meets anything that is there. */
export function known(name: string, made: fc.Arbitrary<unknown>, { pool }: Sources): fc.Arbitrary<unknown> {
  const values = pool.get(name) ?? []
  return fc.oneof({ weight: 2, arbitrary: made }, ...(values.length > 0 ? [{ weight: 4, arbitrary: fc.constantFrom(...values) }] : []), { weight: values.length > 0 ? 2 : 0, arbitrary: fc.constant(`recall(${name})`) })
}

function strings(schema: Json, { urls }: Sources): fc.Arbitrary<unknown> {
  if (schema['format'] === 'uri') return fc.constantFrom(...urls)
  if (schema['format'] === 'date') return fc.date({ min: new Date('1900-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }).map((date) => date.toISOString().slice(0, 10))
  if (schema['format'] === 'base64' || schema['contentEncoding'] === 'base64') return fc.base64String({ maxLength: 40 })
  if (typeof schema['pattern'] === 'string') return fc.stringMatching(new RegExp(schema['pattern'], 'u'))
  const most = Math.min(Number(schema['maxLength'] ?? 20), 20)
  return Number(schema['minLength'] ?? 0) === 0 ? fc.oneof(text, fc.constant('')) : text.map((value) => value.slice(0, most))
}

function bounds(schema: Json): { min: number; max: number } {
  const min = Math.max(Number(schema['minimum'] ?? schema['exclusiveMinimum'] ?? -1e9), -1e12)
  return { min, max: Math.max(min, Math.min(Number(schema['maximum'] ?? schema['exclusiveMaximum'] ?? 1e9), 1e12)) }
}

/** Something else than the schema asks for, somewhere in a fitting value. */
export function unfitting(fits: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const junk = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }), fc.constantFrom<unknown>(null, '', -1, 1.5, 1e300, -0, true, [], {}, '2026-02-30', 'null', '\u0000', '\ud800', 'e\u0301'.repeat(50)),
    fc.nat(20_000).map((length) => 'x'.repeat(length)), fc.integer({ min: 10, max: 3_000 }).map(nested),
  )
  return fc.oneof(
    { weight: 1, arbitrary: junk },
    { weight: 5, arbitrary: fc.tuple(fits, fc.nat(30), fc.constantFrom('drop', 'replace', 'replace', 'add', 'rename'), junk, fc.constantFrom('extra', '__proto__', 'constructor', 'toString', '')).map(([value, nth, how, other, name]) => {
      if (value === null || typeof value !== 'object' || Array.isArray(value)) return other
      const entries = Object.entries(value)
      const at = entries.length > 0 ? nth % entries.length : 0
      if (how === 'add' || entries.length === 0) return Object.fromEntries([...entries, [name, other]])
      if (how === 'drop') return Object.fromEntries(entries.filter((_, index) => index !== at))
      return Object.fromEntries(entries.map(([key, old], index) => index !== at ? [key, old] : how === 'rename' ? [key.toUpperCase(), old] : [key, other]))
    }) },
  )
}

function nested(depth: number): unknown {
  let value: unknown = 1
  for (let level = 0; level < depth; level += 1) value = level % 2 ? [value] : { value }
  return value
}
