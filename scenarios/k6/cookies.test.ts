import { expect, test } from 'vitest'
import { createCookies, plainCookie } from './cookies.ts'

test('keeps what the last answer said of each cookie, and forgets what it took back', () => {
  const cookies = createCookies()
  expect([cookies.header(), cookies.has('sid')]).toEqual(['', false])
  cookies.take({ state: [{ value: 'old', max_age: 0 }, { value: 's1', max_age: 0 }], sid: [{ value: 'a=b', max_age: 60 }] })
  expect([cookies.header(), cookies.has('sid')]).toEqual(['state=s1; sid=a=b', true])
  cookies.take({ state: [{ value: '', max_age: 0 }] })
  expect(cookies.header()).toBe('sid=a=b')
  cookies.take({ sid: [{ value: 'gone', max_age: -1 }] })
  expect([cookies.header(), cookies.has('sid')]).toEqual(['', false])
})

test.each([
  ['sid=a=b!1; Path=/; HttpOnly', { sid: [{ value: 'a=b!1', max_age: 0 }] }],
  ['state=s1', { state: [{ value: 's1', max_age: 0 }] }],
  ['sid=; Path=/; Max-Age=0', { sid: [{ value: '', max_age: -1 }] }],
  ['sid=x;max-age=-1', { sid: [{ value: 'x', max_age: -1 }] }],
  ['sid=x; Max-Age=60; Path=/', { sid: [{ value: 'x', max_age: 0 }] }],
  ['sid=1; Path=/, state=2; Path=/', undefined],
  ['sid=1; Expires=Wed, 09 Jun 2027 10:18:14 GMT', undefined],
  ['sid="quoted"', undefined],
  ['sid = 1', undefined],
  ['', undefined],
])('reads "%s" itself only where it is plainly one cookie', (header, set) => { expect(plainCookie(header)).toEqual(set) })
