/**
 * What the judge looks at: view `records` = table evidence with its line numbers, less the rows of `overlay_removed`, plus those of `overlay_added`.
 * In pass 1 both are empty. Canaries live here alone, so neither the files nor the loaded table are ever touched. Texts of added rows stand in
 * `overlay_texts`, because a row that is not in a file cannot be read again.
 */
import type { Database } from './database.ts'

export async function openOverlay(db: Database): Promise<void> {
  await db.run(`
    CREATE TABLE overlay_removed (row BIGINT);
    CREATE TABLE overlay_added AS SELECT * FROM evidence LIMIT 0;
    CREATE TABLE overlay_texts (id BIGINT, file USMALLINT, name VARCHAR);
    CREATE VIEW records AS SELECT rowid AS row, * FROM evidence;`)
}

export async function laidOver(db: Database): Promise<void> {
  await db.run(`CREATE OR REPLACE VIEW records AS
    SELECT rowid AS row, * FROM evidence WHERE rowid NOT IN (SELECT row FROM overlay_removed)
    UNION ALL SELECT -1, * FROM overlay_added`)
}
