import { describe, expect, it } from 'vitest'
import { measuredInTurn, median, turn } from './in-turn.ts'

describe('the rounds', () => {
  it('go forth and back, each begun by another', () => {
    expect([0, 1, 2, 3].map((round) => turn(['a', 'b', 'c'], round).join(''))).toEqual(['abc', 'cba', 'bca', 'acb'])
  })
  it('put each as often early as late, over a whole cycle', () => {
    const all = ['a', 'b', 'c', 'd']
    const places = all.map((one) => Array.from({ length: 8 }, (_, round) => turn(all, round).indexOf(one)).reduce((a, b) => a + b, 0))
    expect(new Set(places)).toEqual(new Set([12]))
  })
  it('hold what each cost, and are told one by one', async () => {
    const asked: string[] = []
    const done: number[] = []
    const cost = (name: string) => () => { asked.push(name); return Promise.resolve(asked.length) }
    expect(await measuredInTurn({ a: cost('a'), b: cost('b') }, 2, (count) => { done.push(count) })).toEqual([{ a: 1, b: 2 }, { b: 3, a: 4 }])
    expect([asked.join(''), done]).toEqual(['abba', [1, 2]])
  })
  it('have a median', () => expect([median([3, 1, 2]), median([4, 1, 2, 3])]).toEqual([2, 2.5]))
})
