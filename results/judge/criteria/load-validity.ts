/**
 * Validity of the load (design section 5): planned load reached with nothing dropped, started on time, enough samples, clocks sane, what k6 counted
 * and what the history holds the same, k6 ended in order, no more operations cut off than virtual users were in flight.
 */
import { OPERATION_KINDS } from '../../../contracts/kinds.ts'
import type { Case } from '../case.ts'
import { readJson } from '../load-records.ts'
import { latenessMsP99 } from '../offered.ts'
import { type CriterionResult, type CriterionRule, listed, validity } from './criterion.ts'

/** An iteration may start this much before its intended time by the rounding of k6's clock; a clock further off is not one clock. */
const CLOCK_SLACK_MS = 1_000
/** The last client time-out after the end of the load (contract: 10 s) and k6's graceful stop. */
const AFTER_END_MS = 30_000

export const loadValidity: CriterionRule = {
  id: 'valid.load',
  async check(kase) {
    return [await plannedLoad(kase), await lateness(kase), await samples(kase), await clocks(kase), ...await counters(kase), await inFlight(kase)]
  },
}

async function plannedLoad({ db, plan }: Case): Promise<CriterionResult> {
  const reached = new Map((await db.rows<{ scenario: string; iterations: number }>(
    'SELECT scenario, count(*) AS iterations FROM iterations GROUP BY scenario',
  )).map((row) => [row.scenario, row.iterations]))
  const least = plan.profile.limits.minPlannedShare
  const short = plan.scenarios.filter((scenario) => (reached.get(scenario.name) ?? 0) < scenario.count * least)
  return validity('planned-load', short.length === 0 && plan.scenarios.length > 0, `every scenario reaches at least ${Math.round(least * 100)} % of its planned iterations`,
    short.length === 0 ? plan.scenarios.map((scenario) => `${scenario.name} ${reached.get(scenario.name) ?? 0}/${scenario.count}`).join(', ') : `too few: ${short.map((scenario) => `${scenario.name} ${reached.get(scenario.name) ?? 0}/${scenario.count}`).join(', ')}`)
}

async function lateness(kase: Case): Promise<CriterionResult> {
  const limit = kase.plan.profile.limits.latenessMsP99
  const { value, iterations } = await latenessMsP99(kase)
  return validity('lateness', value !== null && value <= limit, `iterations start at most ${limit} ms late (p99, wall clock)`, value === null ? 'no iteration' : `${value} ms over ${iterations} iterations`)
}

async function samples({ db, plan }: Case): Promise<CriterionResult> {
  const seen = new Map((await db.rows<{ kind: string; n: number }>('SELECT kind::VARCHAR AS kind, count(*) AS n FROM ops GROUP BY kind')).map((row) => [row.kind, row.n]))
  const least = plan.profile.limits.minSamples
  const few = OPERATION_KINDS.filter((kind) => {
    const planned = Math.max(0, ...plan.scenarios.filter((scenario) => scenario.steps.some((step) => step.kind === kind)).map((scenario) => scenario.count))
    // What the plan itself makes rare cannot be asked of the run; but it must occur.
    return planned > 0 && (seen.get(kind) ?? 0) < Math.min(least, Math.max(1, Math.floor(planned * shareOf(plan, kind) / 2)))
  })
  return validity('samples', few.length === 0 && seen.size > 0, `at least ${least} operations of every planned kind, or what the plan gives`,
    few.length === 0 ? OPERATION_KINDS.filter((kind) => seen.has(kind)).map((kind) => `${kind} ${seen.get(kind)}`).join(', ') || 'no operation' : `too few: ${few.map((kind) => `${kind} ${seen.get(kind) ?? 0}`).join(', ')}`)
}

/** The smallest share of iterations that may reach the kind. */
function shareOf(plan: Case['plan'], kind: string): number {
  return Math.min(1, ...plan.scenarios.flatMap((scenario) => {
    const flows = new Set(scenario.steps.map((step) => step.flow))
    // An act has a share under its own name, which a step does not tell.
    const acts = Math.min(1, ...scenario.journey.filter((id) => !flows.has(id)).map((id) => scenario.shares[id] ?? 1))
    return scenario.steps.filter((step) => step.kind === kind).map((step) => scenario.shares[step.flow] ?? acts)
  }))
}

