/**
 * What the load generator itself did not bring: pushes of each partner that the plan has and no history line tells of, and how late its iterations
 * started. A dossier that nobody ever pushed shows nothing about the systems; what follows from it (an unfinished partner, a gate that waits for
 * it, a late answer) is inconclusive, never a fail. Counts from the whole history only: a line that was cut away is no push that never was.
 */
import { parseCondition } from '../../contracts/condition.ts'
import type { ConditionResult } from '../../contracts/journal.ts'
import type { Case } from './case.ts'

/** Pushes that were planned and never offered, by partner; empty where the history is not whole. */
export async function neverOffered(kase: Case): Promise<Map<string, number>> {
  const { db, plan } = kase
  if (!isHistoryWhole(kase)) return new Map()
  const rows = await db.rows<{ partner: string; offered: number }>(`SELECT partner, count(*) AS offered FROM ops WHERE kind = 'sync.dossier' AND partner IS NOT NULL GROUP BY partner`)
  const offered = new Map(rows.map((row) => [row.partner, row.offered]))
  const planned = new Map<string, number>()
  for (const { id, count } of plan.scenarios.flatMap((scenario) => scenario.partners ?? [])) planned.set(id, (planned.get(id) ?? 0) + count)
  return new Map([...planned].map(([id, count]) => [id, count - (offered.get(id) ?? 0)] as const).filter(([, missing]) => missing > 0))
}

/** Metrics that the engine takes from the running history. */
const FROM_HISTORY = /^(sync|portal)\.(?!open$)/

/**
 * True where no condition that did not hold speaks of the systems: it waits for dossiers that were never offered and for no others, or it was
 * measured on a history that broke off with its generator.
 */
export function saysNothing(conditions: readonly ConditionResult[], missing: ReadonlyMap<string, number>, historyWhole: boolean): boolean {
  const total = [...missing.values()].reduce((sum, count) => sum + count, 0)
  const open = conditions.filter((condition) => condition.held !== true)
  return open.length > 0 && open.every(({ condition, observed }) => {
    const parsed = parseCondition(condition)
    if (!('condition' in parsed)) return false
    const { metric } = parsed.condition
    return historyWhole ? metric === 'sync.pending' && observed !== null && observed > 0 && observed <= total : FROM_HISTORY.test(metric)
  })
}

export function isHistoryWhole({ plan, states }: Case): boolean {
  return plan.workers.every((worker) => states.get(`history/${worker}.ndjson`)?.whole)
}

/** p99 of how late iterations began, each by its first step (later steps are late by nature), wall ms; null without iterations. */
export async function latenessMsP99({ db }: Case): Promise<{ value: number | null; iterations: number }> {
  const row = await db.row<{ p99: number | null; n: number }>('SELECT quantile_disc(late, 0.99) AS p99, count(*) AS n FROM iterations')
  return { value: row.p99, iterations: row.n }
}
