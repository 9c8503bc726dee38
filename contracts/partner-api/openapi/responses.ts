/**
 * What an operation may answer, by status: the declared bodies, its refusals with each code and when it comes, those that stand before any operation,
 * and `default` for a status that a simulator was asked to give. Examples are the operation's own; every refusal code has one.
 */
import type { z } from 'zod'
import type { Text } from '../../text.ts'
import { COMMON_REFUSALS, type Operation, type RefusalCase } from '../operation.ts'
import { COMMON_RESPONSES, commonResponse, isRefusalForm, listed, refusalMedia, type Components } from './components.ts'
import type { Json } from './json-schema.ts'
import type { Naming } from './naming.ts'
import { both } from './text.ts'

const MEANINGS: Readonly<Record<number, Text>> = {
  200: { vi: 'Thành công', en: 'Done, or done before' }, 201: { vi: 'Đã tạo', en: 'Created' }, 202: { vi: 'Đã nhận, xử lý sau', en: 'Taken, to be worked on' },
  204: { vi: 'Thành công, không có nội dung', en: 'Done, no content' }, 302: { vi: 'Chuyển hướng', en: 'Redirect' }, 303: { vi: 'Chuyển hướng', en: 'Redirect' },
}
const OTHERWISE: Text = { vi: 'Từ chối', en: 'Refused' }

/** What stands at one canonical status. */
type Part = { status: number; schema: z.ZodType | null | undefined; codes: [string, RefusalCase][] }

export function responsesOf(operation: Operation, naming: Naming, components: Components): Json {
  const refusals = Object.entries(refusalsOf(operation, naming))
  const statuses = new Set([...Object.keys(operation.answers).map(Number), ...refusals.map(([, { status }]) => status)])
  const parts = [...statuses].map((status): Part => ({ status, schema: operation.answers[status], codes: refusals.filter(([, refusal]) => refusal.status === status) }))
  const common = Object.entries(COMMON_RESPONSES).filter(([code]) => code !== 'BODY_TOO_LARGE' || operation.takes !== 'query')
    .map(([code, name]): [number, Json] => [COMMON_REFUSALS[code as keyof typeof COMMON_REFUSALS].status, { $ref: `#/components/responses/${name}` }])
  // Two canonical statuses may be one on the wire.
  const own = Map.groupBy(parts, ({ status }) => naming.status(operation, status))
  const all = new Map([...common, ...Array.from(own, ([status, there]): [number, Json] => [status, response(operation, there, naming, components)])])
  return Object.fromEntries([...[...all].toSorted(([one], [other]) => one - other).map(([status, value]) => [String(status), value]), ['default', { $ref: '#/components/responses/Simulated' }]])
}

/** The codes of its own and those that every operation with such a request has, where they share a status with what it declares. */
export function refusalsOf(operation: Operation, naming: Naming): Readonly<Record<string, RefusalCase>> {
  const { REQUEST_INVALID, SIGNATURE_INVALID, ROUTE_UNKNOWN } = COMMON_REFUSALS
  const inCommon = new Set<string>(Object.keys(COMMON_RESPONSES))
  const shared = Object.entries(COMMON_REFUSALS).filter(([code, { status }]) => inCommon.has(code) && status in operation.answers)
  return {
    ...(isOAuth(operation, 400) ? {} : { REQUEST_INVALID }),
    ...(operation.signed && { SIGNATURE_INVALID }),
    ...(naming.path(operation).includes('{') && { ROUTE_UNKNOWN }),
    ...Object.fromEntries(shared),
    ...operation.refuses,
  }
}

function response(operation: Operation, parts: readonly Part[], naming: Naming, components: Components): Json {
  const codes = parts.flatMap((part) => part.codes)
  const pages = parts.some(({ status }) => operation.pages?.includes(status))
  const refused = parts.filter(({ schema }) => schema === undefined || (schema !== null && isRefusalForm(schema)))
  const common = commonResponse(codes.map(([code]) => code))
  if (common && !pages && refused.length === parts.length) return common
  const description = [...new Set(parts.map(({ status }) => both(MEANINGS[status] ?? OTHERWISE)))].join(' / ') + listed(naming, codes)
  const redirects = parts.some(({ status, schema }) => schema === null && status >= 300 && status < 400)
  const bodies = parts.flatMap(({ status, schema, codes: own }) => schema && !isRefusalForm(schema) ? [{ schema: components.answer(operation, status, schema), examples: examples(operation, status, schema, own, naming) }] : [])
  const refusal = refused.length > 0 ? refusalMedia(naming, Object.fromEntries(refused.flatMap((part) => part.codes).map(([code, { when }]) => [code, when.en]))) : undefined
  const schemas = [...new Map([...bodies, ...(refusal ? [refusal] : [])].map(({ schema }) => [JSON.stringify(schema), schema])).values()]
  const shown = Object.assign({}, ...bodies.map((body) => body.examples), refusal?.examples) as Json
  return {
    description,
    ...(redirects && { headers: { Location: { required: true, schema: { type: 'string', format: 'uri' } } } }),
    ...((schemas.length > 0 || pages) && { content: {
      ...(schemas.length > 0 && { 'application/json': { schema: schemas.length === 1 ? schemas[0] : { anyOf: schemas }, ...(Object.keys(shown).length > 0 && { examples: shown }) } }),
      ...(pages && { 'text/html': { schema: { type: 'string' } } }),
    } }),
  }
}

function examples(operation: Operation, status: number, schema: z.ZodType, codes: [string, RefusalCase][], naming: Naming): Json {
  const given = operation.examples.flatMap((example, n): [string, Json][] => example.status !== status || !schema.safeParse(example.answer).success ? []
    : [[`example-${n + 1}`, { summary: both(example.title), value: naming.value(operation, 'answer', example.answer) }]])
  const refused = codes.flatMap(([code, { when }]): [string, Json][] => {
    const value = { error: code, error_description: when.en }
    return schema.safeParse(value).success ? [[code, { value }]] : []
  })
  return Object.fromEntries([...given, ...refused])
}

/** OAuth's own form of an error stands at this status, which the common codes do not fit. */
function isOAuth(operation: Operation, status: number): boolean {
  const schema = operation.answers[status]
  return schema !== undefined && schema !== null && !isRefusalForm(schema)
}
