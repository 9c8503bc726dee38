import { describe, expect, it } from 'vitest'
import { holds, parseCondition } from './condition.ts'

function parsed(text: string) {
  const result = parseCondition(text)
  if ('error' in result) throw new Error(result.error.what)
  return result.condition
}

describe('a condition', () => {
  it.each([
    ['dns.ttl(all) <= 60s', { metric: 'dns.ttl', argument: 'all', operator: '<=', threshold: 60_000, unit: 'ms' }],
    ['portal.submit.p95<800ms', { metric: 'portal.submit.p95', argument: undefined, operator: '<', threshold: 800, unit: 'ms' }],
    ['portal.errorRate < 2%', { metric: 'portal.errorRate', operator: '<', threshold: 0.02, unit: 'ratio' }],
    ['  sync.pending( wave-1 ) == 0 ', { metric: 'sync.pending', argument: 'wave-1', operator: '==', threshold: 0, unit: 'count' }],
    ['dns.converged(all) == 100%', { threshold: 1, unit: 'ratio' }],
  ])('%s is read', (text, expected) => { expect(parsed(text)).toMatchObject(expected) })

  it.each([
    ['', 1, /metric is missing/],
    ['< 3', 1, /metric is missing/],
    ['portal.errorRate 3', 18, /no operator/],
    ['dns.ttl(all <= 60s', 8, /bracket/],
    ['portal.errorRate < two', 20, /not a number/],
    ['portal.submit.p95 < 800x', 21, /not a number/],
  ])('%s is refused at column %i', (text, column, what) => {
    const result = parseCondition(text)
    expect('error' in result && result.error.column).toBe(column)
    expect('error' in result && result.error.what).toMatch(what)
  })

  it.each([
    ['a < 1', 0.5, true], ['a < 1', 1, false], ['a <= 1', 1, true], ['a >= 1', 1, true], ['a > 1', 1, false],
    ['a == 0', 0, true], ['a == 0', 1, false], ['a != 0', 0, false], ['a == 0', Number.NaN, false],
  ])('%s with %d holds: %s', (text, observed, expected) => { expect(holds(parsed(text), observed)).toBe(expected) })
})
