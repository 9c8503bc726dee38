import { expect, test } from 'vitest'
import { createCookies } from './cookies.ts'

test('keeps what the last answer said of each cookie, and forgets what it took back', () => {
  const cookies = createCookies()
  expect([cookies.header(), cookies.has('sid')]).toEqual(['', false])
  cookies.take({ state: [{ value: 'old', maxAge: 0 }, { value: 's1', maxAge: 0 }], sid: [{ value: 'a=b', maxAge: 60 }] })
  expect([cookies.header(), cookies.has('sid')]).toEqual(['state=s1; sid=a=b', true])
  cookies.take({ state: [{ value: '', maxAge: 0 }] })
  expect(cookies.header()).toBe('sid=a=b')
  cookies.take({ sid: [{ value: 'gone', maxAge: -1 }] })
  expect([cookies.header(), cookies.has('sid')]).toEqual(['', false])
})
