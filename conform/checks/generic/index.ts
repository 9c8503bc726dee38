/** Checks that every operation has, made of its definition and one valid input: good, malformed, incomplete, of wrong types, too large, unsigned, at the wrong place. */
import type { Operation } from '../../../contracts/partner-api/operation.ts'
import { answered, demand, notTriggerable, sameAnswer, seen, type Check } from '../../check.ts'
import type { Context } from '../../context.ts'
import type { Exchange } from '../../exchange.ts'
import type { Need } from '../../needs.ts'
import type { Speech } from '../../speech.ts'
import { flowIn, TOPICS, type RoleSuite, type Sample, type Topic } from '../role-suite.ts'

const LARGE_BYTES = 4 * 1024 * 1024
const REFUSED = { status: 400, codes: ['REQUEST_INVALID'] }
/** What a client sees whose server stops reading and closes before all was sent. */
const CUT_OFF: readonly (string | null)[] = ['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']
type Fields = Record<string, unknown>
type Part = { topic: Topic; vi: string; en: string; applies: boolean; /** Of these input fields, those that stand in the path cannot be left out or be of another type. */ fields?: readonly string[]; run: (context: Context, input: Fields) => Promise<void> }

export function genericChecks(suite: RoleSuite): Check[] {
  const operations = suite.role.operations.filter(({ name }) => suite.samples[name])
  return [...operations.flatMap((operation) => checksOf(suite, operation, suite.samples[operation.name]!)), ...unknownPath(suite, operations[0])]
}

function checksOf(suite: RoleSuite, operation: Operation, sample: Sample): Check[] {
  const { name } = operation
  const topics = sample.topics ?? TOPICS
  const key: Need = suite.signers?.[name]?.key === 'specialised' ? 'specialised-key' : 'caller-key'
  const needs: Need[] = [...(operation.signed ? [key] : []), ...sample.needs ?? []]
  return partsOf(operation, sample).filter(({ topic, applies }) => applies && topics.includes(topic)).map(({ topic, vi, en, fields, run }): Check => ({
    id: `${name}.${topic}`, flow: flowIn(suite, name), needs, requirement: { vi: `"${name}": ${vi}`, en: `"${name}": ${en}` },
    ...(fields && { applies: (speech: Speech) => fields.some((field) => !speech.standsInPath(name, field)) }),
    run: async (context) => run(sample.headers ? withHeaders(context, await sample.headers(context)) : context, await sample.input(context) as Fields),
  }))
}

