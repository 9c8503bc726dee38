/**
 * Systems that were away: a stretch in which one operation after the other went to a system (`whom-asked.ts`) and none was answered, of all kinds or, where it did answer others, of
 * one kind. Those who asked then and were made to wait until it answered again are of the stretch too. What an incident explains is not told a second time; what waits for banks and
 * the SMS gateway has rules of its own.
 */
import type { Finding } from '../../contracts/verdict.ts'
import { starved } from './busy.ts'
import type { Case } from './case.ts'
import { literal } from './database.ts'
import { examplesOf } from './examples.ts'
import { findingOf, powerOf } from './findings.ts'
import { percent } from './incidents/incident-rule.ts'
import { tellWhomAsked } from './whom-asked.ts'

/** Fewer in a row, or a shorter stretch, is what a restart of one connection looks like. Where nobody was refused all were slow, which the profile's criteria are for. */
const MIN_IN_A_ROW = 5
const MIN_REFUSED = 3
const MIN_STRETCH_MS = 1_000

export const UNAVAILABLE = 'unavailable:'

export async function unavailableFindings(kase: Case): Promise<Finding[]> {
  const { db } = kase
  if (await starved(kase) !== null) return []
  const findings: Finding[] = []
  for (const { system, stretches, ms, waited, kinds } of await outages(kase)) {
    const ids = `SELECT id FROM away WHERE system = ${literal(system)}`
    const asked = `asked WHERE system = ${literal(system)}${kinds === null ? '' : ` AND kind IN (${kinds.map(literal).join(', ')})`}`
    const what = kinds === null ? 'operations' : `operations of kind ${kinds.join(', ')}`
    const touched = await examplesOf(kase, ids)
    const { all, said } = await db.row<{ all: number; said: string | null }>(`SELECT (SELECT count(*) FROM ${asked}) AS all,
      (SELECT string_agg(text, ', ' ORDER BY n DESC, text) FROM (SELECT coalesce(error, 'no answer') || ' ×' || count(*) AS text, count(*) AS n FROM ops WHERE id IN (${ids}) GROUP BY error ORDER BY n DESC, text LIMIT 3)) AS said`)
    findings.push({ ...findingOf(kase, {
      incident: null, class: 'incident', system,
      cause: `${system} answered none of ${touched.count} ${what} in ${stretches === 1 ? 'one stretch' : `${stretches} stretches`} of ${(ms / 1_000).toFixed(1)} s (wall clock) together, of ${all} in the run (${percent(touched.count, all)})${kinds === null ? '' : ', while it answered others'}: ${said}${waited === 0 ? '' : `; ${waited} more waited until it answered again`}`,
      measure: `find in the logs of ${system}, of what it runs on and of its database why it was away; make it come back by itself, and give it a second one to stand in`,
      rerunCondition: `${system} answers all along, also while one of its parts is taken away`, power: powerOf(all, touched.count, `operations that went to ${system}`), ...touched,
    }), id: `${UNAVAILABLE}${system}` })
  }
  return findings
}

/** Why stretches without an answer cannot be taken for an outage; null where there are none, or they can. */
export async function outageDoubt(kase: Case): Promise<string | null> {
  const why = await starved(kase)
  if (why === null) return null
  const found = await outages(kase)
  return found.length === 0 ? null : `${found.map(({ system }) => system).join(', ')} did not answer for a while, but the machine gave nobody his time: ${why}`
}

