/**
 * One operation as OpenAPI writes it: parameters from the fields that stand in path and query, the body from the rest, headers, who may ask, answers.
 */
import type { z } from 'zod'
import type { Operation } from '../operation.ts'
import type { OutgoingCall, RoleContract } from '../role.ts'
import { isRefusalForm, listed, refusalContent, type Components } from './components.ts'
import { fieldsOf, jsonSchemaOf, type Json } from './json-schema.ts'
import type { Naming } from './naming.ts'
import { refusalsOf, responsesOf } from './responses.ts'
import { both } from './text.ts'

const NOT_TAKEN = { description: both({ vi: 'Không nhận; sẽ gửi lại', en: 'Not taken; it is sent again' }) }
const CONTENT_TYPE = { json: 'application/json', form: 'application/x-www-form-urlencoded', query: '' }

export function operationObject(operation: Operation, naming: Naming, components: Components): Json {
  return {
    operationId: operation.name, tags: ['operations'], summary: operation.summary.vi, description: operation.summary.en,
    ...asking(operation, naming, components, operationHeaders(operation, naming)),
    responses: responsesOf(operation, naming, components),
    security: securityOf(operation),
  }
}

/** A request that the role sends by itself: the other side's answers are what makes it stop. */
export function callObject(role: RoleContract, call: OutgoingCall, naming: Naming, components: Components): Json {
  const sender = role.senderHeader === undefined ? [] : [headerParameter(naming.header(role.senderHeader), both({ vi: 'Ai gửi', en: 'Who sends it' }), true)]
  const op = headerParameter(naming.header('x-op'), both({ vi: 'Mã thao tác, để lần theo một giao dịch qua các hệ thống', en: 'The operation, by which a transaction is followed through the systems' }), false)
  const to = call.to === 'caller'
    ? { vi: `Gửi tới địa chỉ đã cho trong yêu cầu \`${call.after ?? ''}\`.`, en: `Sent to the address that the request \`${call.after ?? ''}\` gave.` }
    : { vi: `Gửi tới vai trò \`${call.to}\`${call.path && `: \`${naming.method(call).toUpperCase()} ${naming.path(call)}\``}.`, en: `Sent to the role \`${call.to}\`${call.path && `: \`${naming.method(call).toUpperCase()} ${naming.path(call)}\``}.` }
  // A webhook has no path of its own: what stands in the other side's path is said with it.
  const { parameters = [], ...rest } = asking(call, naming, components, [...sender, op, ...operationHeaders(call, naming)])
  return {
    operationId: `call-${call.name}`, tags: ['calls'], summary: call.summary.vi, description: `${call.summary.en}\n\n${both(to)}`,
    parameters: (parameters as Json[]).filter((parameter) => parameter['in'] !== 'path'), ...rest,
    responses: {
      ...Object.fromEntries(Object.entries(call.answers).map(([status, schema]) => [String(naming.status(call, Number(status))), answered(call, Number(status), schema, naming, components)])),
      ...(!Object.keys(call.answers).some((status) => status.startsWith('4')) && { '4XX': NOT_TAKEN }), '5XX': NOT_TAKEN,
    },
    security: securityOf(call),
  }
}

/** Names in the path as it stands on the wire, and the canonical fields behind them. */
export function pathFields(operation: Operation, naming: Naming): { wire: string; canonical: string }[] {
  const canonical = Object.keys(fieldsOf(jsonSchemaOf(operation.request, 'input')).properties)
  return [...naming.path(operation).matchAll(/\{([^}]+)\}/g)].map(([, wire]) => ({ wire: wire!, canonical: canonical.find((name) => naming.field(operation, 'request', name) === wire) ?? wire! }))
}

function asking(operation: Operation, naming: Naming, components: Components, headers: Json[]): Json {
  const inPath = pathFields(operation, naming).map(({ canonical }) => canonical)
  const { properties, required } = fieldsOf(jsonSchemaOf(operation.request, 'input'))
  const place = (name: string) => inPath.includes(name) ? 'path' : 'query'
  const parameters = Object.keys(properties).filter((name) => inPath.includes(name) || operation.takes === 'query').map((name): Json => {
    const { description, ...schema } = fieldsOf(naming.schema(operation, 'request', { properties: { [name]: properties[name]! } })).properties[naming.field(operation, 'request', name)]!
    return {
      name: naming.field(operation, 'request', name), in: place(name), ...(description !== undefined && { description }),
      ...((required.includes(name) || inPath.includes(name)) && { required: true }), schema, ...parameterExamples(operation, naming, name),
    }
  })
  const all = [...parameters, ...headers]
  return { ...(all.length > 0 && { parameters: all }), ...(operation.takes !== 'query' && body(operation, naming, components, inPath)) }
}

function body(operation: Operation, naming: Naming, components: Components, inPath: readonly string[]): Json {
  const examples = operation.examples.flatMap(({ title, request, status, given }, n): [string, Json][] => {
    if (request === null || typeof request !== 'object' || !operation.request.safeParse(request).success) return []
    const sent = Object.fromEntries(Object.entries(request).filter(([name]) => !inPath.includes(name)))
    return [[`example-${n + 1}`, { summary: `${both(title)} → ${naming.status(operation, status)}`, ...(given && { description: both(given) }), value: naming.value(operation, 'request', sent) }]]
  })
  return { requestBody: { required: true, content: { [CONTENT_TYPE[operation.takes]]: {
    schema: components.request(operation, inPath), ...(examples.length > 0 && { examples: Object.fromEntries(examples) }),
  } } } }
}

function parameterExamples(operation: Operation, naming: Naming, name: string): Json {
  const values = operation.examples.flatMap(({ title, request }, n): [string, Json][] => {
    const value = (request as Json | null)?.[name]
    return value === undefined || !operation.request.safeParse(request).success ? [] : [[`example-${n + 1}`, { summary: both(title), value: (naming.value(operation, 'request', { [name]: value }) as Json)[naming.field(operation, 'request', name)] }]]
  })
  return values.length > 0 ? { examples: Object.fromEntries(values) } : {}
}

function operationHeaders(operation: Operation, naming: Naming): Json[] {
  const { timestampHeader } = naming.signature
  return [
    ...Object.entries(operation.headers ?? {}).map(([name, { meaning, required, example }]) => headerParameter(naming.header(name), both(meaning), required === true, example)),
    ...(operation.signed && timestampHeader ? [headerParameter(timestampHeader, both({ vi: 'Thời điểm ký, giây từ 1970', en: 'When it was signed, seconds since 1970' }), true)] : []),
  ]
}

function headerParameter(name: string, description: string, required: boolean, example?: string): Json {
  return { name, in: 'header', description, ...(required && { required }), schema: { type: 'string' }, ...(example !== undefined && { example }) }
}

function securityOf(operation: Operation): Json[] {
  const schemes = [operation.signed && 'signature', operation.access].filter((name) => name !== undefined && name !== false)
  return schemes.length > 0 ? [Object.fromEntries(schemes.map((name) => [name, []]))] : []
}

function answered(call: OutgoingCall, status: number, schema: z.ZodType | null, naming: Naming, components: Components): Json {
  const codes = Object.entries(refusalsOf(call, naming)).filter(([, refusal]) => refusal.status === status)
  const description = status < 300 ? both({ vi: 'Đã nhận; không gửi lại', en: 'Taken; it is not sent again' }) : both({ vi: 'Từ chối; không gửi lại', en: 'Refused; it is not sent again' })
  if (schema === null) return { description }
  const content = isRefusalForm(schema) ? refusalContent(naming, Object.fromEntries(codes.map(([code, { when }]) => [code, when.en]))) : { 'application/json': { schema: components.answer(call, status, schema) } }
  return { description: description + listed(naming, codes), content }
}
