/**
 * One HTTP request by k6: never follows redirects, never throws for a broken connection, keeps no cookies of its own. Requests carry a `name`
 * tag, because k6 keeps a time series for every different URL otherwise.
 */
import http from 'k6/http'
import type { Answer } from '../answer.ts'
import type { Method } from '../flows/flow.ts'
import { REQUEST_TIMEOUT_MS } from '../k6-options.ts'

export type Exchanged = { answer: Answer; cookies: Record<string, string | null> }

export function exchange(method: Method, url: string, options: { name: string; headers: Record<string, string>; body?: object | undefined }): Exchanged {
  const response = http.request(method, url, options.body === undefined ? null : JSON.stringify(options.body), {
    redirects: 0, timeout: REQUEST_TIMEOUT_MS, tags: { name: options.name }, jar: new http.CookieJar(),
    headers: options.body === undefined ? options.headers : { ...options.headers, 'Content-Type': 'application/json' },
  })
  const cookies: Exchanged['cookies'] = {}
  for (const [name, values] of Object.entries(response.cookies ?? {})) {
    const last = values[values.length - 1]!
    cookies[name] = last.value === '' || last.maxAge < 0 ? null : last.value
  }
  const { headers } = response
  return {
    answer: {
      status: response.status, error: response.status === 0 ? `${response.error} (${response.error_code})` : null, remote: response.remote_ip ?? '',
      servedBy: headers['X-Served-By'] ?? null, location: headers['Location'] ?? null, text: typeof response.body === 'string' ? response.body : '',
    },
    cookies,
  }
}
