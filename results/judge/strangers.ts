/**
 * Records that no logged operation explains. In: records, ops, the baseline reads. Out: table strangers(file, row, khash, type, why) of records that
 * are `unexpected`, and table cut_off(id, chk): operations that the plan allows but the history lacks (cut off in flight: `info`, never unexpected).
 * What the baseline held is none of our business, nor are dossiers that the migration brought (judged row by row elsewhere) with their payments.
 */
import type { Plan } from '../../contracts/plan.ts'
import type { Database } from './database.ts'
import { readJson } from './load-records.ts'
import type { NightTimes } from './night-times.ts'
import { recordTypeIndex } from './record-types.ts'
import type { FileState, RunRecords } from './run-records.ts'

/** Systems whose baseline read is missing or not whole: what is strange there cannot be told. */
export type Strangers = { undecided: string[] }

export async function findStrangers(db: Database, records: RunRecords, states: ReadonlyMap<string, FileState>, times: NightTimes): Promise<Strangers> {
  await db.run(`
    CREATE OR REPLACE TABLE strangers AS
    SELECT r.file, r.row, r.khash, r.type, r.id, r.chk, r.op_text, 'another check in its name' AS why
    FROM (SELECT * FROM records WHERE type > 0 AND id IS NOT NULL) r ANTI JOIN ops o ON o.id = r.id AND o.chk = r.chk
    UNION ALL
    SELECT r.file, r.row, r.khash, r.type, NULL, NULL, r.op_text, CASE WHEN r.op_text IS NOT NULL THEN 'an operation that the plan does not know' ELSE 'no operation' END
    FROM (SELECT r.*, y.baseline FROM records r JOIN systems y ON y.file = r.file WHERE r.type > 0 AND r.id IS NULL) r ANTI JOIN baseline b ON b.file = r.baseline AND b.khash = r.khash;
    CREATE OR REPLACE TABLE cut_off AS
    SELECT DISTINCT t.id, t.chk FROM strangers t JOIN plan_steps s ON s.sid = t.id >> 32 WHERE t.chk = ${checkOf(records.plan, 's', 't.id')};
    DELETE FROM strangers WHERE (id, chk) IN (SELECT id, chk FROM cut_off);
    -- Operations of this run, whether the history tells of them or not.
    CREATE OR REPLACE VIEW own_ops AS SELECT id, chk, kind FROM ops UNION ALL SELECT c.id, c.chk, s.kind FROM cut_off c JOIN plan_steps s ON s.sid = c.id >> 32`)
  await db.run('DELETE FROM strangers WHERE id IS NOT NULL AND (file, khash) IN (SELECT y.file, b.khash FROM baseline b JOIN systems y ON y.baseline = b.file)')
  await forgetMigrated(db, records, states)
  // An undone migration takes its rows back from the portal, not from the system that it had already told.
  if (times.copyUndone) await db.run(`DELETE FROM strangers WHERE id IS NULL AND op_text IS NULL AND file IN (SELECT file FROM systems WHERE role = 'coordination')`)
  return { undecided: await undecided(db, records, states) }
}

/** The ten hex digits of an operation's name as the plan gives them (contracts/op.ts), as a number. */
export function checkOf(plan: Plan, steps: string, id: string): string {
  return `('0x' || left(sha256(concat('${plan.seed}/', ${steps}.scenario, '/', ${id} & 4294967295, '/', ${steps}.step)), 10))::BIGINT`
}


/** A row with the code of a dossier that the old portal holds, or held before the run. */
async function forgetMigrated(db: Database, records: RunRecords, states: ReadonlyMap<string, FileState>): Promise<void> {
  if (await db.count('SELECT count(*) FROM strangers') === 0) return
  const portal = await db.rows<{ file: number; source: string }>(`SELECT file, source FROM systems WHERE role = 'portal' AND whole`)
  await db.run('CREATE OR REPLACE TABLE migrated (khash UBIGINT, code VARCHAR, old UBIGINT)')
  for (const { source } of portal) {
    await db.run(`INSERT INTO migrated SELECT hash(key), substr(key, ${'dossier/'.length + 1}), hash('dossier/' || fields.legacyCode) FROM ${readJson(source, `{key: 'VARCHAR', fields: 'STRUCT(legacyCode VARCHAR)'}`)}
      WHERE key LIKE 'dossier/%' AND fields.legacyCode IS NOT NULL`)
  }
  const old = records.files.filter((file) => file.role === 'legacy' && states.get(file.name)!.whole).map((file) => `SELECT hash(key) FROM ${readJson(file.path, `{key: 'VARCHAR'}`)} WHERE key LIKE 'dossier/%'`)
  // Where the old portal was not read nobody can say what it never had.
  if (old.length > 0) await db.run(`DELETE FROM migrated WHERE old NOT IN (${old.join(' UNION ALL ')})`)
  if (await db.count('SELECT count(*) FROM migrated') === 0) return
  await db.run(`DELETE FROM strangers WHERE type = ${recordTypeIndex('dossier')} AND khash IN (SELECT khash FROM migrated)`)
  const money = `(${['payment', 'paid', 'event', 'counter', 'receipt', 'refund'].map(recordTypeIndex).filter((index) => index > 0).join(', ')})`
  for (const { file, source } of await db.rows<{ file: number; source: string }>(`SELECT DISTINCT y.file, y.source FROM strangers t JOIN systems y ON y.file = t.file WHERE t.type IN ${money} AND y.source <> '' ORDER BY y.file`)) {
    await db.run(`DELETE FROM strangers WHERE file = ${file} AND type IN ${money} AND khash IN (
      SELECT hash(key) FROM ${readJson(source, `{key: 'VARCHAR', fields: 'STRUCT(dossierCode VARCHAR)'}`)} WHERE fields.dossierCode IN (SELECT code FROM migrated))`)
  }
}

async function undecided(db: Database, records: RunRecords, states: ReadonlyMap<string, FileState>): Promise<string[]> {
  const strange = await db.rows<{ file: number; name: string }>('SELECT DISTINCT t.file, y.name FROM strangers t JOIN systems y ON y.file = t.file ORDER BY y.name')
  const told = new Set(records.files.filter((file) => file.kind === 'baseline' && states.get(file.name)!.whole).map((file) => file.system))
  const open = strange.filter((system) => !told.has(system.name))
  for (const { file } of open) await db.run(`DELETE FROM strangers WHERE file = ${file}`)
  return open.map((system) => system.name)
}