function partsOf(operation: Operation, sample: Sample): Part[] {
  const { name } = operation
  const refusal = sample.refusal ?? REFUSED
  const json = operation.takes === 'json'
  const required = requiredFields(operation)
  const isRefused = ({ status, code }: Exchange) => status === refusal.status && refusal.codes.includes(code ?? '')
  const refused = async (context: Context, input: unknown, what: string) => {
    const exchange = await context.ask(name, input)
    const words = `${refusal.status} ${refusal.codes.join(' | ')}`
    demand(isRefused(exchange), { vi: `từ chối ${words} khi "${what}" thiếu hoặc sai kiểu`, en: `a refusal ${words} where "${what}" is missing or of a wrong type` }, seen(exchange), exchange, sameAnswer(exchange))
  }
  const triable = (context: Context, fields: readonly string[]) => {
    const found = fields.filter((field) => !context.standsInPath(name, field))
    // What made the input has asked, this has not.
    return found.length > 0 ? found : notTriggerable('mọi trường đều nằm trong đường dẫn', 'every field stands in the path')
  }
  return [
    { topic: 'good', applies: true, vi: 'nhận yêu cầu đúng dạng', en: 'takes a request of the form', run: async (context, input) => answered(await context.ask(name, input), sample.status) },
    { topic: 'wrong-method', applies: true, vi: 'từ chối phương thức khác bằng 405', en: 'refuses another method with 405', run: async (context, input) => answered(await context.ask(name, input, { method: 'DELETE', body: '' }), 405, 'METHOD_NOT_ALLOWED') },
    { topic: 'incomplete', applies: required.length > 0, fields: required, vi: 'từ chối yêu cầu thiếu trường bắt buộc', en: 'refuses a request without a required field', run: async (context, input) => {
      for (const field of triable(context, required)) await refused(context, without(input, field), field)
    } },
    { topic: 'malformed', applies: json, vi: 'từ chối nội dung không phải JSON', en: 'refuses a body that is not JSON', run: async (context, input) => {
      for (const body of ['', '{', '{"a":', 'hello', '[1,2']) {
        const exchange = await context.ask(name, input, { body })
        demand(isRefused(exchange), `${refusal.status} ${refusal.codes.join(' | ')}`, seen(exchange), exchange)
      }
    } },
    { topic: 'wrong-types', applies: json, vi: 'từ chối trường sai kiểu', en: 'refuses fields of a wrong type', run: async (context, input) => {
      for (const field of triable(context, Object.keys(input))) await refused(context, { ...input, [field]: typeof input[field] === 'object' && input[field] !== null ? 'text' : { not: 'this' } }, field)
    } },
    { topic: 'too-large', applies: json, vi: `từ chối nội dung ${LARGE_BYTES / 1024 / 1024} MiB bằng 413`, en: `refuses a body of ${LARGE_BYTES / 1024 / 1024} MiB with 413`, run: async (context, input) => {
      const exchange = await context.ask(name, input, { body: JSON.stringify({ ...input, filler: 'x'.repeat(LARGE_BYTES) }) })
      if (exchange.status !== null || !CUT_OFF.includes(exchange.error)) answered(exchange, 413)
      // A connection that was cut may be a refusal, or nothing that lives.
      else {
        const after = await context.ask(name, input)
        demand(after.status !== null, { vi: 'vẫn phục vụ sau đó', en: 'it goes on serving' }, seen(after), after)
      }
    } },
    { topic: 'unsigned', applies: operation.signed === true, vi: 'từ chối khi thiếu chữ ký', en: 'refuses a request without a signature', run: async (context, input) => answered(await context.ask(name, input, { signature: 'none' }), 401, 'SIGNATURE_INVALID') },
    { topic: 'wrong-signature', applies: operation.signed === true, vi: 'từ chối chữ ký sai', en: 'refuses a wrong signature', run: async (context, input) => answered(await context.ask(name, input, { signature: 'wrong' }), 401, 'SIGNATURE_INVALID') },
    { topic: 'altered-body', applies: operation.signed === true, vi: 'từ chối nội dung bị sửa sau khi ký (chữ ký của nội dung khác)', en: 'refuses a body that was altered after it was signed', run: async (context, input) => answered(await context.ask(name, input, { signature: 'of-another' }), 401, 'SIGNATURE_INVALID') },
    { topic: 'signed-bytes', applies: operation.signed === true && json, vi: 'kiểm chữ ký trên đúng các byte đã nhận, dù khoảng trắng và thứ tự trường thế nào', en: 'checks the signature over the very bytes that came, whatever their blanks and the order of fields', run: async (context, input) => (
      answered(await context.ask(name, input, { body: (own) => JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(own) as Fields).reverse()), null, 2) }), sample.status)
    ) },
  ]
}

function unknownPath(suite: RoleSuite, operation: Operation | undefined): Check[] {
  if (!operation) return []
  return [{
    id: 'unknown-path', flow: suite.flow, requirement: { vi: 'Trả 404 cho đường dẫn không có', en: 'Answers 404 where nothing is offered' },
    run: async (context) => answered(await context.ask(operation.name, {}, { method: 'GET', path: '/tongduyet-conform/nothing-here', headers: {} }), 404, 'ROUTE_UNKNOWN'),
  }]
}

function withHeaders(context: Context, headers: Record<string, string>): Context {
  return { ...context, ask: (operation, input, how = {}) => context.ask(operation, input, { ...how, headers: { ...headers, ...how.headers } }) }
}

function without(input: Fields, field: string): Fields {
  const { [field]: _, ...rest } = input
  return rest
}

/** Those without which the schema refuses an otherwise empty input. */
function requiredFields(operation: Operation): string[] {
  const parsed = operation.request.safeParse({})
  if (parsed.success) return []
  return [...new Set(parsed.error.issues.filter((issue) => issue.path.length === 1 && issue.code !== 'unrecognized_keys').map((issue) => String(issue.path[0])))]
}
