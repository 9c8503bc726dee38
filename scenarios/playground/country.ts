/**
 * A plan in which everything happens that can happen to a dossier, in a few seconds: every act, by every actor, one after the other as fates have it.
 * Built without profile and derivation, so that it shows what the acts do and nothing else.
 */
import type { Plan, PlannedScenario } from '../../contracts/plan.ts'
import type { Target } from '../../contracts/target.ts'
import { iterationsAmong, type Fate } from '../cast/fate.ts'
import { flowOf, mainFlowOf } from '../flows/index.ts'
import { smallPlan } from './plan.ts'

const CITIZENS = {
  name: 'citizens', journey: ['login', 'find-service', 'submit', 'pay', 'sms', 'logout'], actor: 'citizen', startMs: 0, count: 60,
  shares: {
    pay: 0.5, 'foreigner': 0.15, 'company': 0.15, 'fine': 0.25, 'social-insurance': 0.15, 'desk': 0.15, 'refused': 0.15, 'outside': 0.2, 'supplement': 0.3, 'withdrawn': 0.25, 'stopped': 0.25, 'counter': 0.6,
  },
}
const FOLLOW_UPS: readonly { name: string; journey: string[]; actor: string; startMs: number; among: Fate }[] = [
  { name: 'received', journey: ['staff-login', 'receive'], actor: 'staff', startMs: 1_500, among: 'received' },
  { name: 'refused', journey: ['staff-login', 'refuse'], actor: 'staff', startMs: 1_500, among: 'refused' },
  { name: 'desk', journey: ['status-sync'], actor: 'partner', startMs: 1_500, among: 'desk' },
  { name: 'counter', journey: ['staff-login', 'pay-at-counter'], actor: 'staff', startMs: 1_500, among: 'counter' },
  { name: 'supplements', journey: ['staff-login', 'supplement'], actor: 'staff', startMs: 2_500, among: 'supplement' },
  { name: 'withdrawals', journey: ['login', 'withdraw'], actor: 'citizen', startMs: 2_500, among: 'withdrawn' },
  { name: 'answers', journey: ['login', 'answer-supplement'], actor: 'citizen', startMs: 3_500, among: 'supplement' },
  { name: 'stopped', journey: ['staff-login', 'stop'], actor: 'staff', startMs: 4_500, among: 'stopped' },
  { name: 'finished', journey: ['staff-login', 'process'], actor: 'staff', startMs: 4_500, among: 'finished' },
  { name: 'refunds', journey: ['staff-login', 'refund'], actor: 'staff', startMs: 5_500, among: 'refund' },
  { name: 'returned', journey: ['staff-login', 'return-result'], actor: 'staff', startMs: 5_500, among: 'returned' },
]
const OTHERS: readonly (Pick<PlannedScenario, 'name' | 'journey' | 'actor' | 'startMs' | 'count'> & { dossiersOf?: string })[] = [
  { name: 'applicants', journey: ['login', 'find-service', 'apply'], actor: 'citizen', startMs: 0, count: 8 },
  { name: 'petitions', journey: ['login', 'feedback'], actor: 'citizen', startMs: 0, count: 12 },
  { name: 'replies', journey: ['staff-login', 'answer-feedback'], actor: 'staff', startMs: 1_500, count: 12, dossiersOf: 'petitions' },
  { name: 'reports', journey: ['staff-login', 'statistics'], actor: 'staff', startMs: 1_500, count: 10 },
  { name: 'look-ups', journey: ['login', 'read-dossier'], actor: 'citizen', startMs: 2_500, count: 10, dossiersOf: 'citizens' },
]
const DURATION_MS = 1_500
/** For the tail while everybody waits, so that nothing is dropped on a busy machine either. */
const SPARE_VUS = 30

export function countryPlan(target: Target, { seed = 7 } = {}): Plan {
  const plan = smallPlan(target, { seed })
  const pushes = plan.scenarios.filter(({ actor }) => actor === 'partner')
  const scenarios = [
    planned(CITIZENS),
    ...FOLLOW_UPS.map((one) => planned({ ...one, count: iterationsAmong(seed, CITIZENS, one.among).length, dossiersOf: CITIZENS.name })),
    ...OTHERS.map(planned),
  ]
  return { ...plan, scenarios: [...scenarios, ...pushes] }
}

function planned(scenario: Pick<PlannedScenario, 'name' | 'journey' | 'actor' | 'startMs' | 'count'> & Partial<PlannedScenario>): PlannedScenario {
  return {
    phase: 'all', durationMs: DURATION_MS, preAllocatedVUs: scenario.count + SPARE_VUS, maxVUs: scenario.count + SPARE_VUS, shares: {}, ...scenario,
    steps: scenario.journey.flatMap((id) => flowOf(id).steps.map((step) => ({ flow: mainFlowOf(flowOf(id)), ...step }))),
  }
}
