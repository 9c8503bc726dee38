import { describe, expect, it } from 'vitest'
import { CONFORM_ROLES, requirementsOf, suiteOf } from './checks/index.ts'
import type { CheckOutcome, Conformance } from './driver.ts'
import { matrixOf, type Judged, type MatrixOptions, type Waiver } from './matrix.ts'
import { summarise, type ConformResult } from './result.ts'
import { seal } from './seal.ts'

const TEXT = { vi: 'v', en: 'e' }
const one = (id: string, outcome: CheckOutcome['outcome'], flow: CheckOutcome['flow'] = 'pay'): CheckOutcome => ({ id, flow, requirement: TEXT, outcome, requests: 0, tookMs: 0 })

function judged(outcomes: Conformance['outcomes'], about: Partial<ConformResult['about']> = {}): Judged {
  return { label: 'signed', result: seal({
    version: 1, kind: 'conformance', runId: 'r', summary: summarise(outcomes), outcomes, testData: [],
    about: { partner: 'bank-vcb', role: 'bank', url: 'http://127.0.0.1', contract: { role: 'bank', version: '1.0', profile: null }, tool: 't', beganAt: '2026-04-10', endedAt: '2026-04-10', requests: 0, fixture: '0'.repeat(64), part: null, ...about },
  }) }
}
const waiver = (requirement: string, until = '2026-12-31'): Waiver => ({ partner: 'bank-vcb', requirement, reason: TEXT, owner: 'portal-operator', until })
const TODAY = '2026-04-11'
/** Whatever is said is all that the contract wants, but for what a test says. */
const matrix = (results: readonly Judged[], options: Partial<MatrixOptions> = {}) => matrixOf(results, { waivers: [], today: TODAY, requirementsOf: () => [], ...options })
const overall = (outcomes: CheckOutcome[], waivers: Waiver[] = [], about = {}) => matrix([judged(outcomes, about)], { waivers })[0]!.overall

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
    ['a check that did not end in time', [one('a', 'held'), one('b', 'timed-out')], [], 'not-tested'],
    ['broken and not tried', [one('a', 'broken'), one('b', 'not-triggerable')], [], 'not-ready'],
    ['nothing', [], [], 'not-tested'],
  ])('%s', (_, outcomes, waivers, wanted) => expect(overall(outcomes, waivers)).toBe(wanted))

  it('flow by flow; only a part tried is never ready', () => {
    const [row] = matrix([judged([one('a', 'held'), one('b', 'broken', 'sms')])])
    expect(row).toMatchObject({ flows: { pay: 'ready', sms: 'not-ready' }, overall: 'not-ready', contract: 'bank 1.0' })
    expect(overall([one('a', 'held')], [], { part: ['a'] })).toBe('not-tested')
  })
  it('an altered result takes nobody in, though an older one was whole; who has none is not tested', () => {
    const whole = judged([one('a', 'held')], { endedAt: '2026-04-11' })
    const altered: Judged = { ...judged([one('a', 'held')], { endedAt: '2026-04-12' }), label: 'altered' }
    expect(matrix([whole, altered])).toMatchObject([{ partner: 'bank-vcb', label: 'altered', overall: 'not-tested', flows: {} }])
    expect(matrix([whole], { expected: ['bank-vcb', 'hue'] }).map(({ partner, overall }) => [partner, overall])).toEqual([['bank-vcb', 'ready'], ['hue', 'not-tested']])
  })
  it('by the newest result of a partner and contract version', () => {
    const rows = matrix([
      judged([one('a', 'held')], { endedAt: '2026-04-12' }), judged([one('a', 'broken')], { endedAt: '2026-04-11' }),
      judged([one('a', 'broken')], { contract: { role: 'bank', version: '2.0', profile: 'guide' } }), judged([one('a', 'held')], { partner: 'bank-bidv' }),
    ])
    expect(rows.map(({ partner, contract, overall }) => [partner, contract, overall])).toEqual([['bank-bidv', 'bank 1.0', 'ready'], ['bank-vcb', 'bank 1.0', 'ready'], ['bank-vcb', 'bank 2.0 (guide)', 'not-ready']])
  })

  it('signed with another partner\'s key it takes nobody in', () => {
    expect(matrix([{ ...judged([one('a', 'held')]), label: 'foreign' }])).toMatchObject([{ label: 'foreign', overall: 'not-tested', flows: {} }])
  })
  it.each<[string, CheckOutcome[], Partial<MatrixOptions>, string]>([
    ['nobody vouches for it', [one('a', 'held')], {}, 'not-tested'],
    ['a waiver says that it counts', [one('a', 'held')], { waivers: [waiver('signature')] }, 'ready-with-waiver'],
    ['that waiver has ended', [one('a', 'held')], { waivers: [waiver('signature', '2026-04-10')] }, 'not-tested'],
    ['a waiver of another requirement', [one('a', 'held')], { waivers: [waiver('a')] }, 'not-tested'],
    ['it was said that such ones count', [one('a', 'held')], { acceptSelfDeclared: true }, 'ready-with-waiver'],
    ['what it says against itself counts', [one('a', 'broken')], {}, 'not-ready'],
    ['and is not taken back by its counting', [one('a', 'broken')], { acceptSelfDeclared: true }, 'not-ready'],
    ['what is waived is no more than waived', [one('a', 'broken')], { waivers: [waiver('a')] }, 'not-tested'],
    ['an empty one', [], { acceptSelfDeclared: true }, 'not-tested'],
  ])('self-declared it is never ready: %s', (_, outcomes, options, wanted) => {
    const [row] = matrix([{ ...judged(outcomes), label: 'self-declared' }], options)
    expect(row).toMatchObject({ label: 'self-declared', overall: wanted })
    expect(Object.values(row!.flows)).not.toContain('ready')
  })
  it('what the contract wants and the result does not speak of is not tested', () => {
    const requirementsOf = () => [{ id: 'a', flow: 'pay' as const }, { id: 'b', flow: 'sms' as const }]
    expect(matrix([judged([one('a', 'held')])], { requirementsOf })).toMatchObject([{ flows: { pay: 'ready', sms: 'not-tested' }, overall: 'not-tested', missing: ['b'] }])
    expect(matrix([judged([one('a', 'held')])], { requirementsOf, waivers: [waiver('b')] })).toMatchObject([{ overall: 'ready-with-waiver', missing: ['b'] }])
    expect(matrix([judged([one('a', 'held'), one('b', 'held', 'sms')])], { requirementsOf })).toMatchObject([{ overall: 'ready', missing: [] }])
  })
  it('of a contract version that is not known here nothing is said', () => {
    expect(matrix([judged([one('a', 'held')])], { requirementsOf: () => undefined })).toMatchObject([{ flows: { pay: 'ready' }, overall: 'not-tested', missing: null }])
  })
})

describe('what a whole result says something of', () => {
  const about = { partner: 'p', role: 'sms', url: 'u', contract: { role: 'sms', version: '1.0', profile: null }, tool: 't', beganAt: '', endedAt: '', requests: 0, fixture: '', part: null }
  it('is known for every role of this version, and for no other', () => {
    for (const role of CONFORM_ROLES) {
      const { id, version } = suiteOf(role).role
      const wanted = requirementsOf({ role, contract: { role: id, version, profile: null } })!
      expect(wanted.length).toBeGreaterThan(15)
      expect(new Set(wanted.map((one) => one.id)).size).toBe(wanted.length)
      expect(requirementsOf({ role, contract: { role: id, version, profile: 'a guide' } })!.length).toBeGreaterThan(10)
      expect(requirementsOf({ role, contract: { role: id, version: '0.9', profile: null } })).toBeUndefined()
    }
    expect([requirementsOf({ ...about, role: 'post' }), requirementsOf({ ...about, role: '__proto__' }), requirementsOf({ ...about, role: 'bank' })]).toEqual([undefined, undefined, undefined])
  })
})
