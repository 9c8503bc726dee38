/** Checks that every operation has, made of its definition and one valid input: good, malformed, incomplete, of wrong types, too large, unsigned, at the wrong place. */
import type { Operation } from '../../../contracts/partner-api/operation.ts'
import { answered, demand, seen, type Check } from '../../check.ts'
import type { Context } from '../../context.ts'
import { flowIn, type RoleSuite, type Sample } from '../role-suite.ts'

const LARGE_BYTES = 4 * 1024 * 1024
const REFUSED = { status: 400, code: 'REQUEST_INVALID' }
type Fields = Record<string, unknown>

export function genericChecks(suite: RoleSuite): Check[] {
  const operations = suite.role.operations.filter(({ name }) => suite.samples[name])
  return [...operations.flatMap((operation) => checksOf(suite, operation, suite.samples[operation.name]!)), unknownPath(suite)]
}

function checksOf(suite: RoleSuite, operation: Operation, sample: Sample): Check[] {
  const { name } = operation
  const flow = flowIn(suite, name)
  const refusal = sample.refusal ?? REFUSED
  const needs = operation.signed ? ['caller-key'] as const : []
  const check = (topic: string, vi: string, en: string, run: Check['run']): Check => ({ id: `${name}.${topic}`, flow, needs, requirement: { vi: `"${name}": ${vi}`, en: `"${name}": ${en}` }, run })
  const withBody = operation.takes !== 'query'
  const list: Check[] = [
    check('good', 'nhận yêu cầu đúng dạng', 'takes a request of the form', async (context) => answered(await context.ask(name, sample.input(context)), sample.status)),
    check('wrong-method', 'từ chối phương thức khác bằng 405', 'refuses another method with 405', async (context) => {
      const input = sample.input(context)
      answered(await context.ask(name, input, { method: 'DELETE', body: '', headers: {} }), 405, 'METHOD_NOT_ALLOWED')
    }),
  ]
  if (requiredFields(operation).length > 0) {
    list.push(check('incomplete', 'từ chối yêu cầu thiếu trường bắt buộc', 'refuses a request without a required field', async (context) => {
      for (const field of requiredFields(operation)) {
        const input = sample.input(context) as Fields
        delete input[field]
        await refused(context, operation, input, refusal, `"${field}"`)
      }
    }))
  }
  if (!withBody) return list
  if (operation.takes === 'json') {
    list.push(
      check('malformed', 'từ chối nội dung không phải JSON', 'refuses a body that is not JSON', async (context) => {
        for (const body of ['', '{', '{"a":', 'hello', '[1,2']) answered(await context.ask(name, sample.input(context), { body }), refusal.status, refusal.code)
      }),
      check('wrong-types', 'từ chối trường sai kiểu', 'refuses fields of a wrong type', async (context) => {
        for (const field of sample.typed ?? Object.keys(sample.input(context) as Fields)) {
          const input = sample.input(context) as Fields
          await refused(context, operation, { ...input, [field]: typeof input[field] === 'object' ? 'text' : { not: 'this' } }, refusal, `"${field}"`)
        }
      }),
      check('too-large', `từ chối nội dung ${LARGE_BYTES / 1024 / 1024} MiB bằng 413`, `refuses a body of ${LARGE_BYTES / 1024 / 1024} MiB with 413`, async (context) => {
        const exchange = await context.ask(name, sample.input(context), { body: JSON.stringify({ ...sample.input(context) as Fields, filler: 'x'.repeat(LARGE_BYTES) }) })
        // A server that stops reading may close before the client has sent all.
        if (exchange.status === null && ['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'].includes(exchange.error ?? '')) return
        answered(exchange, 413, 'BODY_TOO_LARGE')
      }),
    )
  }
  if (operation.signed) {
    list.push(check('unsigned', 'từ chối khi thiếu chữ ký', 'refuses a request without a signature', async (context) => answered(await context.ask(name, sample.input(context), { signature: 'none' }), 401, 'SIGNATURE_INVALID')))
    list.push(check('wrong-signature', 'từ chối chữ ký sai', 'refuses a wrong signature', async (context) => answered(await context.ask(name, sample.input(context), { signature: 'wrong' }), 401, 'SIGNATURE_INVALID')))
  }
  return list
}

async function refused(context: Context, operation: Operation, input: unknown, refusal: { status: number; code: string }, what: string): Promise<void> {
  const exchange = await context.ask(operation.name, input)
  const fits = exchange.status === refusal.status && exchange.code === refusal.code
  const vi = `từ chối ${refusal.status} ${refusal.code} khi ${what} thiếu hoặc sai kiểu`
  demand(fits, { vi, en: `a refusal ${refusal.status} ${refusal.code} where ${what} is missing or of a wrong type` }, seen(exchange), exchange)
}

function unknownPath(suite: RoleSuite): Check {
  return {
    id: 'unknown-path', flow: suite.flow, requirement: { vi: 'Trả 404 cho đường dẫn không có', en: 'Answers 404 where nothing is offered' },
    run: async (context) => answered(await context.send('unknown-path', { method: 'GET', url: `${context.baseUrl}/tongduyet-conform/nothing-here`, headers: {}, body: undefined }), 404, 'ROUTE_UNKNOWN'),
  }
}

/** Those without which the schema refuses an otherwise empty input. */
function requiredFields(operation: Operation): string[] {
  const parsed = operation.request.safeParse({})
  if (parsed.success) return []
  return [...new Set(parsed.error.issues.filter((issue) => issue.path.length === 1 && issue.code !== 'unrecognized_keys').map((issue) => String(issue.path[0])))]
}
