/**
 * The same endpoint as msw handlers, for tests of systems that call a partner: `setupServer(...bankHandlers('http://bank.test'))`.
 * One handler for each path, found by msw itself, and a last one that refuses whatever else is asked under the base URL, as the server would; a reset
 * becomes a network error.
 */
import { http, HttpResponse, type HttpHandler } from 'msw'
import { MAX_BODY_BYTES, textOf } from './body.ts'
import { RESET, type Endpoint, type RawRequest, type Reply } from './endpoint.ts'
import { refusal } from './route.ts'

export function toMswHandlers(endpoint: Endpoint, baseUrl: string): HttpHandler[] {
  const refuse = endpoint.refuse ?? refusal
  const carried = (reply: (request: RawRequest, params: Readonly<Record<string, string | readonly string[] | undefined>>) => Reply | Promise<Reply>) =>
    async ({ request, params }: { request: Request; params: Readonly<Record<string, string | readonly string[] | undefined>> }): Promise<Response> => {
      const raw = await rawOf(request)
      return responseOf(raw ? await reply(raw, params) : refuse(413, 'BODY_TOO_LARGE', `more than ${MAX_BODY_BYTES} bytes`), request.method)
    }
  return [
    ...(endpoint.places ?? []).map(({ segments, reply }) => {
      const path = segments.map((segment) => segment === null ? '([^/]+)' : literally(segment)).join('/')
      // A pattern, because msw takes `:` and `*` in a path for its own.
      return http.all(new RegExp(`^${literally(baseUrl)}/${path}$`), carried((raw, params) => reply(Object.values(params) as string[], raw)))
    }),
    http.all(`${baseUrl}/*`, carried((raw) => endpoint.reply(raw))),
  ]
}

function literally(text: string): string { return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&') }

/** Undefined where the body is too large. */
async function rawOf(request: Request): Promise<RawRequest | undefined> {
  const url = new URL(request.url)
  const bytes = request.method === 'GET' || request.method === 'HEAD' ? undefined : Buffer.from(await request.arrayBuffer())
  if (bytes && bytes.length > MAX_BODY_BYTES) return undefined
  return {
    method: request.method, path: url.pathname, query: url.search.slice(1), body: bytes ? textOf(bytes) : '', header: (name) => request.headers.get(name) ?? undefined,
  }
}

function responseOf(reply: Reply, method: string): Response {
  if (reply === RESET) return HttpResponse.error()
  const headers = new Headers(reply.headers)
  if (reply.body === undefined && reply.text === undefined) return new HttpResponse(null, { status: reply.status, headers })
  if (!headers.has('content-type')) headers.set('content-type', 'application/json')
  return new HttpResponse(method === 'HEAD' ? null : reply.text ?? JSON.stringify(reply.body), { status: reply.status, headers })
}
