/** Business requests that each system says it answered during the run, from `evidence/processes.ndjson`; null where none was asked. */
import type { Case } from './case.ts'
import { readJson } from './load-records.ts'

export async function servedBySystem({ db, records, states }: Pick<Case, 'db' | 'records' | 'states'>): Promise<Map<string, number> | null> {
  const file = records.files.find((candidate) => candidate.kind === 'processes')
  if (!file || !states.get(file.name)?.whole) return null
  const rows = await db.rows<{ system: string; served: number }>(`SELECT fields.system AS system, max(fields.served) FILTER (key LIKE '%/end') - max(fields.served) FILTER (key LIKE '%/begin') AS served
    FROM ${readJson(file.path, `{key: 'VARCHAR', fields: 'STRUCT(system VARCHAR, served BIGINT)'}`)} WHERE key LIKE 'served/%' GROUP BY 1 HAVING served IS NOT NULL`)
  return rows.length === 0 ? null : new Map(rows.map((row) => [row.system, row.served]))
}
