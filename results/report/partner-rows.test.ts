import { expect, test } from 'vitest'
import type { Verdict } from '../../contracts/verdict.ts'
import { partnerRows } from './partner-rows.ts'
import { samplePlan } from './sample/sample-plan.ts'

const plan = samplePlan('partners')

function judged(changes: Record<string, Partial<Verdict['partners'][number]>>): Verdict {
  const partners = plan.partners.map(({ id, mode, expected }) => ({ id, mode, expected, synced: expected, finishedAt: '2026-04-11T00:40:00+07:00', ...changes[id] }))
  return { v: 1, runId: plan.runId, planHash: plan.planHash, verdict: 'fail', criteria: [], findings: [], partners, coverage: { systemsRead: [], operations: 0, verified: 0 }, figures: [] }
}

test.each([
  ['all there', { synced: 31, expected: 31 }, 'complete'],
  ['one missing', { synced: 30, expected: 31 }, 'unfinished'],
  ['one too many', { synced: 32, expected: 31 }, 'surplus'],
  ['none expected, none there', { synced: 0, expected: 0 }, 'complete'],
] as const)('%s', (_, result, state) => {
  const row = partnerRows({ plan, verdict: judged({ 'ca-mau': result }) }).find(({ id }) => id === 'ca-mau')!
  expect(row.state).toBe(state)
})

test('order: unfinished, surplus, then the plan\'s order', () => {
  const rows = partnerRows({ plan, verdict: judged({ 'an-giang': { synced: 0 }, 'evn': { synced: 9_999 }, 'health': { synced: 1, finishedAt: null } }) })
  expect(rows.slice(0, 4).map((row) => row.id)).toEqual(['health', 'an-giang', 'evn', 'agriculture-environment'])
})

test('an absent partner is absent, whatever was counted; held-back dossiers are kept', () => {
  const altered = { ...plan, partners: plan.partners.map((partner) => (partner.id === 'hue' ? { ...partner, mode: 'absent' as const } : partner.id === 'evn' ? { ...partner, outstanding: 12 } : partner)) }
  const rows = partnerRows({ plan: altered, verdict: judged({}) })
  expect(rows.find((row) => row.id === 'hue')!.state).toBe('absent')
  expect(rows.find((row) => row.id === 'evn')!.outstanding).toBe(12)
})

test('without a plan the verdict\'s own list is shown', () => {
  expect(partnerRows({ plan: null, verdict: judged({}) })).toHaveLength(50)
  expect(partnerRows({ plan: null, verdict: null })).toEqual([])
})
