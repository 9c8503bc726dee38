import { describe, expect, it } from 'vitest'
import { PARTNERS } from './partners.ts'
import { CRITERIA, groupOf, READINESS, readinessOf, type Criterion, type Finding } from './readiness.ts'

const findings = (...states: Finding['state'][]) => Object.fromEntries(CRITERIA.map((criterion, at): [Criterion, Finding] => {
  const state = states[at]!
  return [criterion, state === 'unknown' ? { state } : { state, basis: 'stated', source: '004' }]
})) as Record<Criterion, Finding>

describe('readiness', () => {
  it('stands for the 15 ministries of 004 and for nobody else', () => {
    expect(READINESS.map(({ partnerId }) => partnerId)).toEqual(PARTNERS.filter(({ kind }) => kind === 'ministry').map(({ id }) => id))
    expect(readinessOf('ha-noi')).toBeUndefined()
  })

  it.each([
    ['justice', ['yes', 'yes', 'yes', 'yes'], 1],
    ['finance', ['unknown', 'no', 'yes', 'unknown'], 2],
    ['culture-sports-tourism', ['unknown', 'unknown', 'yes', 'no'], 2],
    ['public-security', ['yes', 'no', 'yes', 'yes'], 2],
    ['state-bank', ['yes', 'unknown', 'yes', 'yes'], null],
    ['health', ['unknown', 'unknown', 'yes', 'unknown'], null],
  ])('of %s is what 004 says and no more', (partnerId, states, group) => {
    const readiness = readinessOf(partnerId)!
    expect(CRITERIA.map((criterion) => readiness.criteria[criterion].state)).toEqual(states)
    expect(readiness.group).toBe(group)
  })

  it.each<[Finding['state'][], 1 | 2 | 3 | null]>([
    [['yes', 'yes', 'yes', 'yes'], 1], [['yes', 'yes', 'yes', 'no'], 2], [['yes', 'unknown', 'yes', 'yes'], null], [['no', 'no', 'no', 'no'], 3], [['unknown', 'no', 'unknown', 'unknown'], 3],
  ])('%j are of group %s', (states, group) => { expect(groupOf(findings(...states))).toBe(group) })

  it('names its source wherever it is not unknown', () => {
    for (const { criteria } of READINESS) for (const finding of Object.values(criteria)) if (finding.state !== 'unknown') expect(finding.source).toBe('004')
  })

  it('the dossiers without Public Security and without Finance add up to the documented sum', () => {
    expect(READINESS.reduce((sum, { partnerId, dossiers90Days }) => sum + (partnerId === 'public-security' ? 0 : dossiers90Days ?? 0), 0)).toBe(1_769_053)
  })
})
