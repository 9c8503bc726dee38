/**
 * Requests for fuzzing a partner, made from its OpenAPI document alone: of each operation those that fit, those that just do not, and broken ones:
 * malformed JSON and queries, other methods, paths that do not exist, headers and signatures of all kinds. A body is text, undefined where it is not UTF-8.
 */
import fc from 'fast-check'
import type { Json } from '../../contracts/partner-api/openapi/json-schema.ts'
import type { OpenApiDocument } from '../../contracts/partner-api/openapi.ts'
import { fitting, known, unfitting, type Sources } from './values.ts'

export type FuzzRequest = { operation: string; method: string; path: string; query: string; body: string | undefined; headers: Record<string, string> }

type Parameter = { name: string; in: string; required?: boolean; schema: Json; examples?: Record<string, { value: unknown }> }
type Body = { content: Record<string, { schema: Json; examples?: Record<string, { value: unknown }> }> }

const OTHER_METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS', 'TRACE', 'get', 'PROPFIND'] as const
const BROKEN_BODIES = ['', '{', '{"a":', 'null', '[]', '"', '{"a":1}}', '\ufeff{}', '{"a":\u0000}', '<xml/>', '{"a":1,"a":2}', '[[[[', '1e999', '%', 'a=b&c', '\u0000'] as const
const BROKEN_QUERIES = ['%', '%zz=1', '%ff=%fe', 'a=%c3', '&&&=&', 'a&a&a', '=', 'a=b=c', '__proto__=1', 'constructor=1', '+++', '%00=%00', '?', '#'] as const
const OTHER_PATHS = ['/', '//', '/%', '/%ff', '/..', '/v1', '/v1/', '/V1/QR', '/__proto__', '/constructor', '/v1/nothing/at/all', `/${'x'.repeat(3_000)}`, '*'] as const

export function requestsOf(document: OpenApiDocument, urls: readonly string[]): fc.Arbitrary<FuzzRequest> {
  const sources: Sources = { schemas: document.components.schemas, urls, pool: poolOf(document, urls) }
  const operations = Object.entries(document.paths).flatMap(([path, item]) => Object.entries(item).map(([method, object]) => requestsFor(path, method.toUpperCase(), object, sources)))
  const elsewhere = fc.tuple(fc.constantFrom(...OTHER_METHODS), fc.oneof(fc.constantFrom(...OTHER_PATHS), fc.webPath()), fc.constantFrom(...BROKEN_BODIES))
    .map(([method, path, body]): FuzzRequest => ({ operation: 'elsewhere', method, path, query: '', body, headers: {} }))
  return fc.oneof({ weight: 20, arbitrary: fc.oneof(...operations) }, { weight: 1, arbitrary: elsewhere })
}

function requestsFor(template: string, method: string, operation: Json, sources: Sources): fc.Arbitrary<FuzzRequest> {
  const parameters = (operation['parameters'] ?? []) as Parameter[]
  const record = (place: string) => fc.record(
    Object.fromEntries(parameters.filter((one) => one.in === place).map(({ name, schema }) => [name, known(name, fitting(schema, sources), sources)])),
    { requiredKeys: parameters.filter((one) => one.in === place && one.required).map(({ name }) => name) },
  )
  const [contentType, media] = Object.entries((operation['requestBody'] as Body | undefined)?.content ?? {})[0] ?? []
  const body = media ? fitting(media.schema, sources) : fc.constant(undefined)
  const written = (value: unknown) => value === undefined ? '' : contentType === 'application/json' ? JSON.stringify(value) ?? '' : asForm(value)
  const bodies = media
    ? fc.oneof({ weight: 6, arbitrary: body.map(written) }, { weight: 4, arbitrary: unfitting(body).map(written) }, { weight: 1, arbitrary: fc.oneof(fc.constantFrom(...BROKEN_BODIES), fc.constant(undefined), fc.string({ unit: 'binary' })) })
    : fc.constantFrom('', '', '', '{}', 'x')
  const query = record('query')
  const queries = fc.oneof({ weight: 6, arbitrary: query.map(asForm) }, { weight: 3, arbitrary: unfitting(query).map(asForm) }, { weight: 1, arbitrary: fc.oneof(fc.constantFrom(...BROKEN_QUERIES), fc.string()) })
  const paths = fc.oneof(
    { weight: 9, arbitrary: record('path').map((values) => template.replace(/\{([^}]+)\}/g, (_, name: string) => encodeURIComponent(String((values as Json)[name]).toWellFormed()))) },
    { weight: 1, arbitrary: fc.constantFrom('%', '%ff', '', '..', '%2F', '%00', 'x/y', '{x}', 'x'.repeat(2_000)).map((segment) => template.replace(/\{[^}]+\}/g, segment)) },
  )
  const methods = fc.oneof({ weight: 20, arbitrary: fc.constant(method) }, { weight: 1, arbitrary: fc.constantFrom(...OTHER_METHODS) })
  return fc.record({ operation: fc.constant(String(operation['operationId'])), method: methods, path: paths, query: queries, body: bodies, headers: headersOf(contentType) })
}

function headersOf(contentType: string | undefined): fc.Arbitrary<Record<string, string>> {
  const word = fc.stringMatching(/^[\x21-\x7e]{0,20}$/)
  return fc.record({
    'content-type': fc.oneof({ weight: 8, arbitrary: fc.constant(contentType ?? 'text/plain') }, { weight: 1, arbitrary: fc.constantFrom('application/xml', 'application/json; charset=utf-16', '', 'multipart/form-data; boundary=x') }),
    'authorization': fc.oneof(fc.constantFrom('Bearer', 'Bearer recall(access_token)', 'Basic Og==', 'Basic %%%', 'Basic cG9ydGFsOnM='), word.map((text) => `Bearer ${text}`)),
    'accept': fc.constantFrom('text/html', 'application/json', '*/*'), 'x-signature': word, 'x-op': word, 'x-partner': word, 'x-bank': word, 'cookie': word,
  }, { requiredKeys: ['content-type'] })
}

/** Addresses of examples belong to nobody here: they are left out. */
function poolOf(document: OpenApiDocument, urls: readonly string[]): Map<string, unknown[]> {
  const pool = new Map<string, unknown[]>()
  const add = (name: string, value: unknown): void => {
    if (typeof value === 'string' && /^https?:/.test(value) && !urls.includes(value)) return
    if (typeof value !== 'object') pool.set(name, [...new Set([...pool.get(name) ?? [], value])])
    else walk(value, name)
  }
  const walk = (value: unknown, name = ''): void => {
    if (Array.isArray(value)) for (const item of value) add(name, item)
    else if (value !== null && typeof value === 'object') for (const [key, item] of Object.entries(value)) add(key, item)
  }
  for (const operation of Object.values(document.paths).flatMap((item) => Object.values(item))) {
    for (const { name, examples } of (operation['parameters'] ?? []) as Parameter[]) for (const { value } of Object.values(examples ?? {})) add(name, value)
    for (const { examples } of Object.values((operation['requestBody'] as Body | undefined)?.content ?? {})) for (const { value } of Object.values(examples ?? {})) walk(value)
  }
  return pool
}

function asForm(value: unknown): string {
  if (value === null || typeof value !== 'object') return String(value)
  return new URLSearchParams(Object.entries(value).map(([name, item]): [string, string] => [name, typeof item === 'object' ? JSON.stringify(item) : String(item)])).toString()
}
