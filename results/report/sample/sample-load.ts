/**
 * Writes a run folder of a load without a cutover: a day of 24 hours in three minutes with peaks at 09-10h and 14-15h, citizens, staff and one
 * partner, criteria by phase, end-to-end transactions and the derivation of the rates. Same input, same bytes.
 * As a program: `node results/report/sample/sample-load.ts DIRECTORY`.
 */
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { canonicalJson } from '../../../contracts/canonical-json.ts'
import type { OperationKind } from '../../../contracts/kinds.ts'
import { Plan, type PlannedScenario } from '../../../contracts/plan.ts'
import { RecordWriter } from '../../../contracts/record-file.ts'
import { runFolder } from '../../../contracts/run-folder.ts'
import { RunOutcome, Selfcheck, Verdict, type CriterionResult } from '../../../contracts/verdict.ts'
import { SAMPLE_BEGAN_AT, samplePlan } from './sample-plan.ts'

const TIME_SCALE = 480
const HOUR_WALL_MS = 3_600_000 / TIME_SCALE
/** Iterations a second of the wall clock at each full hour, as multiples of a peak. */
const HOURS = [0.02, 0.02, 0.02, 0.02, 0.02, 0.04, 0.1, 0.2, 0.5, 1, 1, 0.45, 0.2, 0.3, 1, 1, 0.42, 0.25, 0.1, 0.05, 0.03, 0.02, 0.02, 0.02, 0.02]
const ACTORS = [
  { name: 'citizens', actor: 'citizen', perSecond: 4, flow: 'submit', step: 'submit', kind: 'dossier.submit' }, { name: 'officers', actor: 'staff', perSecond: 3, flow: 'receive', step: 'receive', kind: 'dossier.receive' },
  { name: 'sync', actor: 'partner', perSecond: 8, flow: 'dossier-sync', step: 'push', kind: 'sync.dossier' },
] as const

export function writeSampleLoad(directory: string): string {
  const folder = runFolder(directory)
  for (const path of [directory, folder.history, folder.evidence]) mkdirSync(path, { recursive: true })
  const plan = loadPlan()
  writeFileSync(folder.plan, `${canonicalJson(plan)}\n`)
  const lines = plan.scenarios.flatMap(linesOf).sort((a, b) => a.completedAt - b.completedAt)
  writeRecords(folder.historyOf('w1'), lines)
  writeRecords(folder.evidenceOf('processes'), [
    { v: 1, system: 'processes', readId: 'processes-1', mode: 'running', beganAt: SAMPLE_BEGAN_AT },
    ...['k6', 'portal', 'back'].flatMap((process, order) => Array.from({ length: 20 }, (_, n) => ({ key: `sample/${process}/${n + 1}`, fields: { process, cpuMs: n * (120 + order * 90), wallMs: n * 1_000, eventLoopMsP99: process === 'k6' ? null : 4 + n % 3, rssBytes: 90_000_000 + order }, seenAt: SAMPLE_BEGAN_AT + n * 1_000 }))),
  ])
  const stamp = (at: number) => ({ at, scenarioAt: plan.scenarioStartMs + (at - SAMPLE_BEGAN_AT) * TIME_SCALE })
  writeRecords(folder.journal, [
    { v: 1, seq: 1, ...stamp(SAMPLE_BEGAN_AT), kind: 'run', event: 'begin' }, { v: 1, seq: 2, ...stamp(SAMPLE_BEGAN_AT + plan.durationMs), kind: 'run', event: 'end' },
  ])
  const verdict = verdictOf(plan, lines.length)
  writeFileSync(folder.verdict, `${canonicalJson(verdict)}\n`)
  writeFileSync(folder.findings, '')
  writeFileSync(folder.selfcheck, `${canonicalJson(Selfcheck.parse({ v: 1, runId: plan.runId, status: 'pass', canaries: [], surplus: 0, note: '' }))}\n`)
  writeFileSync(folder.outcome, `${canonicalJson(RunOutcome.parse({ v: 1, runId: plan.runId, outcome: 'pass', verdict: 'pass', selfcheck: 'pass', faults: [], validity: [] }))}\n`)
  writeFileSync(join(directory, 'transactions.json'), `${canonicalJson({ v: 1, runId: plan.runId, transactions: ['submit-received', 'submit-sms', 'paid-receipt', 'processed-visible'].map((name, order) => ({
    name, count: 200 + order, unfinished: order === 1 ? 2 : 0, p50Ms: 40, p95Ms: 90, p99Ms: 140, maxMs: 400,
    cases: Array.from({ length: 7 }, (_, n) => ({ trace: `citizens.${n}`, dossierCode: `H01-260601-50000${n}`, ms: 400 - n, from: SAMPLE_BEGAN_AT + 60_000, to: SAMPLE_BEGAN_AT + 60_400 - n, lastSystem: 'partner-ha-noi' })),
  })) })}\n`)
  return directory
}

