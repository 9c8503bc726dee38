/**
 * What coordination counts (contracts/api/inside.ts, Figures), from one snapshot: dossiers in all, by origin, by status, and of the open ones those
 * that are overdue or due by the end of the next working day. In: optionally a unit (its own dossiers and those of its territory) and a level.
 */
import type pg from 'pg'
import type { Figures } from '../../../contracts/api/inside.ts'
import { DOSSIER_STATUSES, STATUS_TRANSITIONS } from '../../../contracts/status.ts'
import { dueDateRule } from '../../../contracts/working-days.ts'

/** Something is still to be done before the result. */
const OPEN = DOSSIER_STATUSES.filter((status) => STATUS_TRANSITIONS[status].length > 0 && status !== 'done')
const COUNTS = {
  'dossiers.total': 'true',
  ...Object.fromEntries(['direct', 'synced', 'migrated'].map((origin) => [`dossiers.${origin}`, `origin = '${origin}'`])),
  ...Object.fromEntries(DOSSIER_STATUSES.map((status) => [`dossiers.${status}`, `status = '${status}'`])),
  'dossiers.overdue': 'status = any($3) and due_at < $4',
  'dossiers.dueSoon': 'status = any($3) and due_at >= $4 and due_at <= $5',
}
const COUNT = `select ${Object.entries(COUNTS).map(([name, condition]) => `count(*) filter (where ${condition})::int as "${name}"`).join(', ')}
  from dossiers where ($1::text is null or left(unit_code, 3) = $1 or territory = $1) and ($2::text is null or level = $2)`

export function createFigures(pool: pg.Pool) {
  const nextWorkingDay = dueDateRule(undefined, 1)
  return async ({ unit, level }: { unit?: string | undefined; level?: string | undefined }, nowMs: number): Promise<Figures> => {
    const { rows: [figures] } = await pool.query(COUNT, [unit ?? null, level ?? null, OPEN, new Date(nowMs), new Date(nextWorkingDay(nowMs))])
    return { figures }
  }
}
