/**
 * The generator's certificate beside `load-validity.ts`: virtual users to spare in every scenario, no jump of the wall clock, the generator's own CPU,
 * and what systems say they served against what the load generator asked of them directly. Where the profile does not judge head-room (shared
 * runners) CPU and virtual users are told and not judged.
 */
import { clockJumps } from '../clock-jumps.ts'
import type { Case } from '../case.ts'
import { literal } from '../database.ts'
import { generatorLoads } from '../head-room.ts'
import { servedBySystem } from '../served.ts'
import { type CriterionResult, type CriterionRule, listed, validity } from './criterion.ts'

const PROCESSES = [{ file: 'evidence/processes.ndjson', lines: [] }]
/** How often virtual users are counted; what lasts shorter needs few. */
const LOOK_EVERY_MS = 100

export const generator: CriterionRule = {
  id: 'valid.generator',
  async check(kase) {
    return [await generatorHeadRoom(kase), await virtualUsers(kase), await clocks(kase), await served(kase)]
  },
}

async function generatorHeadRoom(kase: Case): Promise<CriterionResult> {
  const expected = 'the load generator itself has CPU to spare'
  const judged = kase.plan.profile.limits.judgeHeadroom
  const loads = await generatorLoads(kase)
  if (loads.length === 0) return validity('generator-head-room', !judged, expected, judged ? 'not measured' : 'not measured; not judged by this profile', PROCESSES)
  const shown = loads.map((load) => `${load.process} ${Math.round(load.cpuShareMax * 100)} % of a core at most`).join(', ')
  const full = loads.filter((load) => load.saturated)
  if (full.length > 0 && judged) return validity('generator-head-room', false, expected, `saturated: ${listed(full.map((load) => load.process))}; ${shown}`, PROCESSES)
  return validity('generator-head-room', true, expected, judged ? shown : `${shown}; reported, not judged by this profile`, PROCESSES)
}

/** Virtual users in use at once, from each iteration's first step to its last answer, against those that k6 may have. */
async function virtualUsers(kase: Case): Promise<CriterionResult> {
  const { db, plan } = kase
  const expected = 'no scenario ever needs all of its virtual users'
  const peaks = await db.rows<{ scenario: string; peak: number }>(`SELECT scenario, max(n) AS peak FROM (
    SELECT scenario, look, count(*) AS n FROM (SELECT scenario, unnest(range(began // ${LOOK_EVERY_MS} + 1, ended // ${LOOK_EVERY_MS} + 1)) AS look FROM iterations WHERE ended // ${LOOK_EVERY_MS} > began // ${LOOK_EVERY_MS})
    GROUP BY scenario, look) GROUP BY scenario`)
  const most = new Map(plan.scenarios.map((scenario) => [scenario.name, scenario.maxVUs]))
  const used = peaks.map(({ scenario, peak }) => ({ scenario, peak, most: most.get(scenario) ?? 0 })).sort((a, b) => b.peak / b.most - a.peak / a.most || (a.scenario < b.scenario ? -1 : 1))
  const full = used.filter((one) => one.peak >= one.most)
  const text = (list: typeof used) => listed(list.map((one) => `${one.scenario} ${one.peak}/${one.most}`), 5)
  const judged = plan.profile.limits.judgeHeadroom
  if (await db.count('SELECT count(*) FROM iterations') === 0) return validity('vu-head-room', false, expected, 'no iteration')
  if (full.length === 0) return validity('vu-head-room', true, expected, used.length === 0 ? 'none was in use for long' : `at most: ${text(used)}`)
  return validity('vu-head-room', !judged, expected, judged ? `all in use: ${text(full)}` : `all in use: ${text(full)}; reported, not judged by this profile`)
}

async function clocks(kase: Case): Promise<CriterionResult> {
  const expected = 'the wall clock never jumps against a clock that cannot be set'
  const jumps = await clockJumps(kase)
  if (jumps === null) return validity('clock-jumps', false, expected, 'not measured', PROCESSES)
  if (jumps.length === 0) return validity('clock-jumps', true, expected, 'it never did', PROCESSES)
  return validity('clock-jumps', false, expected, `${jumps.length} jumps: ${listed(jumps.map((jump) => `${jump.ms > 0 ? '+' : ''}${jump.ms} ms after ${jump.afterMs} ms`), 5)}`, [{ file: 'evidence/processes.ndjson', lines: jumps.slice(0, 5).map((jump) => jump.line) }])
}

/** Who was asked directly must say that it answered at least as often: others ask it too. */
async function served(kase: Case): Promise<CriterionResult> {
  const { db } = kase
  const expected = 'every system that the load generator asks directly says it answered at least as many requests as the history tells of'
  const counts = await servedBySystem(kase)
  if (counts === null) return validity('served', false, expected, 'not measured', PROCESSES)
  const asked = await db.rows<{ name: string; n: number }>(`SELECT name, count(*) AS n FROM (SELECT CASE
      WHEN kind IN ('sync.dossier', 'sync.status', 'dossier.apply') THEN 'partner-' || partner WHEN kind = 'payment.scan' THEN 'bank-' || bank
      WHEN kind = 'report.read' THEN 'statistics' WHEN kind = 'feedback.answer' THEN 'feedback'
      WHEN kind IN (${BY_STAFF.map(literal).join(', ')}) THEN 'coordination' END AS name FROM ops WHERE http IS NOT NULL)
    WHERE name IS NOT NULL GROUP BY name ORDER BY name`)
  const short = asked.filter(({ name, n }) => (counts.get(name) ?? 0) < n)
  if (short.length === 0) return validity('served', true, expected, asked.length === 0 ? 'none is asked directly' : `${asked.length} systems, ${asked.reduce((sum, { n }) => sum + n, 0)} requests`, PROCESSES)
  return validity('served', false, expected, listed(short.map(({ name, n }) => `${name} says ${counts.get(name) ?? 'nothing'}, the history ${n}`)), PROCESSES)
}

/** Kinds that staff play on the coordination system. */
const BY_STAFF = ['staff.login', 'dossier.receive', 'dossier.refuse', 'supplement.ask', 'dossier.process', 'dossier.finish', 'dossier.stop', 'result.return', 'payment.counter', 'payment.refund']
