import { describe, expect, it } from 'vitest'
import type { CheckOutcome, Conformance } from './driver.ts'
import { matrixOf, type Judged, type Waiver } from './matrix.ts'
import { summarise, type ConformResult } from './result.ts'
import { seal } from './seal.ts'

const TEXT = { vi: 'v', en: 'e' }
const one = (id: string, outcome: CheckOutcome['outcome'], flow: CheckOutcome['flow'] = 'pay'): CheckOutcome => ({ id, flow, requirement: TEXT, outcome, requests: 0, tookMs: 0 })

function judged(outcomes: Conformance['outcomes'], about: Partial<ConformResult['about']> = {}): Judged {
  return { label: 'self-declared', result: seal({
    version: 1, kind: 'conformance', runId: 'r', summary: summarise(outcomes), outcomes, testData: [],
    about: { partner: 'bank-vcb', role: 'bank', url: 'http://127.0.0.1', contract: { role: 'bank', version: '1.0', profile: null }, tool: 't', beganAt: '2026-04-10', endedAt: '2026-04-10', requests: 0, fixture: '0'.repeat(64), part: null, ...about },
  }) }
}
const waiver = (requirement: string, until = '2026-12-31'): Waiver => ({ partner: 'bank-vcb', requirement, reason: TEXT, owner: 'portal-operator', until })
const TODAY = '2026-04-11'
const overall = (outcomes: CheckOutcome[], waivers: Waiver[] = [], about = {}) => matrixOf([judged(outcomes, about)], waivers, TODAY)[0]!.overall

describe('who may take part', () => {
  it.each<[string, CheckOutcome[], Waiver[], string]>([
    ['all held', [one('a', 'held')], [], 'ready'],
    ['something broken', [one('a', 'held'), one('b', 'broken')], [], 'not-ready'],
    ['broken, with a waiver', [one('a', 'held'), one('b.x', 'broken')], [waiver('b')], 'ready-with-waiver'],
    ['broken, with a waiver that has ended', [one('b', 'broken')], [waiver('b', '2026-04-10')], 'not-ready'],
    ['broken, with another partner\'s waiver', [one('b', 'broken')], [{ ...waiver('b'), partner: 'bank-bidv' }], 'not-ready'],
    ['something not tried', [one('a', 'held'), one('b', 'not-triggerable')], [], 'not-tested'],
    ['not tried, with a waiver', [one('b', 'not-triggerable')], [waiver('b')], 'ready-with-waiver'],
    ['a check that failed itself', [one('b', 'faulted')], [], 'not-tested'],
    ['broken and not tried', [one('a', 'broken'), one('b', 'not-triggerable')], [], 'not-ready'],
    ['nothing', [], [], 'not-tested'],
  ])('%s', (_, outcomes, waivers, wanted) => expect(overall(outcomes, waivers)).toBe(wanted))

  it('flow by flow; only a part tried is never ready', () => {
    const [row] = matrixOf([judged([one('a', 'held'), one('b', 'broken', 'sms')])], [], TODAY)
    expect(row).toMatchObject({ flows: { pay: 'ready', sms: 'not-ready' }, overall: 'not-ready', contract: 'bank 1.0' })
    expect(overall([one('a', 'held')], [], { part: ['a'] })).toBe('not-tested')
  })
  it('an altered result takes nobody in, though an older one was whole; who has none is not tested', () => {
    const whole = judged([one('a', 'held')], { endedAt: '2026-04-11' })
    const altered: Judged = { ...judged([one('a', 'held')], { endedAt: '2026-04-12' }), label: 'altered' }
    expect(matrixOf([whole, altered], [], TODAY)).toMatchObject([{ partner: 'bank-vcb', label: 'altered', overall: 'not-tested', flows: {} }])
    expect(matrixOf([whole], [], TODAY, ['bank-vcb', 'hue']).map(({ partner, overall }) => [partner, overall])).toEqual([['bank-vcb', 'ready'], ['hue', 'not-tested']])
  })
  it('by the newest result of a partner and contract version', () => {
    const rows = matrixOf([
      judged([one('a', 'held')], { endedAt: '2026-04-12' }), judged([one('a', 'broken')], { endedAt: '2026-04-11' }),
      judged([one('a', 'broken')], { contract: { role: 'bank', version: '2.0', profile: 'guide' } }), judged([one('a', 'held')], { partner: 'bank-bidv' }),
    ], [], TODAY)
    expect(rows.map(({ partner, contract, overall }) => [partner, contract, overall])).toEqual([['bank-bidv', 'bank 1.0', 'ready'], ['bank-vcb', 'bank 1.0', 'ready'], ['bank-vcb', 'bank 2.0 (guide)', 'not-ready']])
  })
})
