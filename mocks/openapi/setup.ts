/** Set-up of the tests that run simulators in their own process: an answer that is not in its role's OpenAPI document fails the test in which it was given. */
import { afterEach, expect } from 'vitest'

if (/[\\/](mocks|conform)[\\/]/.test(expect.getState().testPath ?? '')) {
  const { watchAnswers } = await import('./watch.ts')
  const watch = watchAnswers()
  afterEach(() => { expect(watch.take(), 'answers that are not in the OpenAPI document').toEqual([]) })
}
