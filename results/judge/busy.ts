/** What was itself too busy or too late to measure others by: saturated generators and simulators, the machine, iterations that began late. */
import type { Case } from './case.ts'
import { saturated } from './head-room.ts'
import { latenessMsP99 } from './offered.ts'

export async function busyMeanwhile(kase: Case): Promise<string[]> {
  const { value: late } = await latenessMsP99(kase)
  // A generator that starts late by itself measures its own machine.
  return [...await saturated(kase), ...(late !== null && late > kase.plan.profile.limits.latenessMsP99 ? [`the load generator, ${late} ms late`] : [])]
}

/** So late that whoever answers on the same machine may have been as late. */
const STARVED_MS = 2_000
const MIN_ITERATIONS = 20

/**
 * The machine gave nobody his time: iterations of most scenarios began seconds late, whatever they play. Scenarios that wait for one slow system hold
 * up themselves only. Null where that is not so.
 */
export async function starved({ db }: Pick<Case, 'db'>): Promise<string | null> {
  const rows = await db.rows<{ late: number }>(`SELECT quantile_disc(late, 0.99) AS late FROM iterations GROUP BY scenario HAVING count(*) >= ${MIN_ITERATIONS}`)
  const late = rows.filter((row) => row.late >= STARVED_MS).length
  return rows.length > 0 && late > rows.length / 2 ? `iterations of ${late} of ${rows.length} scenarios began seconds late` : null
}
