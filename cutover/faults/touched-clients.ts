/**
 * What a disturbance did to those outside, counted where nobody who planted it has a hand: operations begun while it lasted of which clients never learned how they ended (the
 * running history), and requests of that time that the new portal's edge could not pass on or answer (its own log). What another fault does before or after is not its doing.
 */
import { UNANSWERED_STATUSES } from '../../contracts/evidence.ts'
import { OPERATION_KINDS } from '../../contracts/kinds.ts'
import { edgeAt } from '../systems.ts'
import { countRows } from './count-rows.ts'
import type { FaultContext, Witnessed } from './fault.ts'

const REQUIRED = 3
const USUAL_OVER_MS = 30_000
const USUAL_QUANTILE = 0.95

export function rememberMoment({ clock, memory }: FaultContext): void { memory['since'] = clock.nowMs() }

/** The first call holds: what was given back again at the end of the load was over long before. */
export function rememberEnd({ clock, memory }: FaultContext): void { memory['until'] ??= clock.nowMs() }

/** From its first moment until it was over; one that lasts: until now. */
export function spanOf({ clock, memory }: FaultContext): { from: number; to: number } {
  return { from: Number(memory['since'] ?? clock.nowMs()), to: Number(memory['until'] ?? clock.nowMs()) }
}

export function platformOf({ platform }: FaultContext) {
  if (!platform) throw new Error('the stack does not let its parts be touched')
  return platform
}

export async function touchedClients(context: FaultContext): Promise<Witnessed> {
  const { from, to } = spanOf(context)
  const unanswered = context.live?.touched({ from, to }).unknown ?? 0
  let logged = 0
  let seen = ''
  try {
    logged = await countRows(context.admin(edgeAt(context.target, 'new').id), ({ key, status, sourceAt = 0 }) => key.startsWith('request/') && UNANSWERED_STATUSES.includes(String(status)) && sourceAt >= from && sourceAt <= to)
    seen = `${logged} requests that the new portal's edge could not pass on or answer`
  } catch (error) { seen = `the edge's log could not be read (${(error as Error).message})` }
  return { touched: Math.max(unanswered, logged), required: REQUIRED, note: `in its ${((to - from) / 1_000).toFixed(1)} s ${unanswered} operations whose end clients never learned; ${seen}` }
}

/** Before it begins: what is usual here, nearest rank over the last half minute. */
export function rememberUsual({ clock, live, memory }: FaultContext): void {
  memory['usualMs'] = live?.latencyMs({ kinds: OPERATION_KINDS, since: clock.nowMs() - USUAL_OVER_MS }, USUAL_QUANTILE)?.value ?? 0
}

/** Of a disturbance that makes late rather than silent: also those that took `leastMs` more than is usual. */
export async function lateClients(context: FaultContext, leastMs: number): Promise<Witnessed> {
  const silent = await touchedClients(context)
  const usualMs = Number(context.memory['usualMs'] ?? 0)
  const { slow } = context.live?.touched({ ...spanOf(context), slowerThanMs: usualMs + leastMs }) ?? { slow: 0 }
  return { ...silent, touched: Math.max(silent.touched, slow), note: `${slow} operations took ${Math.round(leastMs)} ms longer than the ${Math.round(usualMs)} ms that 95 % stay below otherwise; ${silent.note}` }
}
