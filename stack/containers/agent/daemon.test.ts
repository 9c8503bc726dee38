import { expect, test } from 'vitest'
import { childrenOf, startDaemon } from './daemon.ts'
import { until } from './until.ts'

test('a daemon that ends by itself says how and what it said last', async () => {
  const lines: string[] = []
  const daemon = startDaemon('sh', ['-c', 'echo one; echo two >&2; exit 3'], (line) => lines.push(line))
  expect(await daemon.ended).toMatch(/sh ended by itself \(code 3\): (?:one \| two|two \| one)/)
  expect(lines.toSorted()).toEqual(['one', 'two'])
})

test('one that is not there says so', async () => {
  expect(await startDaemon('no-such-daemon', []).ended).toMatch(/no-such-daemon (?:cannot be started|ended by itself)/)
})

test('one that was asked to end has not ended by itself', async () => {
  const daemon = startDaemon('sleep', ['60'])
  await daemon.stop()
  expect(await Promise.race([daemon.ended, Promise.resolve('nothing')])).toBe('nothing')
})

test.skipIf(process.platform !== 'linux')('what it and its children use is counted, also of those that have ended', async () => {
  const daemon = startDaemon('sh', ['-c', 'i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done & wait; sleep 60 & wait'])
  try {
    await until('the child to work', () => daemon.usage().cpuMs > 50, 20_000)
    await until('the first child to end', async () => {
      const children = childrenOf(daemon.pid)
      return children.length === 1 && daemon.usage().cpuMs > 50 && daemon.usage().rssBytes > 0
    }, 20_000)
  } finally { await daemon.stop() }
})
