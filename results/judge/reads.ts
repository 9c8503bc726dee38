/**
 * What the moments of the reads allow (design section 5): a baseline that began after the first operation tells nothing of before, a final read that
 * began before the last one ended has not seen all that it could have, and a baseline that already holds operations of this very plan (the same seed
 * on the same systems) makes every record of the run doubtful.
 */
import { checkOf } from './strangers.ts'
import type { Case } from './case.ts'
import type { Database } from './database.ts'
import { RECORD_KEEPERS } from './record-types.ts'
import type { FileState, RunRecords } from './run-records.ts'

export async function distrustLateBaselines(db: Database, records: RunRecords, states: Map<string, FileState>): Promise<void> {
  const { first } = await db.row<{ first: number | null }>('SELECT min(invoked) AS first FROM ops')
  for (const [index, { name, kind }] of records.files.entries()) {
    const state = states.get(name)!
    if (kind !== 'baseline' || !state.whole || first === null || state.beganAt! <= first) continue
    states.set(name, { ...state, whole: false, reason: 'began after the first operation' })
    await db.run(`DELETE FROM baseline WHERE file = ${index}`)
  }
}

/** Systems whose final read began before the last operation ended. */
export async function earlyReads({ db, plan, states }: Case): Promise<string[]> {
  const { last } = await db.row<{ last: number | null }>('SELECT max(completed) AS last FROM ops')
  return plan.target.systems.filter((system) => RECORD_KEEPERS.has(system.role)).map((system) => system.id).filter((id) => {
    const state = states.get(`evidence/${id}.ndjson`)
    return last !== null && state?.whole && state.beganAt! < last
  })
}

/** How many records of operations of this plan each baseline holds. */
export async function usedBaselines({ db, plan, records }: Case): Promise<{ system: string; records: number }[]> {
  const counts = await db.rows<{ file: number; records: number }>(`SELECT b.file, count(*) AS records FROM baseline b JOIN plan_steps s ON s.sid = b.id >> 32
    WHERE b.chk = ${checkOf(plan, 's', 'b.id')} GROUP BY b.file ORDER BY b.file`)
  return counts.map(({ file, records: count }) => ({ system: records.files[file]!.system, records: count }))
}
