/**
 * A small but complete plan for run folders that are written by hand (`run-builder.ts`): the documented night's shape with a handful of
 * scenarios, three regions, two banks and the partners asked for. Everything passes the schemas of `contracts/`.
 */
import { createHash } from 'node:crypto'
import { canonicalJson } from '../../contracts/canonical-json.ts'
import { clockOffsetMs } from '../../contracts/duration.ts'
import type { OperationKind } from '../../contracts/kinds.ts'
import { Plan, type PlannedScenario } from '../../contracts/plan.ts'
import { BOUND_NAMES, Profile, type BoundName, type ProfileInput } from '../../contracts/profile.ts'
import { partnerOf } from '../../contracts/reference/partners.ts'
import { REGIONS } from '../../contracts/reference/regions.ts'
import { Runbook, type RunbookInput } from '../../contracts/runbook.ts'
import { boundWallMs } from '../../contracts/scenario-clock.ts'
import { parseDurationMs } from '../../contracts/duration.ts'
import type { SystemRole, TargetSystem } from '../../contracts/target.ts'

export type SamplePlanOptions = {
  runId?: string
  seed?: number
  timeScale?: number
  /** Ids of `contracts/reference/partners.ts`. */
  partners?: readonly string[]
  /** Iterations of each scenario. */
  counts?: Partial<Record<SampleScenario, number>>
  limits?: ProfileInput['limits']
  legacyDossiers?: number
  /** With staff, own services, feedback and statistics (`country-run.ts`); without them nothing of that is there. */
  country?: boolean
  criteria?: readonly string[]
  phases?: ProfileInput['phases']
}

export type SampleScenario = NightScenario | CountryScenario
export type NightScenario = 'citizens-old' | 'lookups' | 'citizens-new' | 'sync-w1' | 'status-w1'
export const COUNTRY_SCENARIOS = ['applicants', 'officers', 'officers-money', 'citizens-later', 'feedback', 'feedback-answers', 'reports'] as const
export type CountryScenario = (typeof COUNTRY_SCENARIOS)[number]
const EACH_OF_COUNTRY = 4

/** Epoch ms: the wall time at which a sample plan is made, and 2026-04-10T21:00+07:00 on the scenario clock. */
export const SAMPLE_CREATED_AT = Date.UTC(2026, 10, 20, 3, 0, 0)
export const SAMPLE_SCENARIO_START = Date.UTC(2026, 3, 10, 14, 0, 0)

const both = (text: string) => ({ vi: text, en: text })

type StepOf = { flow: string; step: string; kind: OperationKind }
export const SAMPLE_STEPS: Record<SampleScenario, readonly StepOf[]> = {
  'citizens-old': [
    { flow: 'login', step: 'login', kind: 'login' }, { flow: 'find-service', step: 'find', kind: 'service.find' },
    { flow: 'submit', step: 'submit', kind: 'dossier.submit' }, { flow: 'sms', step: 'sms', kind: 'sms.send' },
  ],
  'lookups': [{ flow: 'login', step: 'login', kind: 'login' }, { flow: 'read-dossier', step: 'read', kind: 'dossier.read' }],
  'citizens-new': [
    { flow: 'login', step: 'login', kind: 'login' }, { flow: 'find-service', step: 'find', kind: 'service.find' },
    { flow: 'submit', step: 'submit', kind: 'dossier.submit' }, { flow: 'pay', step: 'pay', kind: 'payment.create' },
    { flow: 'pay', step: 'scan', kind: 'payment.scan' }, { flow: 'pay', step: 'pay-read', kind: 'payment.read' },
    { flow: 'sms', step: 'sms', kind: 'sms.send' }, { flow: 'read-dossier', step: 'read', kind: 'dossier.read' },
  ],
  'sync-w1': [{ flow: 'dossier-sync', step: 'push', kind: 'sync.dossier' }],
  'status-w1': [
    { flow: 'status-sync', step: 'in-process', kind: 'sync.status' }, { flow: 'status-sync', step: 'done', kind: 'sync.status' },
  ],
  'applicants': [{ flow: 'submit', step: 'apply', kind: 'dossier.apply' }],
  'officers': [
    { flow: 'login', step: 'staff-login', kind: 'staff.login' }, { flow: 'receive', step: 'receive', kind: 'dossier.receive' }, { flow: 'receive', step: 'refuse', kind: 'dossier.refuse' },
    { flow: 'supplement', step: 'supplement-ask', kind: 'supplement.ask' }, { flow: 'process', step: 'process', kind: 'dossier.process' }, { flow: 'process', step: 'finish', kind: 'dossier.finish' },
    { flow: 'process', step: 'stop', kind: 'dossier.stop' }, { flow: 'return-result', step: 'return', kind: 'result.return' },
  ],
  'officers-money': [{ flow: 'pay', step: 'pay-counter', kind: 'payment.counter' }, { flow: 'pay', step: 'refund', kind: 'payment.refund' }],
  'citizens-later': [{ flow: 'supplement', step: 'supplement-answer', kind: 'supplement.answer' }, { flow: 'process', step: 'withdraw', kind: 'dossier.withdraw' }, { flow: 'find-service', step: 'read-later', kind: 'dossier.read' }],
  'feedback': [{ flow: 'feedback', step: 'feedback-send', kind: 'feedback.send' }, { flow: 'feedback', step: 'feedback-read', kind: 'feedback.read' }],
  'feedback-answers': [{ flow: 'feedback', step: 'feedback-answer', kind: 'feedback.answer' }],
  'reports': [{ flow: 'statistics', step: 'report', kind: 'report.read' }],
}

