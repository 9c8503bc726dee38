/**
 * `overload`: a system that stands the usual load answers with errors, late or not at all in the seconds in which the load jumps (004: Justice, Health).
 * Load is what the generator brought, by the moments that were intended, so it does not hang on the answers. Each system is compared with itself: the
 * seconds of the jump against all others. What waits for a bank or the SMS gateway is late for their sake and has rules of its own; a portal
 * that the runbook closed refuses on purpose. Where the generator itself was too busy, or late without anybody having refused it, its jump says nothing:
 * `doubt`, not a finding.
 */
import { latenessMsP99 } from '../offered.ts'
import type { Case } from '../case.ts'
import { literal } from '../database.ts'
import { examplesOf } from '../examples.ts'
import { findingOf, powerOf } from '../findings.ts'
import { generatorLoads, saturated } from '../head-room.ts'
import { explain, percent, type IncidentRule } from './incident-rule.ts'

/** A jump: so many times the run's median second. */
const JUMP = 3
/** Fewer answers on either side say nothing of a share or a p95. */
const MIN_ANSWERS = 50
const MIN_SECONDS = 3
/** Of the share of errors, and how sure: standard deviations of the difference of two shares. */
const MIN_RISE = 0.05
const MIN_SIGMA = 5
const SLOWER = 5
/** Five times of little is little. */
const SLOW_MS = 1_000

type Signs = { system: string; high: number; bad: number; low: number; lowBad: number; refused: number; kind: string | null; p95: number; lowP95: number }

export const overload: IncidentRule = {
  id: 'overload',
  needs: [],
  async detect(kase) {
    const { found, doubt } = await look(kase)
    if (doubt !== null) return []
    const findings = []
    for (const signs of found) findings.push(await findingFor(kase, signs))
    return findings
  },
  async doubt(kase) { return (await look(kase)).doubt },
}

async function findingFor(kase: Case, signs: Signs) {
  const { system, high, bad, low, lowBad, p95, lowP95, kind } = signs
  const { median, seconds } = await kase.db.row<{ median: number; seconds: number }>(`SELECT any_value(median) AS median, count(*) FILTER (high) AS seconds FROM load_seconds`)
  const touched = `SELECT id FROM load_answers WHERE high AND system = ${literal(system)} AND ${kind === null ? 'bad' : `(bad OR kind = ${literal(kind)} AND ms >= ${SLOW_MS})`}`
  const examples = await examplesOf(kase, touched)
  await explain(kase.db, touched)
  const errors = `${system} answered ${bad} of ${high} requests with errors or not at all (${percent(bad, high)}) in the ${seconds} seconds in which the load was at least ${JUMP} times its median of ${median} operations a second, against ${lowBad} of ${low} (${percent(lowBad, low)}) otherwise`
  return findingOf(kase, {
    incident: 'overload', class: 'incident', system, cause: kind === null ? errors : `${errors}; ${kind} took ${p95} ms there (p95), ${lowP95} ms otherwise`,
    measure: `give ${system} the capacity for the jump, or bound what reaches it (queue, rate limit for each unit) and let callers wait and try again; then repeat the jump step by step`,
    rerunCondition: `the same jump of the load ends with as few errors at ${system} as the load before it`, power: powerOf(high, examples.count, `requests to ${system} during the jump`), ...examples,
  })
}

const known = new WeakMap<Case, Promise<{ found: Signs[]; doubt: string | null }>>()

/** Once for each case: asked for by the finding and by the criterion. */
function look(kase: Case): Promise<{ found: Signs[]; doubt: string | null }> {
  let looked = known.get(kase)
  if (!looked) known.set(kase, looked = lookAt(kase))
  return looked
}

async function lookAt(kase: Case): Promise<{ found: Signs[]; doubt: string | null }> {
  const { db } = kase
  await db.run(`CREATE OR REPLACE TABLE load_seconds AS SELECT *, n >= ${JUMP} * median AS high FROM (
    SELECT intended // 1000 AS second, count(*) AS n, quantile_disc(count(*), 0.5) OVER () AS median FROM ops GROUP BY second)`)
  if (await db.count('SELECT count(*) FROM load_seconds WHERE high') < MIN_SECONDS) return { found: [], doubt: null }
  await gatherAnswers(kase)
  const failing = (await errorSigns(kase)).filter((signs) => rises(signs))
  const slow = await slowSigns(kase)
  const found = failing.length > 0
    ? failing.map((signs) => {
      const slowest = slow.find(({ system }) => system === signs.system)
      return slowest ? { ...signs, kind: slowest.kind, p95: slowest.p95, lowP95: slowest.lowP95 } : signs
    })
    : slow.map((signs): Signs => ({ refused: 0, ...signs }))
  if (found.length === 0) return { found, doubt: null }
  // A refusal is the system's own word. Silence and slowness may be the machine's, where all run on one, or those of a generator that began late itself;
  // but whoever is refused waits, and so does the virtual user that should have begun something else.
  const ownWord = found.some((signs) => signs.refused >= signs.bad / 2 && signs.bad > 0)
  const { value: late } = await latenessMsP99(kase)
  const doubts = [
    ...(await generatorLoads(kase)).filter((load) => load.saturated).map((load) => load.process),
    ...(!ownWord && late !== null && late > kase.plan.profile.limits.latenessMsP99 ? [`iterations ${late} ms late`] : []),
    ...(ownWord ? [] : (await saturated(kase)).filter((name) => name === 'machine')),
  ]
  return { found, doubt: doubts.length === 0 ? null : `signs of it at ${found.map(({ system }) => system).join(', ')}, but too busy itself meanwhile: ${doubts.join(', ')}` }
}

