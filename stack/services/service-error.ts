/** A refusal that a service answers with: HTTP status and `{error: {code, message}}`. Nothing was stored where it is thrown. */
import type { z } from 'zod'

export class ServiceError extends Error {
  override readonly name = 'ServiceError'
  readonly statusCode: number
  readonly code: string
  constructor(statusCode: number, code: string, message: string) {
    super(message)
    this.statusCode = statusCode
    this.code = code
  }
}

export function errorBody(code: string, message: string): { error: { code: string; message: string } } { return { error: { code, message } } }

/** PostgreSQL's text has no U+0000; it is refused at the door with everything else that does not fit. */
const NUL = '\u0000'

/** The body by its schema, or 400 BODY_INVALID with every problem of it. */
export function parseBody<S extends z.ZodType>(schema: S, body: unknown): z.infer<S> {
  const parsed = schema.safeParse(body)
  if (!parsed.success) {
    throw new ServiceError(400, 'BODY_INVALID', parsed.error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`).join('; '))
  }
  if (holdsNul(parsed.data)) throw new ServiceError(400, 'BODY_INVALID', 'body: text must not hold U+0000')
  return parsed.data
}

function holdsNul(value: unknown): boolean {
  if (typeof value === 'string') return value.includes(NUL)
  if (Array.isArray(value)) return value.some(holdsNul)
  if (typeof value === 'object' && value !== null) return Object.values(value).some(holdsNul)
  return false
}
