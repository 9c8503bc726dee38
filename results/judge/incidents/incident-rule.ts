/**
 * One rule for each incident of facts section 5: from history, journal and evidence alone, which symptoms name it, which system and unit, which
 * cause. A rule that finds something also says which operations it explains, so that they are not listed a second time without a name.
 */
import type { IncidentId } from '../../../contracts/incidents.ts'
import type { Finding } from '../../../contracts/verdict.ts'
import type { Case } from '../case.ts'
import type { Database } from '../database.ts'

export type IncidentRule = {
  id: IncidentId
  /** Systems (ids or roles) without whose evidence the rule cannot say that nothing happened. */
  needs: readonly string[]
  detect: (kase: Case) => Promise<Finding[]>
  /** Why signs that are there cannot be taken for it; null where there are none or they can. */
  doubt?: (kase: Case) => Promise<string | null>
}

export async function explain(db: Database, idsSql: string): Promise<void> { await db.run(`INSERT INTO explained ${idsSql}`) }

/**
 * A single time-out is what every network has: it is counted as unresolved or recovered. An incident is at least MIN_TOUCHED operations and
 * MIN_SHARE of those that went to that system: three in a row by chance at a sound rate of 0.1 % is 1 in 1,000,000,000.
 */
export const MIN_TOUCHED = 3
export const MIN_SHARE = 0.02

export function isIncident(touched: number, all: number): boolean { return touched >= MIN_TOUCHED && touched >= all * MIN_SHARE }

export function percent(part: number, whole: number): string { return whole === 0 ? '0 %' : `${(100 * part / whole).toFixed(1)} %` }
