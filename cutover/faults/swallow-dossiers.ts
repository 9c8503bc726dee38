/**
 * What `sync-lost` and `legacy-missing` share: the new portal's database takes a dossier, acknowledges it and has lost it after the commit. A
 * constraint trigger that is deferred to the commit removes the row, so that the inserting statement sees it stored (as with a commit that a
 * failing disk or a switched-over replica forgot). Which rows is a seeded draw over the code, so a repeated push is lost again.
 * Codes are noted in a schema of the fault's own, which healing drops; what is really gone is counted by reading the portal's table.
 */
import pg from 'pg'
import { assertAllowed } from '../allow-list.ts'
import { byRole, hostOf } from '../systems.ts'
import type { Target } from '../../contracts/target.ts'
import type { FaultContext } from './fault.ts'

export type Swallow = { name: string; origin: 'synced' | 'migrated'; share: number; partners?: readonly string[] }

const NAME = /^[a-z_]+$/

export async function plantSwallow({ target, seed }: FaultContext, swallow: Swallow): Promise<void> {
  const { name, origin, share, partners } = swallow
  if (!NAME.test(name)) throw new Error(`"${name}" is no name for a schema`)
  const among = partners ? `and new.partner_id in (${partners.map(literal).join(', ')})` : ''
  await withDatabase(target, 'portal', (client) => client.query(`
    create schema ${name};
    create table ${name}.swallowed (code text primary key, at timestamptz not null default clock_timestamp());
    create function ${name}.swallow() returns trigger language plpgsql as $$
    begin
      insert into ${name}.swallowed (code) values (new.code) on conflict do nothing;
      delete from public.payments where dossier_code = new.code;
      delete from public.dossier_events where dossier_code = new.code;
      delete from public.dossiers where code = new.code;
      return null;
    end $$;
    create constraint trigger ${name}_swallow after insert on public.dossiers deferrable initially deferred for each row
      when (new.origin = ${literal(origin)} and ${drawSql('new.code', seed, name)} < ${Math.round(share * 0x1_0000_0000)} ${among})
      execute function ${name}.swallow()`))
}

/** No more dossiers are lost; what was noted stays until `forgetSwallow`. */
export async function healSwallow({ target }: FaultContext, { name }: Swallow): Promise<void> {
  await withDatabase(target, 'portal', (client) => client.query(`drop trigger if exists ${name}_swallow on public.dossiers; drop schema if exists ${name} cascade`))
}

/** Codes that the trigger met and that the portal does not hold now. */
export async function swallowedCodes({ target }: FaultContext, { name }: Swallow): Promise<string[]> {
  return withDatabase(target, 'portal', async (client) => {
    const { rows } = await client.query<{ code: string }>(`select s.code from ${name}.swallowed s where not exists (select from public.dossiers d where d.code = s.code) order by s.code`)
    return rows.map((row) => row.code)
  })
}

/** 32 bits of MD5 over seed, fault and code: even, and the same in every run with this seed. */
function drawSql(code: string, seed: number, name: string): string {
  return `('x' || substr(md5(${literal(`${seed}/${name}/`)} || ${code}), 1, 8))::bit(32)::bigint & 4294967295`
}

function literal(text: string): string { return pg.escapeLiteral(text) }

/** Beyond it the database is not ours to wait for: the fault counts as not planted. */
const STATEMENT_MS = 20_000

export async function withDatabase<T>(target: Target, role: 'portal' | 'legacy', use: (client: pg.Client) => Promise<T>): Promise<T> {
  const { id, database } = byRole(target, role)
  if (!database) throw new Error(`the target names no database of "${id}"`)
  assertAllowed(`database of system "${id}"`, hostOf(database), target.allow)
  const client = new pg.Client({ connectionString: database, application_name: 'fault', connectionTimeoutMillis: 10_000, statement_timeout: STATEMENT_MS })
  client.on('error', () => {})
  await client.connect()
  try { return await use(client) } finally { await client.end() }
}