const TIMES: Record<SampleScenario, { from: string; to: string; actor: 'citizen' | 'staff' | 'partner'; phase: string }> = {
  'citizens-old': { from: '21:00', to: '21:55', actor: 'citizen', phase: 'old-portal' },
  'lookups': { from: '22:05', to: '23:10', actor: 'citizen', phase: 'freeze' },
  'citizens-new': { from: '23:40', to: '03:00', actor: 'citizen', phase: 'new-portal' },
  'sync-w1': { from: '23:45', to: '00:40', actor: 'partner', phase: 'sync' },
  'status-w1': { from: '01:00', to: '02:30', actor: 'partner', phase: 'sync' },
  'applicants': { from: '23:40', to: '03:00', actor: 'citizen', phase: 'new-portal' },
  'officers': { from: '23:50', to: '03:10', actor: 'staff', phase: 'new-portal' },
  'officers-money': { from: '00:00', to: '03:20', actor: 'staff', phase: 'new-portal' },
  'citizens-later': { from: '23:55', to: '03:15', actor: 'citizen', phase: 'new-portal' },
  'feedback': { from: '23:40', to: '03:00', actor: 'citizen', phase: 'new-portal' },
  'feedback-answers': { from: '23:50', to: '03:10', actor: 'staff', phase: 'new-portal' },
  'reports': { from: '23:40', to: '03:00', actor: 'staff', phase: 'new-portal' },
}

export function samplePlan(options: SamplePlanOptions = {}): Plan {
  const { runId = 'sample-run', seed = 7, timeScale = 140, partners = ['justice', 'ha-noi', 'tay-ninh'], legacyDossiers = 100 } = options
  const ofCountry = Object.fromEntries(COUNTRY_SCENARIOS.map((name) => [name, EACH_OF_COUNTRY])) as Record<CountryScenario, number>
  const counts = { 'citizens-old': 10, 'lookups': 5, 'citizens-new': 10, 'sync-w1': 12, 'status-w1': 6, ...ofCountry, ...options.counts }
  const names = (Object.keys(TIMES) as SampleScenario[]).filter((name) => options.country || !(COUNTRY_SCENARIOS as readonly string[]).includes(name))
  const runbook = Runbook.parse(sampleRunbook(timeScale))
  const profile = Profile.parse({
    version: 1, name: 'sample', title: both('Mẫu'), legacyDossiers, regions: Object.fromEntries(REGIONS.map((region) => [region.id, 0.33])),
    keptAliveShare: 0.3, limits: { minSamples: 1, ...options.limits },
    scenarios: names.map((name) => ({ name, journey: ['login'], actor: TIMES[name].actor, phase: TIMES[name].phase, from: TIMES[name].from, to: TIMES[name].to })),
    criteria: [...options.criteria ?? []], phases: options.phases ?? [],
  } satisfies ProfileInput)
  const expected = partners.map((_, index) => share(counts['sync-w1'], partners.length, index))
  const scenarios = names.map((name): PlannedScenario => {
    const { from, to, actor, phase } = TIMES[name]
    const startMs = clockOffsetMs(runbook.window.start, from) / timeScale
    return {
      name, journey: [...new Set(SAMPLE_STEPS[name].map((step) => step.flow))], steps: [...SAMPLE_STEPS[name]], actor, phase, startMs,
      durationMs: clockOffsetMs(runbook.window.start, to) / timeScale - startMs, count: counts[name], preAllocatedVUs: 2, maxVUs: 4, shares: {},
      ...(name === 'sync-w1' ? { partners: partners.map((id, index) => ({ id, unitCode: partnerOf(id).unitCode, count: expected[index]! })) } : {}),
      ...(name === 'status-w1' ? { dossiersOf: 'sync-w1' } : {}),
    }
  })
  const withoutHash = {
    v: 1 as const, runId, createdAt: SAMPLE_CREATED_AT, seed, timeScale, scenarioStartMs: SAMPLE_SCENARIO_START,
    durationMs: clockOffsetMs(runbook.window.start, runbook.window.end) / timeScale, runbook, profile,
    target: sampleTarget(partners, options.country ?? false), scenarios,
    partners: partners.map((id, index) => ({
      id, unitCode: partnerOf(id).unitCode, title: partnerOf(id).title, mode: 'simulated' as const, wave: 1, expected: expected[index]!, outstanding: 0,
    })),
    boundsWallMs: Object.fromEntries(BOUND_NAMES.map((name) => [name, boundWallMs(parseDurationMs(profile.bounds[name])!, timeScale)])) as Record<BoundName, number>,
    criteria: [], assumptions: [both('Dữ liệu mẫu')], workers: ['w1'], versions: { tongduyet: '0.1.0' },
  }
  return Plan.parse({ ...withoutHash, planHash: planHashOf(withoutHash) })
}

