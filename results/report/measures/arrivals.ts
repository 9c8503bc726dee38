/**
 * Iterations that the plan wanted and iterations that began, over the window. In: the plan's scenarios, table `operation`, the clock. Out: buckets of
 * equal length on the scenario clock; planned by integrating each scenario's rate, begun by the first operation of each iteration, by actor.
 */
import type { Plan, PlannedScenario } from '../../../contracts/plan.ts'
import type { ClockPlan } from '../../../contracts/scenario-clock.ts'
import type { RecordTables } from './record-table.ts'

export const ARRIVAL_ACTORS = ['citizen', 'staff', 'partner'] as const
export type ArrivalActor = (typeof ARRIVAL_ACTORS)[number]

export type Arrivals = {
  bucketWallMs: number
  /** Scenario epoch ms at each bucket's middle. */
  middles: number[]
  /** Iterations in each bucket. */
  planned: number[]
  begun: Record<ArrivalActor, number[]>
  plannedTotal: number
  begunTotal: number
}

const BUCKETS = 120

export async function arrivals(tables: RecordTables, plan: Pick<Plan, 'scenarios' | 'durationMs'>, clock: ClockPlan): Promise<Arrivals> {
  const bucketWallMs = Math.max(1, plan.durationMs / BUCKETS)
  const actors = new Map(plan.scenarios.map(({ name, actor }) => [name, actor as ArrivalActor]))
  const rows = await tables.rows(`SELECT scenario, CAST(floor((began - ${clock.startedAtMs}) / ${bucketWallMs}) AS INTEGER) AS bucket, count(*) AS n
    FROM (SELECT split_part(op, '.', 1) AS scenario, split_part(op, '.', 2) AS iteration, min(invokedAt) AS began FROM operation GROUP BY ALL) GROUP BY ALL ORDER BY scenario, bucket`)
  const empty = () => Array.from({ length: BUCKETS }, () => 0)
  const begun: Arrivals['begun'] = { citizen: empty(), staff: empty(), partner: empty() }
  let begunTotal = 0
  for (const row of rows) {
    const counts = begun[actors.get(String(row['scenario'])) ?? 'citizen']
    // What begins just before or after the window belongs to its edge.
    counts[Math.min(BUCKETS - 1, Math.max(0, Number(row['bucket'])))]! += Number(row['n'])
    begunTotal += Number(row['n'])
  }
  const planned = empty().map((_, bucket) => plan.scenarios.reduce((sum, scenario) =>
    sum + arrivedBy(scenario, (bucket + 1) * bucketWallMs) - arrivedBy(scenario, bucket * bucketWallMs), 0))
  return {
    bucketWallMs, middles: planned.map((_, bucket) => clock.scenarioStartMs + (bucket + 0.5) * bucketWallMs * clock.timeScale),
    planned, begun, plannedTotal: plan.scenarios.reduce((sum, { count }) => sum + count, 0), begunTotal,
  }
}

/** Iterations that the plan has begun by a moment, wall ms after the run's start: the integral of the rate. */
export function arrivedBy({ startMs, durationMs, count, stages }: Pick<PlannedScenario, 'startMs' | 'durationMs' | 'count' | 'stages'>, atMs: number): number {
  let left = Math.min(Math.max(0, atMs - startMs), durationMs)
  if (!stages) return durationMs === 0 ? 0 : count * left / durationMs
  let arrived = 0
  for (const { durationMs: lasts, fromPerSecond, toPerSecond } of stages) {
    if (left <= 0) break
    const part = Math.min(left, lasts)
    const reached = lasts === 0 ? toPerSecond : fromPerSecond + (toPerSecond - fromPerSecond) * part / lasts
    arrived += (fromPerSecond + reached) / 2 * part / 1_000
    left -= part
  }
  return Math.min(count, arrived)
}
