/**
 * Moves the new portal's running number beyond the highest that any dossier code of the new form carries, old numbers included (a migrated code
 * carries `numbersFrom` + the old number), so that no number, short or whole, is given out twice. Never moves it back.
 */
import type pg from 'pg'
import { withSides } from './connection.ts'
import type { MigrationOptions } from './copy.ts'
import type { Mapping } from './mapping.ts'

/** `highest`: the highest old running number; `next`: what the new portal gives out next. */
export type NumberRange = { highest: number; next: number }

export function advanceNumbers(options: Pick<MigrationOptions, 'from' | 'to' | 'mapping' | 'signal'>): Promise<NumberRange> {
  return withSides(options, options.signal, (old, fresh) => advanceOn(old, fresh, options.mapping))
}

export async function advanceOn(old: pg.Client, fresh: pg.Client, mapping: Mapping): Promise<NumberRange> {
  const highest = await highestNumber(old, fresh, mapping)
  const { rows } = await fresh.query<{ next: string }>(`
    select setval('dossier_number', greatest((select last_value + is_called::int from dossier_number), $1::bigint + 1), false) as next`, [highest])
  return { highest, next: Number(rows[0]!.next) }
}

/** Of both sides: the old sequence may be behind its codes, and the new side may hold dossiers of its own below the migrated range. */
export async function highestNumber(old: pg.Client, fresh: pg.Client, mapping: Mapping): Promise<number> {
  const { rows: [given] } = await old.query<{ highest: string }>('select last_value as highest from so_hoso')
  const { rows: [held] } = await fresh.query<{ migrated: string; direct: string }>(`
    select coalesce(max(substring(code from '[0-9]+$')::bigint) filter (where origin = 'migrated'), $1) - $1 as migrated,
      coalesce(max(substring(code from '[0-9]+$')::bigint) filter (where origin = 'direct'), 0) as direct from dossiers`, [mapping.dossierCodes.numbersFrom])
  return Math.max(Number(given!.highest), Number(held!.migrated), Number(held!.direct))
}
