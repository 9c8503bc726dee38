import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Behaviour } from '../../contracts/api/admin.ts'
import { createBehaviours } from './behaviours.ts'
import { draw } from './draw.ts'

const ROUTES = new Set(['qr', 'scan'])
const slow = (changes: Partial<Behaviour> = {}): Behaviour => ({ route: 'qr', share: 0.3, delayMs: 10, seed: 1, ...changes })

function picked(behaviours: readonly Behaviour[], route: string, subjects: readonly string[]): boolean[] {
  const chosen = createBehaviours({ routes: ROUTES })
  chosen.set(behaviours)
  return subjects.map((subject) => chosen.pick(route, subject) !== undefined)
}
const SUBJECTS = Array.from({ length: 10_000 }, (_, i) => `pay-night.${i}.create.0123456789`)

describe('a draw', () => {
  it('is even: every tenth of [0, 1) gets its tenth of neighbouring names', () => {
    const counts = Array.from({ length: 10 }, () => 0)
    for (const subject of SUBJECTS) counts[Math.floor(draw(5, subject) * 10)]! += 1
    for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(150)
  })
  it('tells parts apart and hangs on the seed', () => {
    expect(draw(1, 'ab', 'c')).not.toBe(draw(1, 'a', 'bc'))
    expect(draw(1, 'a')).not.toBe(draw(2, 'a'))
  })
})

describe('behaviours', () => {
  it.each([0, 0.05, 0.3, 0.9, 1])('touch a share of %d of the requests of their route and none of another', (share) => {
    const touched = picked([slow({ share })], 'qr', SUBJECTS).filter(Boolean).length / SUBJECTS.length
    expect(Math.abs(touched - share)).toBeLessThan(share === 0 || share === 1 ? 1e-9 : 0.02)
    expect(picked([slow({ share })], 'scan', SUBJECTS.slice(0, 100))).not.toContain(true)
  })

  it('choose the same subjects for the same seed in whatever order they come, and others for another seed', () => {
    const subjects = SUBJECTS.slice(0, 200)
    const chosen = new Set(subjects.filter((_, i) => picked([slow()], 'qr', subjects)[i]))
    fc.assert(fc.property(fc.shuffledSubarray(subjects, { minLength: subjects.length }), (order) => {
      expect(new Set(order.filter((_, i) => picked([slow()], 'qr', order)[i]))).toEqual(chosen)
    }), { numRuns: 10 })
    expect(picked([slow({ seed: 2 })], 'qr', subjects)).not.toEqual(picked([slow()], 'qr', subjects))
  })

  it('draw anew for a repeated request, so that a retry can get through', () => {
    const tries = picked([slow({ share: 0.5 })], 'qr', Array.from({ length: 40 }, () => 'same'))
    expect(new Set(tries)).toEqual(new Set([true, false]))
  })

  it('are replaced as a whole, and ended by an empty list', () => {
    const chosen = createBehaviours({ routes: ROUTES })
    chosen.set([slow({ share: 1 })])
    chosen.set([slow({ route: 'scan', share: 1, status: 500 })])
    expect([chosen.pick('qr', 'a'), chosen.pick('scan', 'a')?.answer?.status]).toEqual([undefined, 500])
    chosen.set([])
    expect(chosen.pick('scan', 'a')).toBeUndefined()
  })

  it.each([100, 101, 199, 204, 205, 304])('refuse an answer %d, after which a caller would wait or could not read why', (status) => {
    expect(() => createBehaviours({ routes: new Set(['book']) }).set([{ route: 'book', share: 1, seed: 1, status }])).toThrow('BEHAVIOUR_STATUS_UNUSABLE')
  })

  it.each([200, 400, 503, 599])('take an answer %d', (status) => {
    const behaviours = createBehaviours({ routes: new Set(['book']) })
    behaviours.set([{ route: 'book', share: 1, seed: 1, status }])
    expect(behaviours.pick('book', 'a')?.answer?.status).toBe(status)
  })

  it('refuse a route that is not offered, and keep what was set', () => {
    const chosen = createBehaviours({ routes: ROUTES })
    chosen.set([slow({ share: 1 })])
    expect(() => chosen.set([slow({ route: 'qrr' })])).toThrow('BEHAVIOUR_ROUTE_UNKNOWN: route "qrr" is not offered here · did you mean "qr"? use one of: qr, scan')
    expect(chosen.pick('qr', 'a')).toBeDefined()
  })
})
