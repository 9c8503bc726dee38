/**
 * What an operation may answer, by status: the declared bodies, its refusals with each code and when it comes, those that stand before any operation,
 * and `default` for a status that a simulator was asked to give. Examples are the operation's own; every refusal code has one.
 */
import type { z } from 'zod'
import type { Text } from '../../text.ts'
import { COMMON_REFUSALS, type Operation, type RefusalCase } from '../operation.ts'
import { COMMON_RESPONSES, commonResponse, isRefusalForm, listed, refusalContent, type Components } from './components.ts'
import type { Json } from './json-schema.ts'
import type { Naming } from './naming.ts'
import { both } from './text.ts'

const MEANINGS: Readonly<Record<number, Text>> = {
  200: { vi: 'Thành công', en: 'Done, or done before' }, 201: { vi: 'Đã tạo', en: 'Created' }, 202: { vi: 'Đã nhận, xử lý sau', en: 'Taken, to be worked on' },
  204: { vi: 'Thành công, không có nội dung', en: 'Done, no content' }, 302: { vi: 'Chuyển hướng', en: 'Redirect' }, 303: { vi: 'Chuyển hướng', en: 'Redirect' },
}
const OTHERWISE: Text = { vi: 'Từ chối', en: 'Refused' }

export function responsesOf(operation: Operation, naming: Naming, components: Components): Json {
  const refusals = refusalsOf(operation)
  const statuses = new Set([...Object.keys(operation.answers).map(Number), ...Object.values(refusals).map(({ status }) => status)])
  const own = [...statuses].map((status): [number, Json] => [naming.status(operation, status), response(operation, status, refusals, naming, components)])
  const common = Object.entries(COMMON_RESPONSES).filter(([code]) => code !== 'BODY_TOO_LARGE' || operation.takes !== 'query')
    .map(([code, name]): [number, Json] => [COMMON_REFUSALS[code as keyof typeof COMMON_REFUSALS].status, { $ref: `#/components/responses/${name}` }])
    .filter(([status]) => !own.some(([taken]) => taken === status))
  // Two canonical statuses may be one on the wire: the one declared first speaks for both.
  return Object.fromEntries([...[...common, ...own.toReversed()].toSorted(([a], [b]) => a - b).map(([status, value]) => [String(status), value]), ['default', { $ref: '#/components/responses/Simulated' }]])
}

/** The codes of its own and those that every operation with such a request has, where they share a status with what it declares. */
export function refusalsOf(operation: Operation): Readonly<Record<string, RefusalCase>> {
  const { REQUEST_INVALID, SIGNATURE_INVALID, ROUTE_UNKNOWN } = COMMON_REFUSALS
  const inCommon = new Set<string>(Object.keys(COMMON_RESPONSES))
  const shared = Object.entries(COMMON_REFUSALS).filter(([code, { status }]) => inCommon.has(code) && status in operation.answers)
  return {
    ...(isOAuth(operation, 400) ? {} : { REQUEST_INVALID }),
    ...(operation.signed && { SIGNATURE_INVALID }),
    ...(operation.path.includes('{') && { ROUTE_UNKNOWN }),
    ...Object.fromEntries(shared),
    ...operation.refuses,
  }
}

function response(operation: Operation, status: number, refusals: Readonly<Record<string, RefusalCase>>, naming: Naming, components: Components): Json {
  const schema = operation.answers[status]
  const codes = Object.entries(refusals).filter(([, refusal]) => refusal.status === status)
  const description = both(MEANINGS[status] ?? OTHERWISE) + listed(naming, codes)
  if (schema === null) return { description, ...(status >= 300 && status < 400 && { headers: { Location: { required: true, schema: { type: 'string', format: 'uri' } } } }) }
  const common = commonResponse(codes.map(([code]) => code))
  if (common && !operation.pages?.includes(status) && (schema === undefined || isRefusalForm(schema))) return common
  if (schema === undefined || isRefusalForm(schema)) return { description, content: { ...refusalContent(naming, Object.fromEntries(codes.map(([code, { when }]) => [code, when.en]))), ...page(operation, status) } }
  return { description, content: { 'application/json': { schema: components.answer(operation, status, schema), ...examples(operation, status, schema, codes, naming) }, ...page(operation, status) } }
}

function page(operation: Operation, status: number): Json {
  return operation.pages?.includes(status) ? { 'text/html': { schema: { type: 'string' } } } : {}
}

function examples(operation: Operation, status: number, schema: z.ZodType, codes: [string, RefusalCase][], naming: Naming): Json {
  const given = operation.examples.flatMap((example, n): [string, Json][] => example.status !== status || !schema.safeParse(example.answer).success ? []
    : [[`example-${n + 1}`, { summary: both(example.title), value: naming.value(operation, 'answer', example.answer) }]])
  const refused = codes.flatMap(([code, { when }]): [string, Json][] => {
    const value = { error: code, error_description: when.en }
    return schema.safeParse(value).success ? [[code, { value }]] : []
  })
  const all = [...given, ...refused]
  return all.length > 0 ? { examples: Object.fromEntries(all) } : {}
}

/** OAuth's own form of an error stands at this status, which the common codes do not fit. */
function isOAuth(operation: Operation, status: number): boolean {
  const schema = operation.answers[status]
  return schema !== undefined && schema !== null && !isRefusalForm(schema)
}
