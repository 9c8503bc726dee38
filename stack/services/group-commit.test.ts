import { describe, expect, it } from 'vitest'
import { createGroupCommit } from './group-commit.ts'

function dataError(): Error { return Object.assign(new Error('bad data'), { code: '22008' }) }

describe('group commit', () => {
  it('answers everybody with their own answer, and groups what arrives while a group is under way', async () => {
    const groups: number[] = []
    const group = createGroupCommit<number, number>({ maxItems: 10, lanes: 1, async run(items) {
      groups.push(items.length)
      await new Promise(setImmediate)
      return items.map((item) => item * 2)
    } })
    const answers = await Promise.all(Array.from({ length: 25 }, (_, item) => group.add(item)))
    expect(answers).toEqual(Array.from({ length: 25 }, (_, item) => item * 2))
    expect(groups).toEqual([10, 10, 5])
  })
  it('runs a lone item at once', async () => {
    const group = createGroupCommit<string, string>({ maxItems: 10, lanes: 1, run: async (items) => items })
    expect(await group.add('a')).toBe('a')
    expect(await group.add('b')).toBe('b')
  })
  it('never has more groups under way than lanes', async () => {
    let underway = 0
    let most = 0
    const group = createGroupCommit<number, number>({ maxItems: 1, lanes: 2, async run(items) {
      most = Math.max(most, underway += 1)
      await new Promise(setImmediate)
      underway -= 1
      return items
    } })
    await Promise.all(Array.from({ length: 20 }, (_, item) => group.add(item)))
    expect(most).toBe(2)
  })
  it('lets one bad item fail alone', async () => {
    const group = createGroupCommit<number, number>({ maxItems: 10, lanes: 1, async run(items) {
      if (items.includes(3)) throw dataError()
      return items
    } })
    const settled = await Promise.allSettled([1, 2, 3, 4].map((item) => group.add(item)))
    expect(settled.map((one) => one.status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled'])
  })
  it('fails a whole group where the database failed, and works again afterwards', async () => {
    let runs = 0
    const group = createGroupCommit<number, number>({ maxItems: 10, lanes: 1, async run(items) {
      if ((runs += 1) === 1) throw Object.assign(new Error('gone'), { code: '57P01' })
      return items
    } })
    const settled = await Promise.allSettled([1, 2].map((item) => group.add(item)))
    expect(settled.map((one) => one.status)).toEqual(['rejected', 'rejected'])
    expect(runs).toBe(1)
    expect(await group.add(3)).toBe(3)
  })
})
