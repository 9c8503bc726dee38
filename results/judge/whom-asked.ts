/**
 * Whom an operation asked, and whether he answered. Who did not is told from what came instead: an error of its edge or of the system itself, or nothing although the request
 * stands in the edge's log, is the system behind it; nothing, and nothing in the log, is the edge. Of a push that broke off only a request that the edge took and could not
 * answer says anything. What an incident explains is left out, and what waits for somebody else.
 */
import type { Case } from './case.ts'
import { literal } from './database.ts'
import { edgeAt, takenAt, unansweredAt } from './edge-log.ts'
import { CONNECTION_ERRORS } from './incidents/sync-connection.ts'

/** As partners tell that nobody took their connection. */
const NOBODY_THERE = ['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT'] as const
/** Their answer waits for somebody else. */
const WAITING = `('payment.create', 'sms.send')`
const PUSHES = `('sync.dossier', 'sync.status')`

/** Table asked(id, system, kind, invoked, completed, bad): a row for each system that an operation asked; `kind` is null where it says something of the edge alone. */
export async function tellWhomAsked({ db, plan, times }: Case): Promise<void> {
  const [newEdge, oldEdge] = [edgeAt(plan, plan.target.addresses.new), edgeAt(plan, plan.target.addresses.old)]
  const standing = (edge: string | null) => `id IN (${takenAt(edge)})`
  // Whom a client meant who got no answer: a portal, the edge before it or the way to it, all of them one address to him; where nobody took his connection he cannot even say which.
  const front = `(system IN ('portal', 'legacy', ${literal(newEdge)}, ${literal(oldEdge)}) OR system LIKE 'gateway-%' OR system = 'unknown' AND http IS NULL)`
  const inOffice = times.switchDone === null || oldEdge === null ? literal(newEdge) : `CASE WHEN invoked >= ${times.switchDone} THEN ${literal(newEdge)} ELSE ${literal(oldEdge)} END`
  const code = (codes: readonly string[]) => `outcome = 'info' AND coalesce(split_part(error, ':', 1) IN (${codes.map(literal).join(', ')}), false)`
  await db.run(`
    CREATE OR REPLACE TABLE fronted AS SELECT id, kind, invoked, completed, outcome = 'info' AS bad,
        CASE WHEN system = 'portal' AND (outcome <> 'info' OR http IS NOT NULL) OR system = ${literal(newEdge)} OR ${standing(newEdge)} THEN 'portal'
          WHEN system = 'legacy' AND (outcome <> 'info' OR http IS NOT NULL) OR system = ${literal(oldEdge)} OR ${standing(oldEdge)} THEN 'legacy' END AS behind, ${inOffice} AS office
      FROM ops WHERE kind NOT IN ${WAITING} AND kind NOT IN ${PUSHES} AND ${front} AND id NOT IN (SELECT id FROM explained);
    CREATE OR REPLACE TABLE pushed AS SELECT id, kind, invoked, completed, outcome = 'info' AS bad, ${code(NOBODY_THERE)} AS refused, ${code(CONNECTION_ERRORS)} AS broken, id IN (${unansweredAt(newEdge)}) AS heard FROM ops WHERE kind IN ${PUSHES} AND id NOT IN (SELECT id FROM explained);
    CREATE OR REPLACE TABLE asked AS
      SELECT id, kind, invoked, completed, bad, behind AS system FROM fronted WHERE behind IS NOT NULL
      -- Whoever was answered by what is behind an edge was let through by it.
      UNION ALL SELECT id, NULL, invoked, completed, behind IS NULL, CASE behind WHEN 'portal' THEN ${literal(newEdge)} WHEN 'legacy' THEN ${literal(oldEdge)} ELSE office END FROM fronted
      -- A connection that broke off or was silent says nothing of who it was; one that nobody took does, and what the edge says of it.
      UNION ALL SELECT id, kind, invoked, completed, bad, 'portal' FROM pushed WHERE NOT broken OR heard
      UNION ALL SELECT id, NULL, invoked, completed, refused, ${literal(newEdge)} FROM pushed WHERE NOT broken OR refused OR heard
      UNION ALL SELECT id, kind, invoked, completed, outcome = 'info', CASE WHEN kind = 'payment.scan' THEN coalesce('bank-' || bank, system) ELSE system END
        FROM ops WHERE kind NOT IN ${WAITING} AND kind NOT IN ${PUSHES} AND NOT ${front} AND id NOT IN (SELECT id FROM explained)`)
}
