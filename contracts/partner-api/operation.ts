/**
 * One operation of a partner's API: what it takes, what it answers, when it refuses. From the same definition come the fast server's entry and the
 * msw handler (`mocks/`), the OpenAPI 3.1 operation (`contracts/openapi/`), and the requests of a conformance run (`conform/`).
 * Names, fields and codes here are the canonical ones; what goes over the wire is theirs or what a contract profile makes of them
 * (`contract-profile.ts`). Refusals have the form `{error: {code, message}}` unless the role says otherwise.
 */
import { z } from 'zod'
import type { Text } from '../text.ts'

/** The form of every refusal except OAuth's. */
export const RefusalBody = z.object({ error: z.object({ code: z.string(), message: z.string() }) })

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'
export type RefusalCase = { status: number; when: Text }

export type Operation<Input extends z.ZodType = z.ZodType> = {
  /** Unique in its role; what behaviours, profiles, journals and conformance checks call it. */
  name: string
  method: Method
  /** Literal, or with `{field}` for a field of the input: `/v1/dossiers/{dossierCode}`. */
  path: string
  takes: 'query' | 'json' | 'form'
  request: Input
  /** By status; null where there is no body. Everything that is ever answered stands here. */
  answers: Readonly<Record<number, z.ZodType | null>>
  summary: Text
  /** Codes with which it refuses, beside those that every operation has (`COMMON_REFUSALS`). */
  refuses?: Readonly<Record<string, RefusalCase>>
  /** Whether the request carries the signature of the one who asks. */
  signed?: boolean
  /** Who may ask, beside the signature: the bearer of an access token, a client with its own secret, a session's cookie. */
  access?: 'bearer' | 'client' | 'cookie'
  /** Headers that are read or sent, by canonical name, beside the signature's and `x-op`. */
  headers?: Readonly<Record<string, { meaning: Text; required?: boolean; example?: string }>>
  /** Statuses that are an HTML page to whoever asks for text/html. */
  pages?: readonly number[]
  examples: readonly Example[]
}

/** One exchange that works in this order on a partner that has just started, or says in `given` what must be there. */
export type Example = { title: Text; request: unknown; status: number; answer?: unknown; given?: Text }

export function defineOperation<Input extends z.ZodType>(operation: Operation<Input>): Operation<Input> { return operation }

/** What any operation may answer before it is reached. */
export const COMMON_REFUSALS = {
  REQUEST_INVALID: { status: 400, when: { vi: 'yêu cầu không đúng dạng', en: 'the request is not of the form' } },
  SIGNATURE_INVALID: { status: 401, when: { vi: 'chữ ký thiếu hoặc sai', en: 'the signature is missing or wrong' } },
  ROUTE_UNKNOWN: { status: 404, when: { vi: 'không có gì ở đường dẫn này', en: 'nothing is offered at this path' } },
  METHOD_NOT_ALLOWED: { status: 405, when: { vi: 'đường dẫn này không nhận phương thức đó', en: 'the path does not take this method' } },
  REQUEST_TIMEOUT: { status: 408, when: { vi: 'yêu cầu không đến đủ trong thời hạn', en: 'the request did not come whole in time' } },
  BODY_TOO_LARGE: { status: 413, when: { vi: 'nội dung quá lớn', en: 'the body is too large' } },
  HEADERS_TOO_LARGE: { status: 431, when: { vi: 'phần đầu yêu cầu quá lớn', en: 'the request\'s headers are too large' } },
  THROTTLED: { status: 429, when: { vi: 'quá nhiều yêu cầu', en: 'too many requests' } },
  OUT_OF_SERVICE: { status: 503, when: { vi: 'tạm ngừng phục vụ', en: 'out of service for now' } },
} as const satisfies Record<string, RefusalCase>
