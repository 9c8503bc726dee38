/**
 * Holds answers against an OpenAPI document with a validator that is not ours (ajv, JSON Schema 2020-12): is the status listed, are body, content type
 * and required headers as promised? Throws what is wrong, with operation and status. For tests. Forms that no operation declares (unknown path, method
 * that is not offered) are those under `components.responses`; a status that a behaviour asked for says SIMULATED_FAILURE.
 */
import addFormats from 'ajv-formats'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import type { Json } from '../../contracts/partner-api/openapi/json-schema.ts'
import type { OpenApiDocument } from '../../contracts/partner-api/openapi.ts'

export type GivenAnswer = { method: string; path: string; status: number; header: (name: string) => string | null | undefined; text: string }
export type AnswerCheck = (answer: GivenAnswer) => void

type Response = { headers?: Record<string, { required?: boolean; schema: Json }>; content?: Record<string, { schema: Json }> }
type Place = { operation: string; responses: Record<string, Json>; pointer: string }

/** What answers where no operation is, by the name under `components.responses`. */
const OFF_THE_PATHS: Readonly<Record<number, string>> = { 404: 'RouteUnknown', 405: 'MethodNotAllowed', 408: 'RequestTimeout', 413: 'BodyTooLarge', 431: 'HeadersTooLarge' }

export class AnswerNotInContract extends Error { override readonly name = 'AnswerNotInContract' }

export function createAnswerCheck(document: OpenApiDocument): AnswerCheck {
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  // The package's types speak of a default export that Node does not give.
  ;(addFormats as unknown as (target: Ajv2020) => void)(ajv)
  ajv.addSchema(document, 'document')
  const compiled = new Map<string, ValidateFunction>()
  const find = router(document)

  return ({ method, path, status, header, text }) => {
    const place = find(method, path)
    const [response, pointer] = promised(place, status, text)
    const fail = (what: string): never => {
      throw new AnswerNotInContract(`${document.info.title}: ${place?.operation ?? `${method} ${path}`} answered ${status}: ${what} · ${text.slice(0, 300)}`)
    }
    if (!response) return fail(place ? `listed are ${Object.keys(place.responses).join(', ')}` : 'no operation is at this path and method')
    for (const [name, { required }] of Object.entries(response.headers ?? {})) if (required && !header(name)) fail(`no header ${name}`)
    if (method === 'HEAD') return
    if (!response.content) { if (text !== '') fail('a body, where none is declared'); return }
    const type = (header('content-type') ?? '').split(';')[0]!.trim()
    if (!response.content[type]) fail(`content type "${type}"; declared are ${Object.keys(response.content).join(', ')}`)
    if (type !== 'application/json') return
    const validate = validator(`${pointer}/content/${escape(type)}/schema`)
    if (!validate(parsed(text, fail))) fail(ajv.errorsText(validate.errors, { dataVar: 'body' }) + allowed(validate))
  }

  function promised(place: Place | undefined, status: number, text: string): [Response | undefined, string] {
    if (status >= 400 && text.includes('"SIMULATED_FAILURE"')) return resolved({ $ref: '#/components/responses/Simulated' }, '')
    if (place) {
      return resolved(place.responses[String(status)], `${place.pointer}/responses/${status}`)
    }
    const name = OFF_THE_PATHS[status]
    if (name) return resolved({ $ref: `#/components/responses/${name}` }, '')
    return status === 204 ? [{}, ''] : [undefined, '']
  }

  function resolved(response: Json | undefined, pointer: string): [Response | undefined, string] {
    const ref = response?.['$ref']
    if (typeof ref !== 'string') return [response as Response | undefined, pointer]
    const name = ref.slice('#/components/responses/'.length)
    return [document.components.responses[name] as Response | undefined, `/components/responses/${name}`]
  }

  function validator(pointer: string): ValidateFunction {
    let validate = compiled.get(pointer)
    if (!validate) compiled.set(pointer, validate = ajv.compile({ $ref: `document#${pointer}` }))
    return validate
  }
}

/** A literal path wins over one with fields in it, as in the specification. HEAD answers as GET; OPTIONS everywhere. */
function router(document: OpenApiDocument): (method: string, path: string) => Place | undefined {
  const paths = Object.keys(document.paths).toSorted((a, b) => Number(a.includes('{')) - Number(b.includes('{')))
    .map((path) => ({ path, pattern: new RegExp(`^${path.split(/\{[^}]+\}/).map((literal) => literal.replace(/[.*+?^$|()[\]\\]/g, '\\$&')).join('[^/]+')}$`) }))
  return (method, path) => {
    // Methods are told apart by case (RFC 9110, 9.1).
    const key = method === 'HEAD' ? 'get' : method === method.toUpperCase() ? method.toLowerCase() : ''
    const found = paths.find((candidate) => candidate.pattern.test(path) && document.paths[candidate.path]![key])
    const operation = found && document.paths[found.path]![key]!
    return operation && { operation: String(operation['operationId']), responses: operation['responses'] as Record<string, Json>, pointer: `/paths/${escape(found.path)}/${key}` }
  }
}

function parsed(text: string, fail: (what: string) => never): unknown {
  try { return JSON.parse(text) } catch { return fail('not JSON') }
}

function allowed(validate: ValidateFunction): string {
  const values = (validate.errors ?? []).flatMap(({ params }) => (params as { allowedValues?: unknown[] }).allowedValues ?? [])
  const names = (validate.errors ?? []).flatMap(({ params }) => (params as { additionalProperty?: string }).additionalProperty ?? [])
  return `${values.length > 0 ? ` (${values.join(', ')})` : ''}${names.length > 0 ? ` (${names.join(', ')})` : ''}`
}

/** As a JSON pointer in the fragment of a URI. */
function escape(segment: string): string { return encodeURIComponent(segment.replaceAll('~', '~0').replaceAll('/', '~1')) }
