/**
 * Validity: what clients say they did and what the edges logged, reconciled to zero unexplained difference. Every acknowledged operation that goes
 * through an edge must stand in an access log, every logged request with a reference must be one that the plan allows.
 */
import type { OperationKind } from '../../../contracts/kinds.ts'
import { systemsOf } from '../case.ts'
import { checkOf } from '../strangers.ts'
import { type CriterionRule, validity } from './criterion.ts'

/** Banks, ministries' own services and what staff work on are not behind the portal's edges. */
const NOT_THROUGH_AN_EDGE: readonly OperationKind[] = [
  'payment.scan', 'dossier.apply', 'staff.login', 'dossier.receive', 'dossier.refuse', 'supplement.ask', 'dossier.process', 'dossier.finish', 'dossier.stop', 'result.return',
  'payment.counter', 'payment.refund', 'feedback.answer', 'report.read',
]

export const edges: CriterionRule = {
  id: 'valid.edges',
  async check(kase) {
    const { db, plan, states } = kase
    const edgesOfTarget = systemsOf(plan, 'edge').filter((system) => system.mode !== 'absent')
    if (edgesOfTarget.length === 0) return []
    const expected = 'every acknowledged operation stands in an edge\'s access log, and every request there is one that the plan allows'
    const unread = edgesOfTarget.filter((system) => !states.get(`evidence/${system.id}.ndjson`)?.whole)
    if (unread.length > 0) return [validity('edges', false, expected, `not read: ${unread.map((system) => system.id).join(', ')}`)]
    const unlogged = await db.count(`SELECT count(*) FROM ops o ANTI JOIN (FROM edge_rows WHERE entry = 'request') e ON e.id = o.id
      WHERE o.outcome = 'ok' AND o.kind NOT IN (${NOT_THROUGH_AN_EDGE.map((kind) => `'${kind}'`).join(', ')})`)
    const unplanned = await db.count(`SELECT count(*) FROM edge_rows WHERE entry = 'request' AND op_text IS NOT NULL`)
    // Not logged by the client: cut off in flight, or somebody else's.
    const foreign = unplanned + await db.count(`SELECT count(*) FROM (FROM edge_rows e ANTI JOIN ops o ON o.id = e.id AND o.chk = e.chk WHERE e.entry = 'request' AND e.id IS NOT NULL) e
      JOIN plan_steps s ON s.sid = e.id >> 32 WHERE e.chk <> ${checkOf(plan, 's', 'e.id')}`)
    const requests = await db.count(`SELECT count(*) FROM edge_rows WHERE entry = 'request'`)
    const held = unlogged + foreign === 0
    return [validity('edges', held, expected, held ? `${requests} requests, no difference` : `${unlogged} acknowledged operations are in no access log, ${foreign} requests are of operations that the plan does not know`, edgesOfTarget.map((system) => ({ file: `evidence/${system.id}.ndjson`, lines: [] })))]
  },
}
