import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRouter, decodeSegment } from './router.ts'

const routes = ['GET /a', 'POST /a', 'GET /a/{x}', 'PUT /a/{y}', 'GET /a/b', 'GET /a/{x}/c', 'GET /{p}/b/c', 'POST /a/b/{z}/d'].map((route) => ({ method: route.split(' ')[0]!, path: route.split(' ')[1]! }))
const router = createRouter(routes)

function found(method: string, path: string): string {
  const literal = router.literal(path)
  const place = literal ? { place: literal, values: [] } : router.template(path)
  const leaf = place?.place.byMethod[method]
  return leaf ? `${leaf.entry.path} ${leaf.names.map((name, nth) => `${name}=${place!.values[nth]}`).join(' ')}`.trim() : place ? `405 ${place.place.allow}` : '404'
}

describe('a router', () => {
  it.each([
    ['GET', '/a', '/a'], ['HEAD', '/a', '/a'], ['GET', '/a/b', '/a/b'], ['GET', '/a/1', '/a/{x} x=1'], ['PUT', '/a/1', '/a/{y} y=1'], ['GET', '/a/%20', '/a/{x} x=%20'],
    // A literal segment goes before a field, as far as it leads somewhere.
    ['GET', '/a/b/c', '/a/{x}/c x=b'], ['GET', '/x/b/c', '/{p}/b/c p=x'], ['POST', '/a/b/1/d', '/a/b/{z}/d z=1'],
    // The path decides first: a literal one is not left for a template that has the method.
    ['PUT', '/a/b', '405 GET, HEAD, OPTIONS'], ['DELETE', '/a/1', '405 GET, HEAD, OPTIONS, PUT'], ['GET', '/a/b/c/d', '405 OPTIONS, POST'],
    ['GET', '/a/', '404'], ['GET', '/a//c', '404'], ['GET', '/A', '404'], ['GET', 'a', '404'], ['GET', '', '404'], ['GET', '*', '404'], ['GET', '/__proto__', '404'],
  ])('%s %s: %s', (method, path, expected) => { expect(found(method, path)).toBe(expected) })

  it('lists its places in the order in which it looks at them', () => {
    expect(router.places.map(({ segments }) => segments.map((segment) => segment ?? '{}').join('/'))).toEqual(['a', 'a/b', 'a/b/{}/d', 'a/{}', 'a/{}/c', '{}/b/c'])
  })

  it('decodes what encodeURIComponent wrote, and nothing that is broken', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => { expect(decodeSegment(encodeURIComponent(text))).toBe(text) }))
    for (const broken of ['%', '%4', '%ff', '%c3%28', 'ừ', 'a b', '\x00']) expect(decodeSegment(broken)).toBeUndefined()
  })
})
