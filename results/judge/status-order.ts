/**
 * Classes that speak of a dossier's status over time (design section 5), added to table named:
 *   late / stale        a system shows an older status than the last one that was acknowledged, inside / past the bound
 *   regressed           a user read a newer status of a dossier, then an older one
 *   illegal-transition  the order of status events, where they were acknowledged, is one that the process forbids
 */
import { DOSSIER_STATUSES, STATUS_RANK, STATUS_TRANSITIONS, type DossierStatus } from '../../contracts/status.ts'
import type { OperationKind } from '../../contracts/kinds.ts'
import { type Database, literal } from './database.ts'
import { readJson } from './load-records.ts'
import { recordTypeIndex } from './record-types.ts'

/** The status that a kind sets, where its line does not say it. */
const STATUS_OF_KIND: Partial<Record<OperationKind, DossierStatus>> = {
  'dossier.receive': 'received', 'dossier.refuse': 'not-received', 'supplement.ask': 'supplement-asked', 'supplement.answer': 'in-process', 'dossier.process': 'in-process', 'dossier.finish': 'done',
  'dossier.stop': 'stopped', 'dossier.withdraw': 'withdrawn', 'result.return': 'result-returned',
}
const SETTING: readonly OperationKind[] = ['sync.dossier', 'sync.status', ...Object.keys(STATUS_OF_KIND) as OperationKind[]]

/** Payments have a vocabulary of their own; the last three are ends. */
const PAYMENT_RANK: Record<string, number> = { 'initiated': 0, 'qr-issued': 1, 'paid': 2, 'failed': 2, 'expired': 2 }

export async function nameStatusOrder(db: Database): Promise<void> {
  await db.run(`CREATE OR REPLACE TABLE status_rank AS SELECT * FROM (VALUES
    ${Object.entries(STATUS_RANK).map(([status, rank]) => `('dossier', ${literal(status)}, ${rank})`).join(', ')},
    ${Object.entries(PAYMENT_RANK).map(([status, rank]) => `('payment', ${literal(status)}, ${rank})`).join(', ')}) AS t(family, status, rank)`)
  await nameStale(db)
  await nameRegressed(db)
  await nameIllegal(db)
}

/**
 * The last acknowledged status of each dossier, pushed by a partner or set by staff or the citizen, against what portal, coordination and partner show
 * in the end. Allowed besides: the status of an operation that nobody knows the end of, and of one that overlapped the last in time. A newer status
 * than the acknowledged is no staleness.
 */
async function nameStale(db: Database): Promise<void> {
  const dossier = recordTypeIndex('dossier')
  await db.run(`
    CREATE OR REPLACE TABLE pushes AS
    SELECT id, dossier_hash AS khash, coalesce(observed, CASE kind ${Object.entries(STATUS_OF_KIND).map(([kind, status]) => `WHEN ${literal(kind)} THEN ${literal(status)}`).join(' ')} END) AS status, outcome, invoked, completed, file0, file1, file2, bound1
    FROM ops WHERE kind IN (${SETTING.map(literal).join(', ')}) AND outcome <> 'fail' AND dossier IS NOT NULL AND coalesce(observed, kind::VARCHAR) NOT IN ('sync.dossier', 'sync.status');
    CREATE OR REPLACE TABLE last_push AS SELECT * FROM pushes WHERE outcome = 'ok'
    QUALIFY row_number() OVER (PARTITION BY khash ORDER BY completed DESC, invoked DESC, id DESC) = 1;
    INSERT INTO named
    SELECT DISTINCT l.id, CASE WHEN y.began >= l.completed + l.bound1 THEN 'stale' ELSE 'late' END, r.file
    FROM last_push l JOIN records r ON r.khash = l.khash AND r.type = ${dossier} AND r.file IN (l.file0, l.file1, l.file2) JOIN systems y ON y.file = r.file AND y.whole JOIN kept k ON k.file = r.file AND k.type = r.type AND k.status
      JOIN status_rank a ON a.family = 'dossier' AND a.status = l.status LEFT JOIN status_rank b ON b.family = 'dossier' AND b.status = r.status
    WHERE r.status IS DISTINCT FROM l.status AND coalesce(b.rank <= a.rank, true)
      AND NOT EXISTS (FROM pushes p WHERE p.khash = l.khash AND p.status = r.status AND (p.outcome = 'info' OR p.completed >= l.invoked))`)
}

/** A dossier is read by its owner alone, in one journey or in a later one. */
async function nameRegressed(db: Database): Promise<void> {
  await db.run(`INSERT INTO named
    WITH reads AS (
      SELECT h.id, h.invoked, h.completed, h.worker, f.family, f.rank, h.dossier
      FROM ops h JOIN status_rank f ON f.status = h.observed AND f.family = CASE h.kind WHEN 'dossier.read' THEN 'dossier' ELSE 'payment' END
      WHERE h.kind IN ('dossier.read', 'payment.read') AND h.outcome = 'ok')
    SELECT DISTINCT b.id, 'regressed', y.file
    FROM reads a JOIN reads b ON a.family = b.family AND a.dossier = b.dossier
      AND a.completed <= b.invoked AND b.rank < a.rank
      JOIN ops o ON o.id = b.id LEFT JOIN systems y ON y.name = o.system AND y.role IS NOT NULL`)
}

/**
 * Events as the system kept them that acknowledged them, in its own order of time; equal times say nothing about the order. What others tell it may
 * come in another order than it was set in, and is judged where it was set.
 */
async function nameIllegal(db: Database): Promise<void> {
  const event = recordTypeIndex('event')
  const keepers = await db.rows<{ file: number; source: string }>(`SELECT file, source FROM systems WHERE role IN ('portal', 'coordination') AND whole ORDER BY file`)
  const allowed = DOSSIER_STATUSES.flatMap((from) => [from, ...STATUS_TRANSITIONS[from]].map((to) => `(${literal(from)}, ${literal(to)})`)).join(', ')
  for (const { file, source } of keepers) {
    if (await db.count(`SELECT count(*) FROM records WHERE file = ${file} AND type = ${event} AND id IN (SELECT id FROM ops WHERE file0 = ${file})`) === 0) continue
    await db.run(`INSERT INTO named
      WITH events AS (
        SELECT r.id, j.status, j.sourceAt, j.fields.dossierCode AS dossier
        FROM ${readJson(source, `{key: 'VARCHAR', status: 'VARCHAR', fields: 'STRUCT(dossierCode VARCHAR)', sourceAt: 'DOUBLE'}`)} j
          JOIN records r ON r.file = ${file} AND r.type = ${event} AND r.khash = hash(j.key)
        WHERE j.key LIKE 'event/%' AND r.id IN (SELECT id FROM ops WHERE file0 = ${file}) AND j.sourceAt IS NOT NULL),
      steps AS (SELECT id, status, lag(status) OVER w AS before, sourceAt > lag(sourceAt) OVER w AS later FROM events WINDOW w AS (PARTITION BY dossier ORDER BY sourceAt, id))
      SELECT id, 'illegal-transition', ${file} FROM steps
      WHERE later AND before IN (SELECT status FROM status_rank WHERE family = 'dossier')
        AND (before, status) NOT IN (VALUES ${allowed})`)
  }
}
