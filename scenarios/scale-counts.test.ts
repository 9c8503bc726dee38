import fc from 'fast-check'
import { expect, test } from 'vitest'
import { scaleCounts } from './scale-counts.ts'

const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0)

test('one changes nothing', () => {
  fc.assert(fc.property(fc.array(fc.nat(5_000)), (counts) => { expect(scaleCounts(counts, 1)).toEqual(counts) }))
})

test('adds up to the rounded product unless someone must keep their one; each is its share rounded down or up', () => {
  fc.assert(fc.property(fc.array(fc.nat(5_000), { minLength: 1 }), fc.double({ min: 0.001, max: 20, noNaN: true }), (counts, factor) => {
    const scaled = scaleCounts(counts, factor)
    const raised = scaled.filter((count, at) => count === 1 && counts[at]! * factor < 1).length
    const expected = Math.round(sum(counts) * factor)
    expect(sum(scaled)).toBeGreaterThanOrEqual(expected)
    expect(sum(scaled)).toBeLessThanOrEqual(expected + raised)
    scaled.forEach((count, at) => {
      expect(Math.abs(count - counts[at]! * factor)).toBeLessThan(1 + 1e-6)
      if (counts[at]! > 0) expect(count).toBeGreaterThanOrEqual(1)
      else expect(count).toBe(0)
    })
  }))
})

test('the remainder goes to the largest fractions', () => {
  expect(scaleCounts([10, 15, 17], 0.1)).toEqual([1, 1, 2])
  expect(scaleCounts([1, 1, 98], 0.1)).toEqual([1, 1, 10])
})
