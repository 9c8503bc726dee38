import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { isDead, thisOwner } from './owner.ts'
import { labelsOf, OWNER_LABEL } from './ownership.ts'

describe.skipIf(process.platform !== 'linux')('an owner', () => {
  const self = process.platform === 'linux' ? thisOwner() : { boot: '', namespace: '', pid: 0, startedAt: '' }

  it('lives while its process does, and is dead afterwards', async () => {
    expect(isDead(self)).toBe(false)
    const child = spawn('sleep', ['600'])
    await once(child, 'spawn')
    const { pid } = child
    expect(isDead({ ...self, pid: pid!, startedAt: 'another' })).toBe(true)
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(isDead({ ...self, pid: pid! })).toBe(true)
  })

  it.each([
    ['whose pid was given to another process', { startedAt: '1' }, true],
    ['of another machine or boot', { boot: 'ffffffff-0000', pid: 2 ** 22 + 1 }, false],
    ['of another namespace of processes', { namespace: 'pid:[1]', pid: 2 ** 22 + 1 }, false],
  ])('%s: dead is %o %s', (_name, change, expected) => { expect(isDead({ ...self, ...change })).toBe(expected) })

  it('stands in the labels whole', () => {
    expect(labelsOf('a-run')[OWNER_LABEL]!.split(' ')).toEqual([self.boot, self.namespace, String(process.pid), self.startedAt])
  })
})