async function clocks({ db, times }: Case): Promise<CriterionResult> {
  if (times.beganAt === null || times.endedAt === null) return validity('clocks', false, 'every operation lies inside the run', 'the journal does not say when the run began and ended')
  const row = await db.row<{ backwards: number; early: number; outside: number }>(`SELECT count(*) FILTER (completed < invoked) AS backwards, count(*) FILTER (invoked < intended - ${CLOCK_SLACK_MS}) AS early,
    count(*) FILTER (invoked < ${times.beganAt} - ${CLOCK_SLACK_MS} OR completed > ${times.endedAt} + ${AFTER_END_MS}) AS outside FROM history WHERE attempt IS NOT NULL`)
  const sane = row.backwards + row.early + row.outside === 0
  return validity('clocks', sane, 'no operation ends before it begins, begins before it was intended, or lies outside the run', sane ? 'none does' : `${row.backwards} end before they begin, ${row.early} begin too early, ${row.outside} lie outside the run`)
}

async function counters({ db, plan, records, states }: Case): Promise<CriterionResult[]> {
  const wrong: string[] = []
  const dropped: string[] = []
  const ended: string[] = []
  for (const worker of plan.workers) {
    const file = records.files.find((candidate) => candidate.kind === 'load' && candidate.system === `load-${worker}`)
    if (!file || !states.get(file.name)?.whole) {
      for (const list of [wrong, dropped, ended]) list.push(`no record of ${worker}'s load generator`)
      continue
    }
    const rows = await db.rows<{ key: string; status: string | null; value: number | null }>(`SELECT key, status, TRY_CAST(fields.value AS DOUBLE) AS value FROM ${readJson(file.path, `{key: 'VARCHAR', status: 'VARCHAR', fields: 'STRUCT(value VARCHAR)'}`)} WHERE key IS NOT NULL`)
    const value = (key: string) => rows.find((row) => row.key === key)?.value ?? null
    const lines = await db.count(`SELECT count(*) FROM history h JOIN systems y ON y.file = h.file WHERE y.name = '${worker.replaceAll('\'', '')}' AND h.attempt IS NOT NULL`)
    const counted = value('metric/history_lines')
    if (counted !== lines) wrong.push(`${worker}: k6 counted ${counted ?? 'nothing'}, the history has ${lines} lines`)
    if (value('metric/dropped_iterations') !== 0) dropped.push(`${worker}: ${value('metric/dropped_iterations') ?? 'not measured'}`)
    const signal = rows.find((row) => row.key === 'exit/signal')?.status ?? null
    if (value('exit/code') !== 0 || (signal !== null && signal !== '' && signal !== 'none')) ended.push(`${worker}: exit code ${value('exit/code') ?? 'none'}${signal ? `, signal ${signal}` : ''}`)
    if (value('stderr/failed-writes') !== 0) ended.push(`${worker}: ${value('stderr/failed-writes') ?? 'unknown'} failed writes`)
  }
  const planned = new Set(plan.workers)
  for (const { system } of records.files.filter((file) => file.kind === 'history' && !planned.has(file.system))) wrong.push(`the plan has no worker ${system}`)
  if (plan.workers.length === 0) for (const list of [wrong, dropped, ended]) list.push('the plan has no worker')
  const evidence = plan.workers.map((worker) => ({ file: `evidence/load-${worker}.ndjson`, lines: [] }))
  return [
    validity('history-complete', wrong.length === 0, 'as many history lines as k6 itself counted', wrong.length === 0 ? 'the same for every worker' : listed(wrong), evidence),
    validity('dropped-iterations', dropped.length === 0, 'no dropped iteration', dropped.length === 0 ? '0' : listed(dropped), evidence),
    validity('generator-ended', ended.length === 0, 'every load generator ended in order and wrote everything', ended.length === 0 ? 'all did' : listed(ended), evidence),
  ]
}

async function inFlight({ db, plan }: Case): Promise<CriterionResult> {
  const most = plan.scenarios.reduce((sum, scenario) => sum + scenario.maxVUs, 0)
  const count = await db.count('SELECT count(*) FROM cut_off')
  return validity('cut-off', count <= most, `at most ${most} operations cut off in flight (the virtual users)`, `${count} records of operations that the plan allows and no history line tells of`)
}
