/**
 * Jumps of the wall clock, from `evidence/processes.ndjson`: every sample tells the same moment by the wall clock and by one that cannot be set. Between
 * two samples both must have gone on by the same; what a time server slews in a second is far below the limit. Null where that was not measured.
 */
import type { Case } from './case.ts'
import { readJson } from './load-records.ts'

const JUMP_MS = 100

/** `line`: 1-based, in the samples' file. `afterMs`: of the clock that cannot be set, since the sampler began. */
export type ClockJump = { line: number; afterMs: number; ms: number }

export async function clockJumps({ db, records, states }: Pick<Case, 'db' | 'records' | 'states'>): Promise<ClockJump[] | null> {
  const file = records.files.find((candidate) => candidate.kind === 'processes')
  if (!file || !states.get(file.name)?.whole) return null
  await db.run(`CREATE OR REPLACE TABLE moments AS SELECT row_number() OVER () AS line, key, fields.wallMs AS wall, fields.monoMs AS mono
    FROM ${readJson(file.path, `{key: 'VARCHAR', fields: 'STRUCT(wallMs BIGINT, monoMs BIGINT)'}`)}`)
  const { samples, both } = await db.row<{ samples: number; both: number }>(`SELECT count(*) AS samples, count(*) FILTER (wall IS NOT NULL AND mono IS NOT NULL) AS both FROM moments WHERE key LIKE 'sample/%'`)
  if (samples < 2 || both < samples) return null
  return db.rows<ClockJump>(`SELECT line, before AS "afterMs", shift AS ms FROM (
      SELECT line, lag(mono) OVER w AS before, (wall - mono) - (lag(wall) OVER w - lag(mono) OVER w) AS shift FROM moments WHERE key LIKE 'sample/%' WINDOW w AS (ORDER BY mono, line))
    WHERE abs(shift) > ${JUMP_MS} ORDER BY line`)
}