/** Tables asked(id, system, kind, invoked, completed, bad), as `tellWhomAsked` makes it, and away(id, system). `kinds`: null where nothing of any kind was answered. */
async function outages(kase: Case): Promise<{ system: string; stretches: number; ms: number; waited: number; kinds: string[] | null }[]> {
  const { db } = kase
  await tellWhomAsked(kase)
  await db.run(`
    CREATE OR REPLACE TABLE placed AS SELECT *, count(*) FILTER (NOT bad) OVER (PARTITION BY system, what ORDER BY invoked, id ROWS UNBOUNDED PRECEDING) AS stretch FROM (
      SELECT *, NULL AS what FROM asked WHERE system IS NOT NULL UNION ALL SELECT *, kind FROM asked WHERE system IS NOT NULL AND kind IS NOT NULL);
    CREATE OR REPLACE TABLE silences AS SELECT system, what, stretch, count(*) AS n, min(invoked) AS first, max(invoked) AS last FROM placed WHERE bad GROUP BY system, what, stretch HAVING n >= ${MIN_REFUSED};
    -- From the next who asked and was answered in the end until anybody was.
    CREATE OR REPLACE TABLE returns AS SELECT s.system, s.what, s.stretch, a.next, a.back FROM silences s JOIN (
        SELECT system, what, stretch, invoked AS next, min(completed) OVER (PARTITION BY system, what ORDER BY stretch DESC ROWS UNBOUNDED PRECEDING) AS back FROM placed WHERE NOT bad
      ) a ON a.system = s.system AND a.what IS NOT DISTINCT FROM s.what AND a.stretch = s.stretch + 1;
    CREATE OR REPLACE TABLE waiting AS SELECT r.system, r.what, r.stretch, p.id FROM returns r JOIN (FROM placed WHERE NOT bad AND completed - invoked >= ${MIN_STRETCH_MS}) p
      ON p.system = r.system AND p.what IS NOT DISTINCT FROM r.what AND p.invoked >= r.next AND p.invoked < r.back;
    CREATE OR REPLACE TABLE stretches AS SELECT * FROM (SELECT s.system, s.what, s.stretch, s.n, s.first, s.last + coalesce(r.back - r.next, 0) AS until,
        (SELECT count(*) FROM waiting w WHERE w.system = s.system AND w.what IS NOT DISTINCT FROM s.what AND w.stretch = s.stretch) AS waited
      FROM silences s LEFT JOIN returns r ON r.system = s.system AND r.what IS NOT DISTINCT FROM s.what AND r.stretch = s.stretch) WHERE until - first >= ${MIN_STRETCH_MS} AND n + waited >= ${MIN_IN_A_ROW};
    -- That of all kinds says all that those of one kind would.
    DELETE FROM stretches WHERE what IS NOT NULL AND system IN (SELECT system FROM stretches WHERE what IS NULL);
    CREATE OR REPLACE TABLE away AS SELECT DISTINCT p.id, p.system FROM placed p JOIN stretches s ON s.system = p.system AND s.what IS NOT DISTINCT FROM p.what AND s.stretch = p.stretch WHERE p.bad`)
  const rows = await db.rows<{ system: string; stretches: number; ms: number; waited: number; kinds: string | null }>(`
    -- Those that overlap, of two kinds or with one answered in between who had asked before, are one.
    WITH spans AS (SELECT *, coalesce(first > max(until) OVER (PARTITION BY system ORDER BY first ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), true) AS begins FROM stretches),
      numbered AS (SELECT *, sum(begins::INT) OVER (PARTITION BY system ORDER BY first ROWS UNBOUNDED PRECEDING) AS island FROM spans),
      islands AS (SELECT system, island, max(until) - min(first) AS ms FROM numbered GROUP BY system, island)
    SELECT system, count(*) AS stretches, sum(ms)::BIGINT AS ms,
      (SELECT count(DISTINCT w.id) FROM waiting w JOIN stretches s ON s.system = w.system AND s.what IS NOT DISTINCT FROM w.what AND s.stretch = w.stretch WHERE w.system = islands.system) AS waited,
      (SELECT string_agg(DISTINCT what, ' ' ORDER BY what) FROM stretches s WHERE s.system = islands.system) AS kinds
    FROM islands GROUP BY system ORDER BY system`)
  return rows.map((row) => ({ ...row, kinds: row.kinds?.split(' ') ?? null }))
}