/** SHA-256 of the rest of the plan in canonical JSON (design section 4). */
export function planHashOf(plan: Record<string, unknown>): string {
  const { planHash: _, ...rest } = plan
  return createHash('sha256').update(canonicalJson(rest)).digest('hex')
}

function share(total: number, parts: number, index: number): number {
  return Math.floor(total / parts) + (index < total % parts ? 1 : 0)
}

function sampleRunbook(timeScale: number): RunbookInput {
  const step = (id: string, at: string, action: string, owner = 'portal-operator') => ({
    id, title: both(id), owner, at, do: { [action]: {} }, doneWhen: ['portal.errorRate < 2%'], watch: ['portal.errorRate < 2%'], timeout: '20m', fallback: { undo: true },
  })
  return {
    version: 1, name: 'Sample night', title: both('Đêm mẫu'),
    window: { date: '2026-04-10', start: '21:00', end: '04:00', timeScale },
    parties: Object.fromEntries(['portal-operator', 'infrastructure', 'legacy-operator', 'payment-operator', 'vneid-operator', 'bank', 'telecom', 'partner', 'steering-committee'].map((role) => [role, role])),
    load: { profile: 'sample', split: 'sample' },
    steadyState: ['portal.errorRate < 20%', 'portal.submit.p95 < 800ms'],
    steps: [
      step('lower-ttl', '21:00', 'dns.ttl', 'infrastructure'),
      step('freeze-legacy', '22:00', 'legacy.freeze', 'legacy-operator'),
      step('bulk-copy', '22:05', 'migration.bulk', 'legacy-operator'),
      step('delta-copy', '22:40', 'migration.delta', 'legacy-operator'),
      step('verify-copy', '22:50', 'migration.verify'),
      step('publish-catalogue', '23:05', 'catalogue.publish'),
      step('open-portal', '23:10', 'portal.open'),
      step('switch-dns', '23:15', 'dns.switch', 'infrastructure'),
      step('watch-dns', '23:16', 'dns.watch', 'infrastructure'),
      step('connect-wave-1', '23:42', 'partners.connect', 'partner'),
      { gate: 'go-no-go', title: both('go-no-go'), at: '03:30', asks: ['migration.mismatches == 0'], approver: 'steering-committee' },
      step('close', '03:50', 'night.close'),
    ],
  }
}

function sampleTarget(partners: readonly string[], country: boolean): Plan['target'] {
  const system = (id: string, role: SystemRole, unit: string, host: string): TargetSystem =>
    ({ id, role, mode: 'simulated', url: `http://127.64.${host}:8080`, admin: `http://127.64.${host}:9090`, unit })
  return {
    version: 1, name: 'sample', kind: 'reference', allow: ['127.0.0.0/8', '::1/128'], portalHost: 'portal.dvcqg.test',
    addresses: { old: '127.64.2.2', new: '127.64.2.1' },
    regions: REGIONS.map((region, index) => ({
      id: region.id, gateway: `http://127.64.3.${index + 1}:8080`, resolver: { host: `127.64.5.1${index + 1}`, port: 5300, profile: region.resolverProfile },
    })),
    systems: [
      system('portal', 'portal', 'portal-operator', '1.1'), system('legacy', 'legacy', 'legacy-operator', '1.2'),
      system('coordination', 'coordination', 'portal-operator', '1.3'), system('catalogue', 'catalogue', 'portal-operator', '1.4'),
      system('payments', 'payments', 'payment-operator', '1.5'), system('notifications', 'notifications', 'portal-operator', '1.6'),
      system('edge-new', 'edge', 'infrastructure', '2.1'), system('edge-old', 'edge', 'infrastructure', '2.2'),
      ...REGIONS.map((region, index) => system(`resolver-${region.id}`, 'resolver', 'infrastructure', `5.1${index + 1}`)),
      system('vneid', 'vneid', 'vneid-operator', '6.1'), system('bank-vcb', 'bank', 'bank', '6.2'), system('bank-bidv', 'bank', 'bank', '6.3'),
      system('sms', 'sms', 'telecom', '6.4'),
      ...(country ? [system('feedback', 'feedback', 'portal-operator', '1.7'), system('statistics', 'statistics', 'portal-operator', '1.8')] : []),
      ...partners.map((id, index) => system(`partner-${id}`, 'partner', 'partner', `7.${index + 1}`)),
    ],
  }
}
