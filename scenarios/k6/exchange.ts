/**
 * One HTTP request by k6: never follows redirects, never throws for a broken connection. Requests carry a `name` tag, because k6 keeps a time
 * series for every different URL otherwise. With `cookies` the answer's cookies are taken into that record, whatever their domain says.
 */
import http from 'k6/http'
import type { Answer } from '../answer.ts'
import type { Method } from '../flows/flow.ts'
import { REQUEST_TIMEOUT_MS } from '../k6-options.ts'

export type ExchangeOptions = { name: string; headers: Record<string, string>; body?: object | undefined; cookies?: Record<string, string> }

export function exchange(method: Method, url: string, { name, headers, body, cookies }: ExchangeOptions): Answer {
  const response = http.request(method, url, body === undefined ? null : JSON.stringify(body), {
    redirects: 0, timeout: REQUEST_TIMEOUT_MS, tags: { name },
    headers: body === undefined ? headers : { ...headers, 'Content-Type': 'application/json' },
    // k6's own jar would send the cookies a second time, and by their domain, which is not the gateway's.
    ...(cookies && { jar: new http.CookieJar() }),
  })
  if (cookies) takeCookies(response.cookies ?? {}, cookies)
  // Each of these asks Go through reflection, so none is asked twice.
  const { status, headers: said, body: text } = response
  return {
    status, error: status === 0 ? `${response.error} (${response.error_code})` : null, remote: response.remote_ip ?? '',
    servedBy: said['X-Served-By'] ?? null, location: said['Location'] ?? null,
    text: typeof text === 'string' ? text : '',
  }
}

function takeCookies(set: Record<string, { value: string; maxAge: number }[]>, cookies: Record<string, string>): void {
  for (const [name, values] of Object.entries(set)) {
    const last = values[values.length - 1]!
    if (last.value === '' || last.maxAge < 0) delete cookies[name]
    else cookies[name] = last.value
  }
}
