/**
 * Why a request met no operation, or one that did not take it: the nearest operation, and what differs (path, method, which field). Worked out when the
 * journal is read, never while a request is served.
 */
import { editDistance } from '../../contracts/did-you-mean.ts'
import type { Exchange } from './journal.ts'

export type Offered = { name: string; method: string; path: string }
export type Unmatched = {
  differs: 'path' | 'method' | 'fields' | 'signature'
  /** The operation that was probably meant. */
  nearest?: Offered
  why: string
}

/** No longer paths are offered; comparing a path of thousands of characters letter by letter would hold up everybody. */
const COMPARED_LENGTH = 200

export function isUnmatched({ direction, operation, problem }: Exchange): boolean {
  return direction === 'in' && (operation === null || problem !== undefined)
}

export function unmatchedOf(exchange: Exchange, offered: readonly Offered[]): Unmatched | undefined {
  if (!isUnmatched(exchange)) return undefined
  const { operation, method, path, status, problem = '' } = exchange
  if (operation !== null) {
    const route = offered.find(({ name }) => name === operation)
    return { differs: status === 401 ? 'signature' : 'fields', ...(route && { nearest: only(route) }), why: problem }
  }
  const atPath = offered.filter((route) => fits(route.path, path))
  if (atPath.length > 0) {
    return { differs: 'method', nearest: only(atPath[0]!), why: `${path} takes ${atPath.map((route) => route.method).join(', ')}, not ${method}` }
  }
  const nearest = offered.map((route) => ({ route, distance: distanceOf(route.path, path) + (route.method === method ? 0 : 1) })).toSorted((a, b) => a.distance - b.distance)[0]?.route
  return { differs: 'path', ...(nearest && { nearest: only(nearest) }), why: nearest ? `nothing is offered at ${path}; the nearest path is ${nearest.path} (${nearest.method})` : `nothing is offered at ${path}` }
}

function only({ name, method, path }: Offered): Offered { return { name, method, path } }

function fits(template: string, path: string): boolean {
  if (!template.includes('{')) return template === path
  const [expected, given] = [template.split('/'), path.split('/')]
  return expected.length === given.length && expected.every((segment, i) => segment.includes('{') ? given[i] !== '' : segment === given[i])
}

/** What stands for `{field}` costs nothing. */
function distanceOf(template: string, whole: string): number {
  const path = whole.slice(0, COMPARED_LENGTH)
  const given = path.split('/')
  return editDistance(template.split('/').map((segment, i) => segment.includes('{') ? given[i] ?? segment : segment).join('/'), path)
}
