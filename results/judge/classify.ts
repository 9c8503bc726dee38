/**
 * Gives every write its class (the table of design section 5). In: ops, records, systems. Out: table seen (records of each operation by place) and
 * table named(id, class, file): every class but `confirmed`, with the system where it shows; one operation may be named for several systems.
 */
import { STATUS_RANK, STATUS_TRANSITIONS, type DossierStatus } from '../../contracts/status.ts'
import { LEGACY_STATUS_NUMBERS } from '../../contracts/api/front.ts'
import { type Database, literal } from './database.ts'
import { differs, nameInconsistent, otherCode } from './inconsistent.ts'
import { MAX_PLACES } from './operations.ts'
import { recordTypeIndex } from './record-types.ts'

const SLOTS = Array.from({ length: MAX_PLACES }, (_, slot) => slot)
const COPIES = SLOTS.slice(1)

export async function classify(db: Database): Promise<void> {
  await countRecords(db)
  await db.run('CREATE OR REPLACE TABLE named (id BIGINT, class VARCHAR, file USMALLINT)')
  // One row for an operation with the whole-ness of its right system beside it.
  await db.run(`CREATE OR REPLACE VIEW cases AS
    SELECT o.*, ${SLOTS.map((slot) => `coalesce(s.n${slot}, 0) AS n${slot}, coalesce(y${slot}.whole, false) AS read${slot}, y${slot}.began AS began${slot}`).join(', ')},
      s.elsewhere_file IS NOT NULL AS elsewhere, s.elsewhere_file, s.handed_file, coalesce(w.whole, false) AS logged
    FROM ops o LEFT JOIN seen s ON s.id = o.id ${SLOTS.map((slot) => `LEFT JOIN systems y${slot} ON y${slot}.file = o.file${slot}`).join(' ')} LEFT JOIN systems w ON w.file = o.worker
    WHERE o.writes`)
  // One pass over all operations; what a class names is little.
  await db.run(`CREATE OR REPLACE TABLE classed AS
    SELECT id, n0, elsewhere_file, handed_file, ${SLOTS.map((slot) => `file${slot}, ${slot === 0 ? HOME_CLASS : copyClass(slot)} AS class${slot}`).join(', ')}
    FROM cases WHERE coalesce(${SLOTS.map((slot) => `class${slot}`).join(', ')}) IS NOT NULL`)
  await db.run(`INSERT INTO named
    SELECT id, class0, CASE WHEN class0 IN ('misrouted', 'split') THEN elsewhere_file WHEN class0 = 'ghost' AND n0 = 0 THEN coalesce(elsewhere_file, handed_file) ELSE file0 END
    FROM classed WHERE class0 IS NOT NULL`)
  for (const slot of COPIES) await db.run(`INSERT INTO named SELECT id, class${slot}, file${slot} FROM classed WHERE class${slot} IS NOT NULL`)
  await forgetFinishedAtCopy(db)
  await nameInconsistent(db)
}

/**
 * How many records each operation has at each of its places, where one of its type lies elsewhere, and where one was handed on to (a partner keeps
 * its own whatever it is told). A field that a system keeps of other records of the type and not of this one was lost.
 */
