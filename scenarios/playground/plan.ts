/** A small plan over the played systems: the night's shape in seconds, with few partners. */
import type { Plan } from '../../contracts/plan.ts'
import { Profile, type ProfileInput } from '../../contracts/profile.ts'
import { Runbook } from '../../contracts/runbook.ts'
import type { Target } from '../../contracts/target.ts'
import { planScenarios } from '../plan.ts'

export const WINDOW = { date: '2026-04-10', start: '21:00', end: '04:00', timeScale: 3_600 } as const

/** Every flow within about three seconds of wall time. */
export const ALL_FLOWS: NonNullable<ProfileInput['scenarios']> = [
  { name: 'citizens', journey: ['login', 'find-service', 'submit', 'pay', 'sms', 'read-dossier', 'logout'], actor: 'citizen', phase: 'open', from: '21:00', to: '22:00', count: 24, shares: { pay: 0.5 } },
  { name: 'sync-w1', journey: ['dossier-sync'], actor: 'partner', phase: 'sync', from: '21:00', to: '22:00', wave: 1 },
  { name: 'status-w1', journey: ['status-sync'], actor: 'partner', phase: 'sync', from: '22:30', to: '23:30', count: 30, dossiersOf: 'sync-w1' },
  { name: 'look-ups', journey: ['login', 'read-dossier'], actor: 'citizen', phase: 'later', from: '22:30', to: '23:30', count: 10, dossiersOf: 'citizens' },
]

export const SMALL_SPLIT = {
  version: 1 as const, name: 'small', total: 47, source: 'invented', assumption: { vi: 'thử', en: 'test' },
  partners: [{ id: 'justice', wave: 1, count: 30 }, { id: 'health', wave: 1, count: 4 }, { id: 'ca-mau', wave: 1, count: 13 }],
}

/** For what is planned and never played. */
export const TARGET: Target = {
  version: 1, name: 'test', kind: 'reference', allow: ['127.0.0.0/8'], portalHost: 'portal.test', addresses: { old: '127.0.0.1', new: '127.0.0.2' },
  regions: ['north', 'central', 'south'].map((id, at) => ({ id, gateway: `http://127.64.3.${at + 1}:8080`, resolver: { host: '127.0.0.1', port: 53, profile: 'honest' as const } })),
  systems: ['bank-vcb', 'bank-bidv', 'vneid'].map((id) => ({ id, role: id === 'vneid' ? 'vneid' as const : 'bank' as const, mode: 'simulated' as const, url: `http://127.64.6.1:8080/${id}`, unit: 'unit' })),
}

export function smallPlan(target: Target, { seed = 7, scenarios = ALL_FLOWS }: { seed?: number; scenarios?: ProfileInput['scenarios'] } = {}): Plan {
  const profile = Profile.parse({
    version: 1, name: 'small', title: { vi: 'thử', en: 'test' }, legacyDossiers: 100, regions: { north: 0.4, central: 0.3, south: 0.3 }, keptAliveShare: 0.5, scenarios,
  } satisfies ProfileInput)
  const runbook = Runbook.parse({
    version: 1, name: 'small', title: { vi: 'thử', en: 'test' }, window: WINDOW, parties: {}, load: { profile: 'small', split: 'small' },
    steps: [{ gate: 'go', title: { vi: 'thử', en: 'test' }, asks: ['load.rate >= 0'], approver: 'committee' }],
  })
  const planned = planScenarios({ profile, window: WINDOW, timeScale: WINDOW.timeScale, split: SMALL_SPLIT, unfinished: [] })
  return {
    v: 1, runId: 'test', createdAt: 0, seed, timeScale: WINDOW.timeScale, scenarioStartMs: 0, runbook, profile, target, ...planned,
    // One virtual user an iteration and some for the tail: nothing is dropped, however busy the machine of the tests.
    scenarios: planned.scenarios.map((scenario) => ({ ...scenario, preAllocatedVUs: scenario.count + 10, maxVUs: scenario.count + 10 })),
    boundsWallMs: { login: 2_000, dossierSync: 2_000, statusSync: 2_000, payment: 2_000, sms: 2_000, receipt: 2_000, feedback: 2_000 },
    criteria: [], assumptions: [], workers: ['w1'], versions: {}, planHash: '',
  }
}
