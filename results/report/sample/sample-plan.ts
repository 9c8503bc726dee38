/** The plan of the sample night: 50 partners with the split of the documented night, three regions, citizens on both portals. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { canonicalJson } from '../../../contracts/canonical-json.ts'
import { clockOffsetMs, parseDurationMs } from '../../../contracts/duration.ts'
import { Plan, type PlannedScenario } from '../../../contracts/plan.ts'
import { BOUND_NAMES, Profile, type BoundName } from '../../../contracts/profile.ts'
import { PARTNERS } from '../../../contracts/reference/partners.ts'
import { REGIONS } from '../../../contracts/reference/regions.ts'
import { Runbook } from '../../../contracts/runbook.ts'
import { boundWallMs } from '../../../contracts/scenario-clock.ts'
import { Split } from '../../../contracts/split.ts'
import type { SystemRole, TargetSystem } from '../../../contracts/target.ts'
import { sampleRunbook } from './sample-runbook.ts'

export const SAMPLE_TIME_SCALE = 140
export const SAMPLE_SCENARIO_START = Date.parse('2026-04-10T21:00:00+07:00')
/** Epoch ms at which the sample's window began on the wall clock. */
export const SAMPLE_BEGAN_AT = Date.parse('2026-11-20T10:00:05+07:00')
/** The sample carries this share of the documented dossiers. */
const SHARE = 0.45

export const CITIZENS = [
  { flow: 'login', step: 'login', kind: 'login' }, { flow: 'find-service', step: 'find', kind: 'service.find' },
  { flow: 'submit', step: 'submit', kind: 'dossier.submit' }, { flow: 'pay', step: 'create', kind: 'payment.create' },
  { flow: 'pay', step: 'scan', kind: 'payment.scan' }, { flow: 'sms', step: 'send', kind: 'sms.send' },
] as const

const WINDOWS: readonly (readonly [name: string, from: string, to: string, phase: string])[] = [
  ['citizens-old', '21:00', '21:55', 'old-portal'], ['citizens-new', '23:40', '03:00', 'new-portal'],
  ['sync-w1', '23:45', '00:40', 'sync'], ['sync-w2', '00:42', '01:36', 'sync'], ['sync-w3', '01:38', '02:28', 'sync'], ['status-w1', '01:00', '02:30', 'sync'],
]