async function countRecords(db: Database): Promise<void> {
  await db.run(`CREATE OR REPLACE TABLE kept AS SELECT file, type, count(name) > 0 AS name, count(proc) > 0 AS proc, count(unit) > 0 AS unit, count(amount) > 0 AS amount, count(status) > 0 AS status
    FROM evidence WHERE type > 0 GROUP BY file, type`)
  const sameType = COPIES.map((slot) => `coalesce(o.type${slot} = o.type0 AND r.file = o.file${slot}, false)`).join(' OR ')
  const elsewhere = `(r.type = o.type0 AND r.file <> o.file0 AND (y.groups & o.rivals) <> 0 AND r.file IS DISTINCT FROM o.partner_file AND NOT (${sameType}))`
  const handed = `(r.type = o.type0 AND y.role <> 'partner' AND (${sameType}))`
  const sameCodes = `((y.role = 'legacy') = o.from_legacy)`
  // Systems and fields come by outer joins: among inner ones the planner hashes the records, four for each operation, instead of the operations.
  await db.run(`CREATE OR REPLACE TABLE seen AS
    SELECT id, ${SLOTS.map((slot) => `count(*) FILTER (h${slot})::UINTEGER AS n${slot}`).join(', ')}, min(CASE WHEN e THEN file END) AS elsewhere_file, min(CASE WHEN c THEN file END) AS handed_file, bool_or(d) AS differing
    FROM (SELECT r.id, r.file, ${SLOTS.map((slot) => `coalesce(r.file = o.file${slot} AND r.type = o.type${slot}, false) AS h${slot}`).join(', ')}, coalesce(${elsewhere}, false) AS e, ${handed} AS c,
            (${SLOTS.map((slot) => `h${slot}`).join(' OR ')}) AND (${differs('o.name', 'r.name', 'k.name')} OR ${differs('o.amount', 'r.amount', 'k.amount')}
              OR ${sameCodes} AND (${differs('o.proc', 'r.proc', 'k.proc')} OR ${differs('o.unit', 'r.unit', 'k.unit')}) OR h0 AND ${otherCode('o', 'r')}) AS d
          FROM (SELECT * FROM records WHERE type > 0 AND id IS NOT NULL) r JOIN (SELECT * FROM ops WHERE writes) o ON o.id = r.id AND o.chk = r.chk
            LEFT JOIN systems y ON y.file = r.file LEFT JOIN kept k ON k.file = r.file AND k.type = r.type)
    GROUP BY id`)
}

/** The class of an operation in its right system. */
const HOME_CLASS = `CASE
    WHEN NOT read0 THEN 'unverified'
    WHEN outcome IN ('ok', 'info') AND n0 > 1 THEN 'duplicate'
    -- Without an answer a record elsewhere is as wrong, where the office does not hang on the answer.
    WHEN (outcome = 'ok' OR outcome = 'info' AND NOT guessed) AND n0 = 0 AND elsewhere THEN 'misrouted'
    WHEN outcome = 'ok' AND n0 = 0 THEN CASE WHEN began0 >= completed + bound0 THEN 'lost' ELSE 'unverified' END
    WHEN (outcome = 'ok' OR outcome = 'info' AND NOT guessed) AND elsewhere THEN 'split'
    -- A later attempt may have succeeded in the part of the history that is missing.
    WHEN outcome = 'fail' AND (n0 > 0 OR elsewhere OR handed_file IS NOT NULL) THEN CASE WHEN logged THEN 'ghost' ELSE 'unverified' END
    WHEN outcome = 'info' THEN CASE WHEN n0 = 1 THEN 'recovered' ELSE 'unresolved' END
  END`

/** The same of a copy, judged where the right system has the record: what is lost there is named once, not three times. Without an answer only their number is. */
function copyClass(slot: number): string {
  return `CASE
    WHEN NOT read0 OR type${slot} IS NULL THEN NULL
    WHEN outcome = 'info' THEN CASE WHEN n${slot} > 1 THEN 'duplicate' END
    WHEN outcome = 'ok' AND n0 >= 1 AND due${slot} THEN CASE
      WHEN NOT read${slot} THEN 'unverified'
      WHEN n${slot} > 1 THEN 'duplicate'
      WHEN n${slot} = 0 THEN CASE WHEN began${slot} >= completed + bound${slot} THEN 'lost' ELSE 'unverified' END
    END
  END`
}

/**
 * The migration hands only dossiers in progress to the coordination system. One that the old portal itself finished before the copy is at home in
 * both portals and nowhere else: its missing copy there is no loss.
 */
async function forgetFinishedAtCopy(db: Database): Promise<void> {
  const finished = (Object.keys(STATUS_TRANSITIONS) as DossierStatus[]).filter((status) => STATUS_TRANSITIONS[status].length === 0 || STATUS_RANK[status] >= 3)
  const numbers = finished.map((status) => literal(String(LEGACY_STATUS_NUMBERS[status])))
  await db.run(`DELETE FROM named WHERE class = 'lost'
    AND file IN (SELECT file FROM systems WHERE role = 'coordination')
    AND id IN (SELECT r.id FROM records r JOIN systems y ON y.file = r.file WHERE y.role = 'legacy' AND r.type = ${recordTypeIndex('dossier')} AND r.status IN (${numbers.join(', ')}))`)
}
