import { describe, expect, it } from 'vitest'
import { createMemory } from './memory.ts'

type Thing = { id: number; open?: boolean }

function remembering(most: number, times?: number) {
  const memory = createMemory('bank-vcb', most)
  const held = new Set<Thing>()
  const kept = memory.keep<Thing>({ isFinished: ({ open }) => !open, forget: (things) => { for (const thing of things) held.delete(thing) }, ...(times !== undefined && { times }) })
  const add = (thing: Thing) => { held.add(thing); kept.add(thing); return thing }
  return { memory, held, kept, add, ids: () => [...held].map(({ id }) => id) }
}

describe('a memory', () => {
  it('keeps all while there are no more than it may, and says so', () => {
    const { memory, add, ids } = remembering(10)
    for (let id = 0; id < 10; id += 1) add({ id })
    expect([ids().length, memory.forgotten()]).toEqual([10, 0])
    expect(() => memory.requireWhole()).not.toThrow()
  })
  it('forgets the oldest finished first, what is open only then, and never the newest', () => {
    const { memory, add, ids } = remembering(10)
    for (let id = 0; id < 10; id += 1) add({ id, open: id < 8 })
    add({ id: 10, open: true })
    expect(ids()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 10])
    add({ id: 11, open: true })
    add({ id: 12, open: true })
    expect(ids()).toEqual([2, 3, 4, 5, 6, 7, 10, 11, 12])
    expect(memory.forgotten()).toBe(4)
    expect(() => memory.requireWhole()).toThrow('EVIDENCE_FORGOTTEN: bank-vcb has forgotten 4 records of those that came first (it remembers 10 of a kind)')
  })
  it('sees what was finished since', () => {
    const { add, ids } = remembering(3)
    const things = [0, 1, 2].map((id) => add({ id, open: true }))
    things[1]!.open = false
    add({ id: 3, open: true })
    expect(ids()).not.toContain(1)
    expect(ids()).toContain(3)
  })
  it('stays bounded and fast over a million things', () => {
    const { memory, held, add } = remembering(1_000)
    for (let id = 0; id < 1_000_000; id += 1) add({ id, open: id % 3 === 0 })
    expect(held.size).toBeLessThanOrEqual(1_000)
    expect(memory.forgotten()).toBe(1_000_000 - held.size)
  })
  it('keeps several of one kind for each of another, each kind for itself', () => {
    const { memory, held, kept, add } = remembering(2, 4)
    const others = memory.keep<number>({ forget: () => {} })
    const first = add({ id: 0 })
    for (let id = 1; id < 8; id += 1) add({ id })
    others.add(1)
    others.add(2)
    expect([held.size, memory.forgotten()]).toEqual([8, 0])
    kept.drop(first)
    kept.drop(first)
    expect(memory.forgotten()).toBe(1)
  })
  it.each([1, 2])('of %i thing only remembers the newest', (most) => {
    const { add, ids } = remembering(most)
    for (let id = 0; id < 5; id += 1) add({ id, open: true })
    expect(ids().at(-1)).toBe(4)
    expect(ids().length).toBeLessThanOrEqual(most)
  })
})
