/**
 * The shared parts of a role's OpenAPI document: every body's schema once under a name (two operations with the same zod schema share it), the form of
 * refusals, the answers that any operation may give, and how who asks is known.
 */
import type { z } from 'zod'
import { COMMON_REFUSALS, RefusalBody, type Operation, type RefusalCase } from '../operation.ts'
import { jsonSchemaOf, withoutFields, type Json } from './json-schema.ts'
import type { Naming } from './naming.ts'
import { both } from './text.ts'

export type Components = {
  /** A reference to the body's schema; `omit`: fields that stand in the path. */
  request: (operation: Operation, omit: readonly string[]) => Json
  answer: (operation: Operation, status: number, schema: z.ZodType) => Json
  schemas: () => Json
}

export function createComponents(naming: Naming, closed: boolean): Components {
  const schemas: Record<string, Json> = {}
  const shared = { request: new Map<z.ZodType, string>(), answer: new Map<z.ZodType, string>() }

  function named(name: string, make: () => Json): string {
    let free = name
    for (let n = 2; free in schemas; n += 1) free = `${name}${n}`
    schemas[free] = make()
    return free
  }

  /** Under a profile each operation may name the same fields differently, so nothing is shared. */
  function once(known: Map<z.ZodType, string>, schema: z.ZodType, name: string, make: () => Json): Json {
    const taken = (naming.canonical && known.get(schema)) || named(name, make)
    known.set(schema, taken)
    return { $ref: `#/components/schemas/${taken}` }
  }

  return {
    request(operation, omit) {
      const make = () => naming.schema(operation, 'request', withoutFields(jsonSchemaOf(operation.request, 'input'), omit))
      const name = `${pascal(operation.name)}Request`
      return omit.length > 0 ? { $ref: `#/components/schemas/${named(name, make)}` } : once(shared.request, operation.request, name, make)
    },
    answer: (operation, status, schema) => once(shared.answer, schema, `${pascal(operation.name)}Answer${status < 300 ? '' : status}`,
      () => naming.schema(operation, 'answer', jsonSchemaOf(schema, 'output', closed))),
    schemas: () => schemas,
  }
}

/** Of some operations only, and of requests that reach none. */
const OF_SOME = ['REQUEST_INVALID', 'SIGNATURE_INVALID', 'ROUTE_UNKNOWN', 'METHOD_NOT_ALLOWED']
/** Names under `components.responses`. */
const BY_CODE: Readonly<Record<string, string>> = Object.fromEntries(Object.keys(COMMON_REFUSALS).map((code) => [code, pascal(code.toLowerCase())]))
/** What whatever stands before an operation may answer to any. */
export const COMMON_RESPONSES: Readonly<Record<string, string>> = Object.fromEntries(Object.entries(BY_CODE).filter(([code]) => !OF_SOME.includes(code)))
const OFF_THE_PATHS: readonly string[] = ['RouteUnknown', 'MethodNotAllowed', 'BodyTooLarge']

/** The response of a single code that every role has; undefined for others. */
export function commonResponse(codes: readonly string[]): Json | undefined {
  const name = codes.length === 1 ? BY_CODE[codes[0]!] : undefined
  return name === undefined ? undefined : { $ref: `#/components/responses/${name}` }
}

/** `used`: the document so far as a text; what it does not name stays out, except for what belongs to no operation. */
export function commonResponses(naming: Naming, used: string): Json {
  const codes = Object.entries(BY_CODE).filter(([, name]) => OFF_THE_PATHS.includes(name) || used.includes(`"#/components/responses/${name}"`))
  return Object.fromEntries([
    ...codes.map(([code, name]) => {
      const refusal = COMMON_REFUSALS[code as keyof typeof COMMON_REFUSALS]
      const headers = code === 'THROTTLED' || code === 'OUT_OF_SERVICE' ? { headers: { 'Retry-After': { schema: { type: 'integer', minimum: 0 }, description: 's' } } }
        : code === 'METHOD_NOT_ALLOWED' ? { headers: { Allow: { schema: { type: 'string' } } } } : {}
      return [name, { description: both(refusal.when), ...headers, content: refusalContent(naming, { [code]: refusal.when.en }) }]
    }),
    ['Simulated', {
      description: both({ vi: 'Chỉ trình mô phỏng: trạng thái được yêu cầu trước (hành vi theo yêu cầu)', en: 'Simulators only: a status that was asked for beforehand (behaviour on demand)' }),
      content: refusalContent(naming, { SIMULATED_FAILURE: 'simulated: status 500' }),
    }],
  ])
}

/** The form of a refusal, with these codes and no others. */
export function refusalContent(naming: Naming, messages: Readonly<Record<string, string>>): Json { return { 'application/json': refusalMedia(naming, messages) } }

export function refusalMedia(naming: Naming, messages: Readonly<Record<string, string>>): { schema: Json; examples: Json } {
  const codes = Object.keys(messages)
  return { schema: naming.refusalSchema(codes), examples: Object.fromEntries(codes.map((code) => [code, { value: naming.refusal(code, messages[code]!) }])) }
}

/** The codes with their texts, as a list in Markdown. */
export function listed(naming: Naming, codes: readonly (readonly [string, RefusalCase])[]): string {
  return codes.length === 0 ? '' : `\n${codes.map(([code, { when }]) => `\n- \`${naming.code(code)}\`: ${both(when)}`).join('')}`
}

export function isRefusalForm(schema: z.ZodType): boolean { return schema === RefusalBody }

export function pascal(name: string): string { return name.split(/[^A-Za-z0-9]+/).map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join('') }
