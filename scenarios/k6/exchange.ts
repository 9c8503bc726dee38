/**
 * One HTTP request by k6: never follows redirects, never throws for a broken connection. Requests carry a `name` tag, because k6 keeps a time
 * series for every different URL otherwise. With `cookies` the answer's cookies are taken into them, whatever their domain says.
 * Written for k6's engine, where each spread and each look into what Go holds costs a microsecond.
 */
import http from 'k6/http'
import type { Answer } from '../answer.ts'
import type { Method } from '../flows/flow.ts'
import { REQUEST_TIMEOUT_MS } from '../k6-options.ts'
import type { Cookies } from './cookies.ts'

/** `headers` belong to the request: it may add to them. */
export type ExchangeOptions = { name: string; headers: Record<string, string>; body?: object | undefined; cookies?: Cookies }

export function exchange(method: Method, url: string, { name, headers, body, cookies }: ExchangeOptions): Answer {
  if (body !== undefined) headers['Content-Type'] = 'application/json'
  const response = http.request(method, url, body === undefined ? null : JSON.stringify(body), {
    redirects: 0, timeout: REQUEST_TIMEOUT_MS, tags: { name }, headers,
    // k6's own jar would send the cookies a second time, and by their domain, which is not the gateway's.
    jar: cookies && new http.CookieJar(),
  })
  const { status, headers: said, body: text } = response
  if (cookies && said['Set-Cookie'] !== undefined) cookies.take(response.cookies)
  return {
    status, error: status === 0 ? `${response.error} (${response.error_code})` : null, remote: response.remote_ip ?? '',
    servedBy: said['X-Served-By'] ?? null, location: said['Location'] ?? null,
    text: typeof text === 'string' ? text : '',
  }
}
