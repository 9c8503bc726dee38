/**
 * Ready requests of a role's operations at a certain partner, from the examples of its contract, as they go over the wire: the source of the `curl`
 * commands and of the collection. Addresses of the examples that nobody listens at are those of the inbox here.
 */
import type { Example, Operation } from '../../contracts/partner-api/operation.ts'
import type { RoleWire } from '../../contracts/partner-api/wire.ts'
import type { Listed } from './listing.ts'

export type ReadyRequest = {
  operation: Operation
  example: Example
  method: string
  /** Path and query, as the partner knows them. */
  path: string
  headers: Record<string, string>
  body: string
  /** As it comes over the wire; the example's own is canonical. */
  status: number
}

/** What the contract's examples give as addresses: a port at which nobody listens. */
const NOWHERE = 'http://127.0.0.1:9/'

export function readyRequests({ key }: Pick<Listed, 'key'>, wire: RoleWire, { inboxUrl, nowMs }: { inboxUrl: string; nowMs: number }): ReadyRequest[] {
  return wire.role.operations.flatMap((operation) => operation.examples.map((example): ReadyRequest => {
    const asked = wire.request(operation.name, withAddresses(example.request, inboxUrl))
    return {
      operation, example, method: asked.method, path: asked.path + (asked.query === '' ? '' : `?${asked.query}`), body: asked.body, status: wire.answer(operation.name, example.status, example.answer).status,
      headers: { ...(asked.contentType !== undefined && { 'content-type': asked.contentType }), ...(operation.signed && wire.sign(key, asked.body, nowMs)) },
    }
  }))
}

function withAddresses(value: unknown, inboxUrl: string): unknown {
  if (typeof value === 'string') return value.startsWith(NOWHERE) ? `${inboxUrl}/${value.slice(NOWHERE.length)}` : value
  if (Array.isArray(value)) return value.map((item) => withAddresses(item, inboxUrl))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withAddresses(inner, inboxUrl)]))
}

/** To be pasted into a POSIX shell; `-i` shows the status. */
export function curlOf({ method, path, headers, body }: ReadyRequest, baseUrl: string): string {
  return [
    `curl -sS -i${method === 'GET' ? '' : ` -X ${method}`} ${quoted(baseUrl + path)}`,
    ...Object.entries(headers).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
    ...(body === '' ? [] : [`--data-raw ${quoted(body)}`]),
  ].join(' \\\n  ')
}

function quoted(text: string): string { return `'${text.replaceAll("'", `'\\''`)}'` }
