/**
 * One HTTP request by k6: never follows redirects, never throws for a broken connection. With `cookies` the answer's cookies are taken into them, whatever
 * their domain says.
 * Written for k6's engine, where each object, each spread and each look into what Go holds costs a microsecond.
 */
import http from 'k6/http'
import type { Answer } from '../answer.ts'
import type { Method } from '../flows/flow.ts'
import { REQUEST_TIMEOUT_MS } from '../k6-options.ts'
import type { Cookies, SetCookies } from './cookies.ts'

/** Looked up once: k6's engine goes a long way to what a module of k6's exports, and to a global. */
const { request, CookieJar } = http
const { stringify } = JSON
/** k6 has read them when the request ends, and a virtual user sends one at a time. That no redirect is followed stands in k6's options. */
const params: { timeout: number; headers: Record<string, string>; jar: ReturnType<typeof http.cookieJar> | undefined } = { timeout: REQUEST_TIMEOUT_MS, headers: {}, jar: undefined }
/** k6's own jar would send the cookies a second time, and by their domain, which is not the gateway's. One that an answer has put something into is thrown away. */
let emptyJar = new CookieJar()

/** `headers` belong to the request: it may add to them. */
export function exchange(method: Method, url: string, headers: Record<string, string>, body: object | undefined, cookies?: Cookies): Answer {
  if (body !== undefined) headers['Content-Type'] = 'application/json'
  params.headers = headers
  params.jar = cookies && emptyJar
  const response = request(method, url, body === undefined ? null : stringify(body), params)
  const { status, headers: said } = response
  if (cookies) {
    const set = said['Set-Cookie']
    // The published types call it maxAge; k6 calls it max_age.
    if (set !== undefined && !cookies.takePlain(set)) cookies.take(response.cookies as unknown as SetCookies)
    if (set !== undefined || status === 0) emptyJar = new CookieJar()
  }
  return {
    status, error: status === 0 ? `${response.error} (${response.error_code})` : null, remote: response.remote_ip ?? '',
    servedBy: said['X-Served-By'] ?? null, location: status >= 300 && status < 400 ? said['Location'] ?? null : null,
    content: response,
  }
}
