/**
 * Whether the generator, a simulator or the whole machine was itself the bottleneck, from `evidence/processes.ndjson` (cpuMs and the clocks run on from
 * sample to sample; the one that cannot be set goes first).
 * A Node process has one thread for its work: near a whole core, or an event loop that answers late, for a good part of the run means that what
 * it measured or simulated was slowed by itself. Null where nothing was measured.
 */
import type { Case } from './case.ts'
import { readJson } from './load-records.ts'

/** Of one core, between two samples. k6 has threads for all cores, so its own lateness speaks for it, and this only where it fills two. */
const BUSY_CORE = 0.95
const BUSY_GENERATOR = 1.8
/** Of all cores of the machine, whoever used them. */
const BUSY_MACHINE = 0.97
const BUSY_LOOP_MS = 250
/** Of a process's samples. */
const BUSY_SHARE = 0.2

export type ProcessLoad = { process: string; samples: number; busyShare: number; cpuShareMax: number; rssBytesMax: number; saturated: boolean }

const MACHINE = 'machine'

export async function processLoads({ db, records, states }: Pick<Case, 'db' | 'records' | 'states'>): Promise<ProcessLoad[] | null> {
  const file = records.files.find((candidate) => candidate.kind === 'processes')
  if (!file || !states.get(file.name)?.whole) return null
  const rows = await db.rows<Omit<ProcessLoad, 'saturated'>>(`
    WITH samples AS (SELECT fields.process AS process, fields.cpuMs AS cpu, coalesce(fields.monoMs, fields.wallMs) AS wall, fields.eventLoopMsP99 AS loop, fields.rssBytes AS rss, fields.cores AS cores
      FROM ${readJson(file.path, `{key: 'VARCHAR', fields: 'STRUCT(process VARCHAR, cpuMs DOUBLE, wallMs DOUBLE, monoMs DOUBLE, eventLoopMsP99 DOUBLE, rssBytes BIGINT, cores INTEGER)'}`)} WHERE key LIKE 'sample/%'),
    shares AS (SELECT *, (cpu - lag(cpu) OVER w) / nullif(wall - lag(wall) OVER w, 0) AS share FROM samples WINDOW w AS (PARTITION BY process ORDER BY wall))
    SELECT process, count(*) AS samples,
      count(*) FILTER (share >= CASE WHEN process = '${MACHINE}' THEN ${BUSY_MACHINE} * cores WHEN process LIKE 'k6%' THEN ${BUSY_GENERATOR} ELSE ${BUSY_CORE} END OR coalesce(loop, 0) >= ${BUSY_LOOP_MS}) / count(*) AS "busyShare",
      round(coalesce(max(share), 0), 3) AS "cpuShareMax", max(rss) AS "rssBytesMax"
    FROM shares GROUP BY process ORDER BY process`)
  return rows.length === 0 ? null : rows.map((row) => ({ ...row, saturated: row.busyShare >= BUSY_SHARE }))
}

const isGenerator = (name: string) => name.startsWith('k6')

/** Of the load generators alone. */
export async function generatorLoads(kase: Pick<Case, 'db' | 'records' | 'states'>): Promise<ProcessLoad[]> {
  return (await processLoads(kase) ?? []).filter((load) => isGenerator(load.process))
}

/** Names of the generators and simulators that were saturated, and of the machine. */
export async function saturated(kase: Case): Promise<string[]> {
  const simulators = new Set(kase.plan.target.systems.filter((system) => ['vneid', 'bank', 'sms', 'partner'].includes(system.role)).map((system) => system.id))
  const own = (name: string) => isGenerator(name) || name === 'harness' || name === 'partners' || name === 'simulators' || name === MACHINE || simulators.has(name)
  return (await processLoads(kase) ?? []).filter((load) => own(load.process) && load.saturated).map((load) => load.process)
}
