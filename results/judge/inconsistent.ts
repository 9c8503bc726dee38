/**
 * `inconsistent`: the client was told yes, the record is there, but says something else (COMPARED_FIELDS; text after NFC and trimming), has lost a
 * field that its system keeps, or is a dossier under another code than the user was given. Hashes only
 * raise a suspicion; the suspects' texts are read again from the files, because `đẻ` written in two ways is no difference.
 * Codes are compared only within one family: what was sent to the old portal only with the old portal.
 */
import type { Database } from './database.ts'
import { readJson } from './load-records.ts'
import { MAX_PLACES } from './operations.ts'
import { recordTypeIndex } from './record-types.ts'

const SLOTS = Array.from({ length: MAX_PLACES }, (_, slot) => slot)
const FIELDS = `STRUCT(applicantName VARCHAR, procedureCode VARCHAR, unitCode VARCHAR, amountVnd BIGINT)`
const plain = (column: string) => `regexp_replace(nfc_normalize(${column}), '^[\\s\\x{00a0}]+|[\\s\\x{00a0}]+$', '', 'g')`

/** Two SQL values that are not the same, or one that was sent and that is gone from a system that keeps it. */
export function differs(sent: string, held: string, kept: string): string { return `coalesce(${sent} <> ${held}, ${sent} IS NOT NULL AND ${kept})` }

/** The right system's dossier has another code than the one that the user was told. */
export function otherCode(operation: string, record: string): string {
  return `coalesce(${record}.type = ${recordTypeIndex('dossier')} AND ${record}.khash <> ${operation}.dossier_hash, false)`
}

export async function nameInconsistent(db: Database): Promise<void> {
  await db.run(`CREATE OR REPLACE TABLE suspects AS
    SELECT r.row, r.id, r.file, r.khash, o.worker, o.hrow, (y.role = 'legacy') = o.from_legacy AS codes, r.file = o.file0 AND ${otherCode('o', 'r')} AS other_code,
      k.name AS keeps_name, k.proc AS keeps_proc, k.unit AS keeps_unit, k.amount AS keeps_amount
    FROM seen s JOIN ops o ON o.id = s.id JOIN records r ON r.id = o.id AND r.chk = o.chk JOIN systems y ON y.file = r.file JOIN kept k ON k.file = r.file AND k.type = r.type
    WHERE s.differing AND o.writes AND o.outcome = 'ok' AND (${SLOTS.map((slot) => `coalesce(r.file = o.file${slot} AND r.type = o.type${slot}, false)`).join(' OR ')})`)
  if (await db.count('SELECT count(*) FROM suspects') === 0) return
  await db.run(`CREATE OR REPLACE TABLE sent (id BIGINT, name VARCHAR, proc VARCHAR, unit VARCHAR, amount BIGINT);
    CREATE OR REPLACE TABLE held (file USMALLINT, khash UBIGINT, name VARCHAR, proc VARCHAR, unit VARCHAR, amount BIGINT)`)
  const texts = `${plain('fields.applicantName')}, ${plain('fields.procedureCode')}, ${plain('fields.unitCode')}, fields.amountVnd`
  for (const { path, file } of await db.rows<{ path: string; file: number }>('SELECT DISTINCT y.file, y.source AS path FROM suspects p JOIN systems y ON y.file = p.worker ORDER BY y.file')) {
    await db.run(`INSERT INTO sent SELECT o.id, ${texts} FROM ${readJson(path, `{op: 'VARCHAR', outcome: 'VARCHAR', fields: '${FIELDS}'}`)} j
      JOIN (SELECT DISTINCT id, op_name(id, chk) AS op FROM ops WHERE worker = ${file} AND id IN (SELECT id FROM suspects)) o ON o.op = j.op WHERE j.outcome = 'ok'`)
  }
  for (const { path, file } of await db.rows<{ path: string; file: number }>('SELECT DISTINCT y.file, y.source AS path FROM suspects p JOIN systems y ON y.file = p.file ORDER BY y.file')) {
    await db.run(`INSERT INTO held SELECT ${file}, hash(key), ${texts} FROM ${readJson(path, `{key: 'VARCHAR', fields: '${FIELDS}'}`)}
      WHERE hash(key) IN (SELECT khash FROM suspects WHERE file = ${file})`)
  }
  await db.run(`INSERT INTO named
    SELECT DISTINCT p.id, 'inconsistent', p.file FROM suspects p JOIN sent s ON s.id = p.id JOIN held h ON h.file = p.file AND h.khash = p.khash
      LEFT JOIN overlay_texts t ON t.id = p.id AND t.file = p.file
    WHERE ${differs('s.name', 'coalesce(t.name, h.name)', 'p.keeps_name')} OR ${differs('s.amount', 'h.amount', 'p.keeps_amount')}
      OR p.codes AND (${differs('s.proc', 'h.proc', 'p.keeps_proc')} OR ${differs('s.unit', 'h.unit', 'p.keeps_unit')}) OR p.other_code`)
}
