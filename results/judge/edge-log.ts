/** What an edge's access log says of operations, as SQL that gives their ids; and which edge stands at an address of the target. */
import { UNANSWERED_STATUSES } from '../../contracts/evidence.ts'
import type { Plan } from '../../contracts/plan.ts'
import { literal } from './database.ts'

/** Its id; null where the target has none there. */
export function edgeAt({ target }: Plan, address: string): string | null {
  return target.systems.find(({ role, url }) => role === 'edge' && url !== undefined && new URL(url).hostname === address)?.id ?? null
}

/** That it took. */
export function takenAt(edge: string | null): string {
  return `SELECT e.id FROM edge_rows e JOIN systems y ON y.file = e.file WHERE e.entry = 'request' AND e.id IS NOT NULL AND y.name = ${literal(edge)}`
}

/** That it took and got no answer to from behind: the way to it was open. What was pushed again stands there once more, with its answer. */
export function unansweredAt(edge: string | null): string {
  return `${takenAt(edge)} AND e.status IN (${UNANSWERED_STATUSES.map(literal).join(', ')})`
}