/** Table load_answers(id, kind, system, high, bad, refused, ms): who had to answer each operation, and how that went. */
async function gatherAnswers({ db, plan }: Case): Promise<void> {
  const systems = plan.target.systems.filter(({ role }) => role !== 'edge' && role !== 'gateway' && role !== 'resolver').map(({ id }) => literal(id)).join(', ')
  const text = `coalesce(error, '')`
  const named = `regexp_extract(${text}, '([a-z0-9-]+) has more requests than it can work off', 1)`
  await db.run(`CREATE OR REPLACE TABLE load_answers AS SELECT id, kind, high, ms, CASE WHEN bad AND named IN (${systems}) THEN named ELSE system END AS system, bad, bad AND (http >= 500 OR http = 429 OR ${text} LIKE '%OVERLOADED%') AS refused
    FROM (SELECT o.id, o.kind::VARCHAR AS kind, s.high, o.completed - o.intended AS ms, o.http, o.error, ${named} AS named,
        coalesce((outcome = 'info' OR outcome = 'fail' AND (http >= 500 OR http = 429)) AND NOT (${text} LIKE 'PORTAL_FROZEN%' OR ${text} LIKE 'PORTAL_CLOSED%')
          AND NOT (kind IN (${WAITING.map(literal).join(', ')}) AND (http = 504 OR http IS NULL)), false) AS bad,
        CASE WHEN kind IN ('sync.dossier', 'sync.status') THEN 'portal' WHEN o.system IN (${systems}) THEN o.system
          WHEN kind = 'payment.scan' THEN 'bank-' || bank WHEN kind = 'dossier.apply' THEN 'partner-' || partner ELSE o.office END AS system
      FROM ops o JOIN load_seconds s ON s.second = o.intended // 1000)`)
}

/** Operations whose answer waits for a bank or the gateway. */
const WAITING = ['payment.create', 'sms.send']

async function errorSigns({ db }: Case): Promise<Signs[]> {
  const rows = await db.rows<Omit<Signs, 'kind' | 'p95' | 'lowP95'>>(`SELECT system, count(*) FILTER (high) AS high, count(*) FILTER (high AND bad) AS bad, count(*) FILTER (NOT high) AS low, count(*) FILTER (NOT high AND bad) AS "lowBad",
    count(*) FILTER (high AND refused) AS refused FROM load_answers GROUP BY system ORDER BY bad DESC, system`)
  return rows.map((row) => ({ ...row, kind: null, p95: 0, lowP95: 0 }))
}

function rises({ high, bad, low, lowBad }: Signs): boolean {
  if (high < MIN_ANSWERS || low < MIN_ANSWERS) return false
  const rise = bad / high - lowBad / low
  const all = (bad + lowBad) / (high + low)
  return rise >= MIN_RISE && rise >= MIN_SIGMA * Math.sqrt(all * (1 - all) * (1 / high + 1 / low))
}

/** The kind of operation of each system that grew slowest. */
async function slowSigns({ db }: Case): Promise<(Pick<Signs, 'system' | 'p95' | 'lowP95'> & { kind: string; high: number; low: number; bad: number; lowBad: number })[]> {
  return db.rows(`SELECT system, kind, high, low, bad, "lowBad", p95, "lowP95" FROM (
      SELECT system, kind, count(*) FILTER (high) AS high, count(*) FILTER (NOT high) AS low, count(*) FILTER (high AND bad) AS bad, count(*) FILTER (NOT high AND bad) AS "lowBad",
        quantile_disc(CASE WHEN high THEN ms END, 0.95) AS p95, quantile_disc(CASE WHEN NOT high THEN ms END, 0.95) AS "lowP95"
      FROM load_answers WHERE kind NOT IN (${WAITING.map(literal).join(', ')}) GROUP BY system, kind)
    WHERE high >= ${MIN_ANSWERS} AND low >= ${MIN_ANSWERS} AND p95 >= ${SLOW_MS} AND p95 >= ${SLOWER} * "lowP95"
    QUALIFY row_number() OVER (PARTITION BY system ORDER BY p95 DESC, kind) = 1 ORDER BY p95 DESC, system`)
}
