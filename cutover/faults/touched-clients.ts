/**
 * What a disturbance did to those outside, counted where nobody who planted it has a hand: operations of which clients never learned how they ended (the running
 * history), and requests that the new portal's edge could not pass on or answer (its own log).
 */
import { OPERATION_KINDS, type OperationKind } from '../../contracts/kinds.ts'
import { edgeAt } from '../systems.ts'
import { countRows } from './count-rows.ts'
import type { FaultContext, Witnessed } from './fault.ts'

const REQUIRED = 3
/** As edges log them: no portal behind, no answer in time, broken off. */
const UNANSWERED: readonly string[] = ['502', '504', '499', '000']

export function rememberMoment({ clock, memory }: FaultContext): void { memory['since'] = clock.nowMs() }

export function platformOf({ platform }: FaultContext) {
  if (!platform) throw new Error('the stack does not let its parts be touched')
  return platform
}

export async function touchedClients(context: FaultContext, kinds: readonly OperationKind[] = OPERATION_KINDS): Promise<Witnessed> {
  const since = Number(context.memory['since'] ?? context.clock.nowMs())
  const unanswered = context.live?.counts({ kinds, since }).info ?? 0
  let logged = 0
  let seen = ''
  try {
    logged = await countRows(context.admin(edgeAt(context.target, 'new').id), (row) => row.key.startsWith('request/') && UNANSWERED.includes(String(row.status)) && (row.sourceAt ?? 0) >= since)
    seen = `${logged} requests that the new portal's edge could not pass on or answer`
  } catch (error) { seen = `the edge's log could not be read (${(error as Error).message})` }
  return { touched: Math.max(unanswered, logged), required: REQUIRED, note: `since then ${unanswered} operations whose end clients never learned; ${seen}` }
}
