/**
 * Every old dossier against its copy on the new portal, by the old code that the copy keeps: there, once, mapped status, equal name after
 * normalisation, equal amount. In: the final reads of both portals. Out: tables migration_missing(key, name, status, line) and
 * migration_mismatch(key, line, portal_line, what, expected, found), and the figures. What the old portal held before the run and holds no more is
 * an old dossier too (line null). Until the new portal is in office only what a copy that ended can have taken along counts; what the old portal
 * took in after that is counted, never hidden. Old texts may be NFD, hold TCVN3 remains or stray spaces (facts section 4); where they are pseudonyms the
 * reader has mended them beside (`applicantNameMended`).
 */
import { LEGACY_STATUS_NUMBERS } from '../../contracts/api/front.ts'
import { type Database, literal } from './database.ts'
import { readJson } from './load-records.ts'
import type { NightTimes } from './night-times.ts'

export type MigrationFigures = { judged: boolean; total: number; migrated: number; missing: number; mismatched: number; verified: number; afterCopy: number }

/** TCVN 5712 (ABC fonts): bytes as Latin-1 letters and what they stand for. Upper-case letters with a tone have no byte of their own. */
const TCVN3 = [
  '¡¢£¤¥¦§¨©ª«¬\u00ad®µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ',
  'ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ',
] as const

const COLUMNS = `{key: 'VARCHAR', op: 'VARCHAR', status: 'VARCHAR', fields: 'STRUCT(applicantName VARCHAR, applicantNameMended VARCHAR, legacyCode VARCHAR, feeVnd BIGINT)'}`
const folded = (column: string) => `trim(regexp_replace(nfc_normalize(${column}), '[\\s\\x{00a0}]+', ' ', 'g'))`

/** `baseline`: path of the old portal's, null where there is none that is whole. */
export async function compareMigration(db: Database, times: NightTimes, baseline: string | null): Promise<MigrationFigures> {
  const none: MigrationFigures = { judged: false, total: 0, migrated: 0, missing: 0, mismatched: 0, verified: 0, afterCopy: 0 }
  await db.run(`CREATE TABLE migration_missing (key VARCHAR, khash UBIGINT, name VARCHAR, status VARCHAR, line BIGINT);
    CREATE TABLE migration_mismatch (key VARCHAR, line BIGINT, portal_line BIGINT, what VARCHAR, expected VARCHAR, found VARCHAR)`)
  const [legacy] = await db.rows<{ file: number; source: string; base: number }>(`SELECT file, source, base FROM systems WHERE role = 'legacy' AND whole`)
  const [portal] = await db.rows<{ file: number; source: string; base: number }>(`SELECT file, source, base FROM systems WHERE role = 'portal' AND whole`)
  if (times.bulkDone === null || !legacy || !portal) return none
  const statuses = Object.entries(LEGACY_STATUS_NUMBERS).map(([status, number]) => `(${literal(String(number))}, ${literal(status)})`).join(', ')
  const cutOver = times.freezeDone !== null && times.freezeUndone === null && times.switchDone !== null && times.switchUndone === null
  await db.run(`
    CREATE TABLE old_dossiers AS SELECT key, hash(key) AS khash, substr(key, 9) AS code, op, status, fields.applicantName AS name, fields.applicantNameMended AS mended, fields.feeVnd AS fee
      FROM ${readJson(legacy.source, COLUMNS)} WHERE key LIKE 'dossier/%';
    ${baseline === null ? '' : `INSERT INTO old_dossiers SELECT key, hash(key), substr(key, 9), op, status, fields.applicantName, fields.applicantNameMended, fields.feeVnd FROM ${readJson(baseline, COLUMNS)}
      WHERE key LIKE 'dossier/%' AND hash(key) NOT IN (SELECT khash FROM old_dossiers);`}
    CREATE TABLE new_dossiers AS SELECT hash(key) AS khash, fields.legacyCode AS code, status, fields.applicantName AS name, fields.feeVnd AS fee
      FROM ${readJson(portal.source, COLUMNS)} WHERE key LIKE 'dossier/%' AND fields.legacyCode IS NOT NULL;
    CREATE TABLE out_of_reach AS SELECT DISTINCT r.khash FROM records r JOIN ops o ON o.id = r.id AND o.chk = r.chk WHERE r.file = ${legacy.file} AND (o.office <> 'legacy' OR NOT o.copied AND NOT ${cutOver});
    CREATE TABLE in_reach AS SELECT * FROM old_dossiers WHERE khash NOT IN (SELECT khash FROM out_of_reach);
    CREATE TABLE old_lines AS SELECT khash, min(rowid) - ${legacy.base} + 1 AS line FROM evidence WHERE file = ${legacy.file} AND khash IS NOT NULL GROUP BY khash;
    CREATE TABLE new_lines AS SELECT khash, min(rowid) - ${portal.base} + 1 AS line FROM evidence WHERE file = ${portal.file} AND khash IS NOT NULL GROUP BY khash;
    INSERT INTO migration_missing SELECT d.key, d.khash, d.name, d.status, l.line FROM in_reach d LEFT JOIN old_lines l USING (khash) WHERE d.code NOT IN (SELECT code FROM new_dossiers);
    CREATE TABLE migration_pairs AS
      SELECT d.key, d.status AS old_status, m.status AS mapped, d.name AS old_name, d.mended AS old_mended, d.fee AS old_fee, n.status, n.name, n.fee, n.khash, d.khash AS old_khash, count(*) OVER (PARTITION BY d.key) AS copies
      FROM in_reach d JOIN new_dossiers n ON n.code = d.code LEFT JOIN (VALUES ${statuses}) m(number, status) ON m.number = d.status;
    INSERT INTO migration_mismatch
      SELECT p.key, l.line, n.line, what, expected, found FROM (
        SELECT key, old_khash, khash, unnest([
          CASE WHEN copies > 1 THEN {what: 'copies', expected: '1', found: copies::VARCHAR} END,
          CASE WHEN status IS DISTINCT FROM mapped AND khash NOT IN (SELECT khash FROM pushes) THEN {what: 'status', expected: coalesce(mapped, 'a mapping of ' || old_status), found: coalesce(status, '')} END,
          CASE WHEN coalesce(${folded('name')}, '') NOT IN (coalesce(${folded('old_name')}, ''), coalesce(${folded(`translate(old_name, ${literal(TCVN3[0])}, ${literal(TCVN3[1])})`)}, ''), coalesce(old_mended, old_name, '')) THEN {what: 'applicantName', expected: coalesce(old_name, ''), found: coalesce(name, '')} END,
          CASE WHEN fee IS DISTINCT FROM old_fee THEN {what: 'feeVnd', expected: coalesce(old_fee::VARCHAR, ''), found: coalesce(fee::VARCHAR, '')} END], recursive := true)
        FROM migration_pairs) p LEFT JOIN old_lines l ON l.khash = p.old_khash LEFT JOIN new_lines n ON n.khash = p.khash WHERE what IS NOT NULL`)
  const total = await db.count('SELECT count(*) FROM old_dossiers')
  const missing = await db.count('SELECT count(*) FROM migration_missing')
  const pairs = await db.count('SELECT count(DISTINCT key) FROM migration_pairs')
  const mismatched = await db.count('SELECT count(DISTINCT key) FROM migration_mismatch')
  const afterCopy = total - await db.count('SELECT count(*) FROM in_reach')
  return { judged: true, total, migrated: pairs, missing, mismatched, verified: pairs - mismatched, afterCopy }
}
