/**
 * The same endpoint as msw handlers, for tests of systems that call a partner: `setupServer(...bankHandlers('http://bank.test'))`.
 * One handler a route, and a last one that refuses whatever else is asked under the base URL, as the server would; a reset becomes a network error.
 */
import { http, HttpResponse, type HttpHandler } from 'msw'
import { RESET, type Endpoint } from './endpoint.ts'

const BY_METHOD = { GET: http.get, POST: http.post, PUT: http.put, DELETE: http.delete }

export function toMswHandlers(endpoint: Endpoint, baseUrl: string): HttpHandler[] {
  const resolver = ({ request }: { request: Request }): Promise<Response> => answer(endpoint, request)
  return [
    ...endpoint.routes.map(({ method, path }) => BY_METHOD[method](baseUrl + path, resolver)),
    http.all(`${baseUrl}/*`, resolver),
  ]
}

async function answer(endpoint: Endpoint, request: Request): Promise<Response> {
  const url = new URL(request.url)
  const reply = await endpoint.reply({
    method: request.method,
    path: url.pathname,
    query: url.search.slice(1),
    body: request.method === 'GET' ? '' : await request.text(),
    header: (name) => request.headers.get(name) ?? undefined,
  })
  if (reply === RESET) return HttpResponse.error()
  const headers = new Headers(reply.headers)
  if (reply.body === undefined && reply.text === undefined) return new HttpResponse(null, { status: reply.status, headers })
  if (!headers.has('content-type')) headers.set('content-type', 'application/json')
  return new HttpResponse(reply.text ?? JSON.stringify(reply.body), { status: reply.status, headers })
}