function loadPlan(): Plan {
  const { planHash: _, ...night } = samplePlan('20261120-100000-monday-load')
  const rest: Omit<Plan, 'planHash'> = {
    ...night, timeScale: TIME_SCALE, scenarioStartMs: Date.parse('2026-06-01T00:00:00+07:00'), durationMs: 24 * HOUR_WALL_MS,
    runbook: { ...night.runbook, title: { vi: 'Thử tải Cổng mới, không chuyển đổi', en: 'Load on the new portal, without a cutover' }, window: { date: '2026-06-01', start: '00:00', end: '23:59', timeScale: TIME_SCALE } },
    profile: {
      ...night.profile, name: 'monday', phases: [{ name: 'morning-peak', from: '09:00', to: '10:00' }, { name: 'afternoon-peak', from: '14:00', to: '15:00' }],
      criteria: ['errorRate(all) < 1%', 'p95(dossier-sync) < 800ms in afternoon-peak', 'p95(dossier-sync) < 800ms in morning-peak'],
    },
    target: { ...night.target, systems: night.target.systems.filter(({ id }) => id !== 'legacy' && id !== 'edge-old') },
    scenarios: ACTORS.map(scenarioOf), criteria: [],
    derivation: [
      { what: { vi: 'Hồ sơ mỗi ngày', en: 'Dossiers a day' }, value: 332_095.178, unit: { vi: 'hồ sơ', en: 'dossiers' }, how: { vi: 'tổng / 90', en: 'sum / 90' }, basis: { source: '004' } },
      { what: { vi: 'Tỷ trọng giờ cao điểm', en: 'Share of the peak hour' }, value: 0.15, unit: { vi: 'tỷ lệ', en: 'share' }, how: { vi: 'tham số', en: 'parameter' }, basis: { assumption: { vi: 'Không văn bản nào nêu', en: 'No document gives it' } } },
      { what: { vi: 'Tốc độ đỉnh', en: 'Peak rate' }, value: 13.837, unit: { vi: 'hồ sơ/giây', en: 'dossiers/s' }, how: { vi: '… × 0,15 / 3.600', en: '… × 0.15 / 3,600' }, basis: { computed: true } },
    ],
  }
  return Plan.parse({ ...rest, planHash: createHash('sha256').update(canonicalJson(rest)).digest('hex') })
}

function scenarioOf({ name, actor, perSecond, flow, step, kind }: (typeof ACTORS)[number]): PlannedScenario {
  const stages = HOURS.slice(1).map((to, hour) => ({ durationMs: HOUR_WALL_MS, fromPerSecond: HOURS[hour]! * perSecond, toPerSecond: to * perSecond }))
  const count = Math.floor(stages.reduce((sum, stage) => sum + (stage.fromPerSecond + stage.toPerSecond) / 2 * stage.durationMs / 1_000, 0))
  return { name, journey: [flow], steps: [{ flow, step, kind }], actor, phase: 'load', startMs: 0, durationMs: 24 * HOUR_WALL_MS, count, preAllocatedVUs: 20, maxVUs: 40, shares: {}, stages }
}

type Line = { v: 1; op: string; attempt: 1; trace: string; kind: OperationKind; completedAt: number } & Record<string, unknown>

/** The n-th iteration begins where the integral of the rate comes to n. */
function linesOf({ name, actor, steps, stages, count }: PlannedScenario): Line[] {
  const [{ flow, step, kind } = { flow: '', step: '', kind: 'login' as const }] = steps
  const lines: Line[] = []
  let arrived = 0
  for (let at = 0; lines.length < count; at += 10) {
    const stage = stages![Math.min(stages!.length - 1, Math.floor(at / HOUR_WALL_MS))]!
    arrived += (stage.fromPerSecond + (stage.toPerSecond - stage.fromPerSecond) * (at % HOUR_WALL_MS) / HOUR_WALL_MS) / 100
    while (lines.length < Math.min(count, Math.floor(arrived))) {
      const began = SAMPLE_BEGAN_AT + at
      const iteration = lines.length
      lines.push({
        v: 1, op: `${name}.${iteration}.${step}.0123456789`, attempt: 1, trace: `${name}.${iteration}`, kind, flow, step, actor, region: 'north', worker: 'w1', cohort: 'kept', phase: 'load',
        intendedAt: began, invokedAt: began, completedAt: began + 20 + iteration % 30, outcome: 'ok', system: 'portal',
      })
    }
    if (at > 24 * HOUR_WALL_MS + 60_000) break
  }
  return lines
}

function verdictOf(plan: Plan, operations: number): Verdict {
  const passed = (id: string, expected: string, observed: string): CriterionResult => ({ id, expected, observed, status: 'pass', evidence: [] })
  return Verdict.parse({
    v: 1, runId: plan.runId, planHash: plan.planHash, verdict: 'pass', findings: [],
    criteria: [
      passed('class.lost', '0', '0'), ...plan.profile.criteria.map((text) => passed(`load.${text}`, text, text.startsWith('p95') ? '48 ms over 400 operations' : `0.00 % over ${operations} operations`)),
      passed('valid.planned-load', 'every scenario reaches at least 95 % of its planned iterations', 'citizens 1/1'), passed('valid.dropped-iterations', 'no dropped iteration', '0'),
      passed('valid.lateness', 'iterations start at most 500 ms late (p99, wall clock)', '3 ms over 900 iterations'),
    ],
    partners: [], coverage: { systemsRead: ['portal'], operations, verified: operations }, figures: [{ id: 'e2e.submit-received.p95Ms', value: 90, unit: 'ms', source: 'transactions.json' }],
  })
}

function writeRecords(path: string, records: readonly unknown[]): void {
  const writer = new RecordWriter(path)
  for (const record of records) writer.write(record)
  writer.close(SAMPLE_BEGAN_AT + 200_000)
}

if (import.meta.main) {
  const [directory] = process.argv.slice(2)
  if (!directory) throw new Error('give the directory to write to')
  writeSampleLoad(directory)
}
