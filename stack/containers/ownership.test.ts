import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setImmediate } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { isDead, thisOwner } from './owner.ts'
import type { Docker } from './docker.ts'
import { labelsOf, OWNER_LABEL, removeRun } from './ownership.ts'

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

describe('what the engine does not let go', () => {
  /** An engine with one container, network and volume of a run, of which some answer with a status when they are to be removed. */
  function engine(refusing: Partial<Record<'container' | 'network' | 'volume', number>>) {
    const removed: string[] = []
    const thing = (kind: 'container' | 'network' | 'volume') => ({
      remove: () => refusing[kind] === undefined ? Promise.resolve(removed.push(kind)) : Promise.reject(Object.assign(new Error(`${kind} has active endpoints`), { statusCode: refusing[kind] })),
    })
    const docker = {
      listContainers: () => Promise.resolve([{ Id: 'c', Names: ['/portal'], Labels: {}, Created: 1 }]), getContainer: () => thing('container'),
      listNetworks: () => Promise.resolve([{ Id: 'n', Name: 'edge', Labels: {}, Created: '2026-04-10T00:00:00Z' }]), getNetwork: () => thing('network'),
      listVolumes: () => Promise.resolve({ Volumes: [{ Name: 'data', Labels: {}, CreatedAt: '2026-04-10T00:00:00Z' }] }), getVolume: () => thing('volume'),
    } as unknown as Docker
    return { docker, removed }
  }

  it('of a network that holds nothing any more is told, and the rest goes', async () => {
    const { docker, removed } = engine({ network: 403 })
    const told: string[] = []
    await removeRun(docker, 'a-run', (what) => told.push(what))
    expect(told).toEqual(['removing edge: network has active endpoints'])
    expect(removed).toEqual(['container', 'volume'])
  })

  it.each([
    ['and nobody wants to be told', { network: 403 }, false], ['for another reason', { network: 500 }, true], ['since a container is still on it', { container: 500, network: 403 }, true], ['of a volume', { volume: 409 }, true],
  ])('%s is a failure, after all else has been tried', async (_name, refusing, told) => {
    const { docker, removed } = engine(refusing)
    await expect(removeRun(docker, 'a-run', told ? () => { throw new Error('told') } : undefined)).rejects.toMatchObject({ problem: { code: 'DOCKER_FAILED' } })
    expect(removed).toEqual((['container', 'network', 'volume'] as const).filter((kind) => !(kind in refusing)))
  })

  it('does not come about: containers leave one after another', async () => {
    let leaving = 0
    let most = 0
    const removed: string[] = []
    const docker = {
      listContainers: () => Promise.resolve(['a', 'b', 'c'].map((id) => ({ Id: id, Names: [`/${id}`], Labels: {}, Created: 1 }))),
      listNetworks: () => Promise.resolve([]), listVolumes: () => Promise.resolve({ Volumes: [] }),
      getContainer: (id: string) => ({
        remove: async () => {
          most = Math.max(most, leaving += 1)
          await setImmediate()
          leaving -= 1
          removed.push(id)
        },
      }),
    } as unknown as Docker
    await removeRun(docker, 'a-run')
    expect([removed, most]).toEqual([['a', 'b', 'c'], 1])
  })
})
