import fc from 'fast-check'
import { expect, test } from 'vitest'
import { queryParameter, urlParts, urlReader } from './url-parts.ts'

test.each([
  ['http://127.64.6.1:8080/authorize?a=1#x', { scheme: 'http', host: '127.64.6.1', port: 8080, path: '/authorize?a=1#x' }],
  ['https://Portal.example', { scheme: 'https', host: 'portal.example', port: 443, path: '/' }],
  ['http://[::1]:80?q', { scheme: 'http', host: '[::1]', port: 80, path: '/?q' }],
])('reads %s', (text, parts) => { expect(urlParts(text)).toEqual(parts) })

test.each(['', '/path', 'ftp://host/', 'http://', 'http://user@host/', 'javascript:alert(1)', '//host/path'])('takes "%s" for no absolute URL', (text) => {
  expect(urlParts(text)).toBeUndefined()
})

test('agrees with the platform on web URLs', () => {
  fc.assert(fc.property(fc.webUrl({ size: 'small' }), (text) => {
    const url = new URL(text)
    const parts = urlParts(text)!
    expect(parts.host).toBe(url.hostname)
    expect(parts.port).toBe(Number(url.port || (url.protocol === 'https:' ? 443 : 80)))
  }))
})

test('reads the same with hosts that it has met', () => {
  const read = urlReader()
  const links = ['http://h.test/a?b=1#c', 'http://h.test/', 'http://h.test', 'http://h.test?a=/b', 'http://h.test#/b', 'https://h.test:8443/x', 'http://h/', 'ftp://h.test/', 'http://', 'http:///x', '', '/path', '//host/path', 'http://u@h.test/x', 'HTTP://H.test/X']
  fc.assert(fc.property(fc.oneof(fc.constantFrom(...links), fc.webUrl({ size: 'small', withQueryParameters: true })), (text) => { expect([read(text), read(text)]).toEqual([urlParts(text), urlParts(text)]) }))
})

test('reads a parameter as the platform does', () => {
  expect(queryParameter('/login?request=a=b+c&x', 'request')).toBe('a=b c')
  expect([queryParameter('/login?x&xy=1', 'x'), queryParameter('/login?xy=1', 'x'), queryParameter('/login', 'x')]).toEqual(['', undefined, undefined])
  fc.assert(fc.property(fc.string(), fc.string(), (one, two) => {
    const url = `/login?first=${encodeURIComponent(one)}&second=${encodeURIComponent(two)}#end`
    expect(queryParameter(url, 'first')).toBe(one)
    expect(queryParameter(url, 'second')).toBe(two)
    expect(queryParameter(url, 'third')).toBeUndefined()
  }))
})
