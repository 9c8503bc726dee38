/**
 * Whether the generator or a simulator was itself the bottleneck, from `evidence/processes.ndjson` (cpuMs and wallMs run on from sample to sample).
 * A Node process has one thread for its work: near a whole core, or an event loop that answers late, for a good part of the run means that what
 * it measured or simulated was slowed by itself. Null where nothing was measured.
 */
import type { Case } from './case.ts'
import { readJson } from './load-records.ts'

/** Of one core, between two samples. k6 has threads for all cores, so its own lateness speaks for it, and this only where it fills two. */
const BUSY_CORE = 0.95
const BUSY_GENERATOR = 1.8
const BUSY_LOOP_MS = 250
/** Of a process's samples. */
const BUSY_SHARE = 0.2

export type ProcessLoad = { process: string; samples: number; busyShare: number; cpuShareMax: number; rssBytesMax: number }

export async function processLoads({ db, records, states }: Case): Promise<ProcessLoad[] | null> {
  const file = records.files.find((candidate) => candidate.kind === 'processes')
  if (!file || !states.get(file.name)?.whole) return null
  const rows = await db.rows<ProcessLoad>(`
    WITH samples AS (SELECT fields.process AS process, fields.cpuMs AS cpu, fields.wallMs AS wall, fields.eventLoopMsP99 AS loop, fields.rssBytes AS rss
      FROM ${readJson(file.path, `{key: 'VARCHAR', fields: 'STRUCT(process VARCHAR, cpuMs DOUBLE, wallMs DOUBLE, eventLoopMsP99 DOUBLE, rssBytes BIGINT)'}`)} WHERE key LIKE 'sample/%'),
    shares AS (SELECT *, (cpu - lag(cpu) OVER w) / nullif(wall - lag(wall) OVER w, 0) AS share FROM samples WINDOW w AS (PARTITION BY process ORDER BY wall))
    SELECT process, count(*) AS samples, count(*) FILTER (share >= CASE WHEN process LIKE 'k6%' THEN ${BUSY_GENERATOR} ELSE ${BUSY_CORE} END OR coalesce(loop, 0) >= ${BUSY_LOOP_MS}) / count(*) AS "busyShare",
      round(coalesce(max(share), 0), 3) AS "cpuShareMax", max(rss) AS "rssBytesMax"
    FROM shares GROUP BY process ORDER BY process`)
  return rows.length === 0 ? null : rows
}

/** Names of the generators and simulators that were saturated. */
export async function saturated(kase: Case): Promise<string[]> {
  const simulators = new Set(kase.plan.target.systems.filter((system) => ['vneid', 'bank', 'sms', 'partner'].includes(system.role)).map((system) => system.id))
  const own = (name: string) => name.startsWith('k6') || name === 'harness' || name === 'partners' || name === 'simulators' || simulators.has(name)
  return (await processLoads(kase) ?? []).filter((load) => own(load.process) && load.busyShare >= BUSY_SHARE).map((load) => load.process)
}
