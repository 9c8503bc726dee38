/**
 * Load and errors over the window. In: table `operation`, the clock. Out: buckets of equal length on the scenario clock with counts by group
 * and the operations that were refused (`fail`) or left open (`info`); rates are per second of the wall clock.
 */
import type { ClockPlan } from '../../../contracts/scenario-clock.ts'
import type { OperationKind } from '../../../contracts/kinds.ts'
import type { RecordTables } from './record-table.ts'

export const LOAD_GROUPS = ['citizens', 'staff', 'payments', 'sms', 'dossierSync', 'statusSync'] as const
export type LoadGroup = (typeof LOAD_GROUPS)[number]

export const GROUP_OF_KIND: Record<OperationKind, LoadGroup> = {
  'login': 'citizens', 'logout': 'citizens', 'service.find': 'citizens', 'dossier.submit': 'citizens', 'dossier.read': 'citizens',
  'payment.create': 'payments', 'payment.scan': 'payments', 'payment.read': 'payments', 'sms.send': 'sms',
  'sync.dossier': 'dossierSync', 'sync.status': 'statusSync',
  'dossier.apply': 'citizens', 'supplement.answer': 'citizens', 'dossier.withdraw': 'citizens', 'feedback.send': 'citizens', 'feedback.read': 'citizens',
  'staff.login': 'staff', 'dossier.receive': 'staff', 'dossier.refuse': 'staff', 'supplement.ask': 'staff', 'dossier.process': 'staff', 'dossier.finish': 'staff',
  'dossier.stop': 'staff', 'result.return': 'staff', 'feedback.answer': 'staff', 'report.read': 'staff', 'payment.counter': 'payments', 'payment.refund': 'payments',
}

export type LoadTimeline = {
  bucketWallMs: number
  bucketScenarioMs: number
  /** Scenario epoch ms at each bucket's middle. */
  middles: number[]
  groups: Record<LoadGroup, number[]>
  fail: number[]
  info: number[]
  peakPerSecond: number
  operations: number
}

const BUCKETS = 84

export async function loadTimeline(tables: RecordTables, clock: ClockPlan, durationMs: number): Promise<LoadTimeline> {
  const bucketWallMs = Math.max(1, durationMs / BUCKETS)
  const rows = await tables.rows(`SELECT kind, outcome, CAST(floor((completedAt - ${clock.startedAtMs}) / ${bucketWallMs}) AS INTEGER) AS bucket, count(*) AS n
    FROM operation GROUP BY ALL ORDER BY bucket, kind, outcome`)
  const empty = () => Array.from({ length: BUCKETS }, () => 0)
  const groups: Record<LoadGroup, number[]> = { citizens: empty(), staff: empty(), payments: empty(), sms: empty(), dossierSync: empty(), statusSync: empty() }
  const fail = empty()
  const info = empty()
  let operations = 0
  for (const row of rows) {
    const count = Number(row['n'])
    operations += count
    // What completes just before or after the window belongs to its edge.
    const bucket = Math.min(BUCKETS - 1, Math.max(0, Number(row['bucket'])))
    const group = GROUP_OF_KIND[row['kind'] as OperationKind]
    if (group) groups[group][bucket]! += count
    if (row['outcome'] === 'fail') fail[bucket]! += count
    if (row['outcome'] === 'info') info[bucket]! += count
  }
  const perSecond = (count: number) => count * 1_000 / bucketWallMs
  const bucketScenarioMs = bucketWallMs * clock.timeScale
  const totals = fail.map((_, bucket) => LOAD_GROUPS.reduce((sum, group) => sum + groups[group][bucket]!, 0))
  return {
    bucketWallMs, bucketScenarioMs, middles: fail.map((_, bucket) => clock.scenarioStartMs + (bucket + 0.5) * bucketScenarioMs),
    groups, fail, info, peakPerSecond: perSecond(Math.max(0, ...totals)), operations,
  }
}
