/** Answer times by flow and step, wall ms from invocation to completion, with `quantile_disc` (a value that occurred). In: table `operation`. */
import type { RecordTables } from './record-table.ts'

export type LatencyRow = { flow: string; step: string; operations: number; fail: number; info: number; p50Ms: number; p95Ms: number; maxMs: number }

export async function latencyByStep(tables: RecordTables): Promise<LatencyRow[]> {
  const rows = await tables.rows(`SELECT flow, step, count(*) AS operations, count(*) FILTER (outcome = 'fail') AS fail, count(*) FILTER (outcome = 'info') AS info,
      quantile_disc(completedAt - invokedAt, 0.5) AS p50, quantile_disc(completedAt - invokedAt, 0.95) AS p95, max(completedAt - invokedAt) AS longest
    FROM operation GROUP BY flow, step ORDER BY min(invokedAt), flow, step`)
  return rows.map((row) => ({
    flow: String(row['flow']), step: String(row['step']), operations: Number(row['operations']), fail: Number(row['fail']), info: Number(row['info']),
    p50Ms: Number(row['p50']), p95Ms: Number(row['p95']), maxMs: Number(row['longest']),
  }))
}
