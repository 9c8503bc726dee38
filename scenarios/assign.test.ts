import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { assignPartners, assignStatus } from './assign.ts'

const partners = fc.array(fc.record({ count: fc.integer({ min: 0, max: 60 }) }), { minLength: 1, maxLength: 12 })

describe('assignPartners', () => {
  test('gives every partner exactly its count, each running index once', () => {
    fc.assert(fc.property(partners, (list) => {
      const runningOf = list.map((): number[] => [])
      for (const { partner, running } of assignPartners(list)) runningOf[partner]!.push(running)
      expect(runningOf).toEqual(list.map(({ count }) => Array.from({ length: count }, (_, at) => at)))
    }))
  })

  test('spreads each partner over the whole wave: after any prefix it has its share, give or take the number of partners', () => {
    fc.assert(fc.property(partners, (list) => {
      const total = list.reduce((sum, { count }) => sum + count, 0)
      const done = list.map(() => 0)
      let worst = 0
      assignPartners(list).forEach(({ partner }, at) => {
        done[partner]! += 1
        worst = Math.max(worst, ...list.map(({ count }, of) => Math.abs(done[of]! - count * (at + 1) / total)))
      })
      expect(worst).toBeLessThanOrEqual(list.length)
    }))
  })

  test('is the same every time', () => {
    fc.assert(fc.property(partners, (list) => { expect(assignPartners(list)).toEqual(assignPartners(structuredClone(list))) }))
  })
})

describe('assignStatus', () => {
  test('reports each picked dossier first in-process, then done, never beyond the earlier scenario', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 400 }), (dossiers, wanted) => {
      const pushes = Math.min(wanted, 2 * dossiers)
      const statuses = new Map<number, string[]>()
      for (let iteration = 0; iteration < pushes; iteration += 1) {
        const { dossierIteration, status } = assignStatus(iteration, pushes, dossiers)
        expect(dossierIteration).toBeGreaterThanOrEqual(0)
        expect(dossierIteration).toBeLessThan(dossiers)
        statuses.set(dossierIteration, [...statuses.get(dossierIteration) ?? [], status])
      }
      for (const sequence of statuses.values()) expect([['in-process'], ['in-process', 'done']]).toContainEqual(sequence)
    }))
  })

  test('picks evenly', () => {
    expect(Array.from({ length: 6 }, (_, iteration) => assignStatus(iteration, 6, 9))).toEqual([
      { dossierIteration: 0, status: 'in-process' }, { dossierIteration: 3, status: 'in-process' }, { dossierIteration: 6, status: 'in-process' },
      { dossierIteration: 0, status: 'done' }, { dossierIteration: 3, status: 'done' }, { dossierIteration: 6, status: 'done' },
    ])
  })
})
