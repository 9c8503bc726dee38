import { expect, test } from 'vitest'
import { createCookies } from './cookies.ts'

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

test('begins each journey with none', () => {
  const cookies = createCookies()
  cookies.takePlain('sid=x; Path=/')
  cookies.forget()
  expect([cookies.header(), cookies.has('sid')]).toEqual(['', false])
  cookies.takePlain('state=s1')
  expect(cookies.header()).toBe('state=s1')
})

test.each([
  ['sid=a=b!1; Path=/; HttpOnly', 'sid=a=b!1'],
  ['state=s1', 'sid=old; state=s1'],
  ['sid=; Path=/; Max-Age=0', ''],
  ['sid=x;max-age=-1', ''],
  ['sid=x; Max-Age=60; Path=/', 'sid=x'],
  ['sid=1; Path=/, state=2; Path=/', 'sid=1; state=2'],
  ['sid=; Path=/; Max-Age=0; HttpOnly, state=2', 'state=2'],
  ['sid=1, state=2; Path=/', undefined],
  ['sid=1,state=2', undefined],
  ['sid=1; Path=/, state="2"', undefined],
  ['state=2; Path=/, sid=1; Expires=Wed, 09 Jun 2027 10:18:14 GMT; Path=/', undefined],
  ['sid=1; Expires=Wed, 09 Jun 2027 10:18:14 GMT', undefined],
  ['sid="quoted"', undefined],
  ['sid = 1', undefined],
  ['', undefined],
])('reads "%s" itself only where it is plainly one cookie', (header, then) => {
  const cookies = createCookies()
  cookies.take({ sid: [{ value: 'old', max_age: 0 }] })
  expect(cookies.takePlain(header)).toBe(then !== undefined)
  expect(cookies.header()).toBe(then ?? 'sid=old')
})
