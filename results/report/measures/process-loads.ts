/** What every process took, from `evidence/processes.ndjson`: cores on the average and at most between two samples, event loop, memory. In: table `sample`. */
import type { RecordTables } from './record-table.ts'

export type ProcessLoadRow = { process: string; samples: number; coresMean: number; coresMax: number; eventLoopMsMax: number | null; rssBytesMax: number }

export async function processLoads(tables: RecordTables): Promise<ProcessLoadRow[]> {
  const rows = await tables.rows(`
    SELECT process, count(*) AS samples, (max(cpuMs) - min(cpuMs)) / nullif(max(wallMs) - min(wallMs), 0) AS mean, max(share) AS most, max(loopMs) AS loopMs, max(rssBytes) AS rss
    FROM (SELECT *, (cpuMs - lag(cpuMs) OVER w) / nullif(wallMs - lag(wallMs) OVER w, 0) AS share FROM sample WINDOW w AS (PARTITION BY process ORDER BY wallMs))
    GROUP BY process ORDER BY mean DESC NULLS LAST, process`)
  return rows.map((row) => ({
    process: String(row['process']), samples: Number(row['samples']), coresMean: Number(row['mean'] ?? 0), coresMax: Number(row['most'] ?? 0),
    eventLoopMsMax: row['loopMs'] === null || row['loopMs'] === undefined ? null : Number(row['loopMs']), rssBytesMax: Number(row['rss'] ?? 0),
  }))
}
