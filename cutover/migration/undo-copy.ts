/**
 * Takes migrated rows out of the new portal again, with what the migrator remembers. A migrated dossier that the new portal has worked on since
 * (an event, or a payment of its own) is kept and counted: removing it would lose what a user was told. What the coordination system has been
 * given stays there; the codes are derived, so a later copy meets it again.
 */
import { lockNewSide, withNewSide } from './connection.ts'
import type { MigrationOptions } from './copy.ts'

export type UndoCounts = { dossiers: number; payments: number; queued: number; kept: number }

const WORKED_ON = `(exists (select from dossier_events e where e.dossier_code = d.code) or exists (select from payments p where p.dossier_code = d.code and p.origin <> 'migrated'))`

export function undoCopy(options: Pick<MigrationOptions, 'to' | 'signal'>): Promise<UndoCounts> {
  return withNewSide(options.to, options.signal, async (fresh) => {
    await lockNewSide(fresh)
    await fresh.query('begin')
    const removed = async (text: string) => (await fresh.query(text)).rowCount ?? 0
    await fresh.query(`create temp table undone on commit drop as select d.code from dossiers d where d.origin = 'migrated' and not ${WORKED_ON}; create unique index on undone (code); analyze undone`)
    const queued = await removed("delete from outbox o using undone u where o.topic = 'dossier' and o.payload ->> 'dossierCode' = u.code")
    const payments = await removed("delete from payments p using undone u where p.dossier_code = u.code and p.origin = 'migrated'")
    const dossiers = await removed('delete from dossiers d using undone u where d.code = u.code')
    const { rows } = await fresh.query<{ kept: number }>("select count(*)::int as kept from dossiers where origin = 'migrated'")
    await fresh.query('drop schema if exists migration cascade')
    await fresh.query('commit')
    return { dossiers, payments, queued, kept: rows[0]!.kept }
  })
}