export function samplePlan(runId: string): Plan {
  const split = Split.parse(parse(readFileSync(new URL('../../../contracts/reference/split-night-2026-04-10.yaml', import.meta.url), 'utf8')))
  const partners = PARTNERS.map(({ id, unitCode, title }) => {
    const share = split.partners.find((partner) => partner.id === id)!
    return { id, unitCode, title, mode: 'simulated' as const, wave: share.wave, expected: Math.max(1, Math.round(share.count * SHARE)), outstanding: 0 }
  })
  const counts: Record<string, number> = { 'citizens-old': 160, 'citizens-new': 520, 'status-w1': 900 }
  const scenarios = WINDOWS.map(([name, from, to, phase]): PlannedScenario => {
    const wave = Number(/^sync-w(\d)$/.exec(name)?.[1] ?? 0)
    const pushed = partners.filter((partner) => partner.wave === wave).map(({ id, unitCode, expected }) => ({ id, unitCode, count: expected }))
    const startMs = clockOffsetMs('21:00', from) / SAMPLE_TIME_SCALE
    return {
      name, journey: [name], actor: wave ? 'partner' : 'citizen', phase, startMs, durationMs: clockOffsetMs('21:00', to) / SAMPLE_TIME_SCALE - startMs,
      steps: wave ? [{ flow: 'dossier-sync', step: 'push', kind: 'sync.dossier' }] : name === 'status-w1' ? [{ flow: 'status-sync', step: 'status', kind: 'sync.status' }] : [...CITIZENS],
      count: wave ? pushed.reduce((sum, partner) => sum + partner.count, 0) : counts[name]!, preAllocatedVUs: 20, maxVUs: 60, shares: {}, ...(wave ? { partners: pushed } : {}),
    }
  })
  const profile = Profile.parse({
    version: 1, name: 'night', title: { vi: 'Đêm diễn tập', en: 'Rehearsal night' }, legacyDossiers: 50_000, regions: { north: 0.4, central: 0.25, south: 0.35 }, keptAliveShare: 0.3,
    scenarios: WINDOWS.map(([name, from, to, phase]) => ({ name, journey: ['login'], actor: 'citizen', phase, from, to })),
  })
  const rest = {
    v: 1 as const, runId, createdAt: SAMPLE_BEGAN_AT - 5_000, seed: 20260410, timeScale: SAMPLE_TIME_SCALE, scenarioStartMs: SAMPLE_SCENARIO_START,
    durationMs: clockOffsetMs('21:00', '04:00') / SAMPLE_TIME_SCALE, runbook: Runbook.parse(sampleRunbook(SAMPLE_TIME_SCALE)), profile, target: sampleTarget(), scenarios, partners,
    boundsWallMs: Object.fromEntries(BOUND_NAMES.map((name) => [name, boundWallMs(parseDurationMs(profile.bounds[name])!, SAMPLE_TIME_SCALE)])) as Record<BoundName, number>,
    criteria: [], workers: ['w1'], versions: { tongduyet: '0.1.0', k6: '1.8.1', node: '24.21.0' },
    assumptions: [
      split.assumption,
      { vi: 'Các bước và giờ của kịch bản là giả định; văn bản chỉ nêu khung giờ, tổng số và các đơn vị chưa xong (001).', en: 'Steps and times of the runbook are assumed; the document gives window, total and unfinished units only (001).' },
      { vi: 'Thời hạn hội tụ: đồng bộ hồ sơ 5 phút, trạng thái 10 phút, thanh toán 2 phút, SMS 5 phút, biên lai 10 phút.', en: 'Convergence bounds: dossier sync 5 min, status 10 min, payment 2 min, SMS 5 min, receipt 10 min.' },
      { vi: 'Đặc tính máy phân giải tên miền từng vùng là giả định.', en: 'The profiles of the regions\' resolvers are assumed.' },
    ],
  }
  return Plan.parse({ ...rest, planHash: createHash('sha256').update(canonicalJson(rest)).digest('hex') })
}

function sampleTarget(): Plan['target'] {
  const system = (id: string, role: SystemRole, unit: string, host: string, mode: TargetSystem['mode'] = 'simulated'): TargetSystem =>
    ({ id, role, mode, url: `http://127.64.${host}:8080`, admin: `http://127.64.${host}:9090`, unit })
  return {
    version: 1, name: 'embedded', kind: 'reference', allow: ['127.0.0.0/8'], portalHost: 'portal.dvcqg.test', addresses: { old: '127.64.2.2', new: '127.64.2.1' },
    regions: REGIONS.map((region, at) => ({ id: region.id, gateway: `http://127.64.3.${at + 1}:8080`, resolver: { host: `127.64.5.1${at + 1}`, port: 5300, profile: region.resolverProfile } })),
    systems: [
      system('portal', 'portal', 'portal-operator', '1.1', 'real'), system('legacy', 'legacy', 'legacy-operator', '1.2', 'real'), system('coordination', 'coordination', 'portal-operator', '1.3', 'real'),
      system('catalogue', 'catalogue', 'portal-operator', '1.4', 'real'), system('payments', 'payments', 'payment-operator', '1.5', 'real'), system('notifications', 'notifications', 'portal-operator', '1.6', 'real'),
      system('edge-new', 'edge', 'infrastructure', '2.1', 'real'), system('edge-old', 'edge', 'infrastructure', '2.2', 'real'),
      ...REGIONS.map((region, at) => system(`resolver-${region.id}`, 'resolver', 'infrastructure', `5.1${at + 1}`, 'real')),
      system('vneid', 'vneid', 'vneid-operator', '6.1'), system('bank-vcb', 'bank', 'bank', '6.2'), system('bank-bidv', 'bank', 'bank', '6.3'), system('sms', 'sms', 'telecom', '6.4'),
      ...PARTNERS.map(({ id }, at) => system(`partner-${id}`, 'partner', 'partners', `7.${at + 1}`)),
    ],
  }
}
