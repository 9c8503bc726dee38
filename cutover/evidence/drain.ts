/**
 * Waiting before the final reads: until every system has delivered what it acknowledged, and until the largest convergence bound has passed
 * since the last acknowledgement. An absence counts only after both (design section 5).
 */
import type { Target } from '../../contracts/target.ts'
import { eachBounded } from '../bounded.ts'
import type { NightClock } from '../clock.ts'
import type { AdminPort } from '../ports.ts'
import { hasEvidence } from './collect.ts'
import { isAdministered } from '../systems.ts'

const AT_ONCE = 8
const POLL_MS = 250
/** Rounds in a row with nothing pending: an item may be on its way from a system already asked to one asked later, or the other way round. */
const QUIET_ROUNDS = 2

/** `pending`: what was left at the last look, by system; null where it could not be asked. */
export type Drained = { drained: boolean; pending: Record<string, number | null> }

export async function drain(options: { target: Target; admin: (systemId: string) => AdminPort; clock: NightClock; timeoutMs: number; signal?: AbortSignal }): Promise<Drained> {
  const { clock } = options
  const systems = options.target.systems.filter((system) => hasEvidence(system) && isAdministered(system))
  const deadline = clock.nowMs() + options.timeoutMs
  for (let quiet = 0; ;) {
    const pending: Record<string, number | null> = {}
    await eachBounded(systems, AT_ONCE, async ({ id }) => {
      pending[id] = await options.admin(id).pending().catch(() => null)
    })
    const left = Object.entries(pending).filter(([, count]) => count !== 0)
    quiet = left.length === 0 ? quiet + 1 : 0
    if (quiet >= QUIET_ROUNDS) return { drained: true, pending: {} }
    if (clock.nowMs() + POLL_MS > deadline) return { drained: false, pending: Object.fromEntries(left) }
    await clock.sleep(POLL_MS, options.signal)
  }
}

/** Beyond the bound, so that the reads begin after it by every system's own clock too. */
const MARGIN_MS = 250

export async function waitForBounds(options: { clock: NightClock; lastAcknowledgedAt: number | null; boundsWallMs: Readonly<Record<string, number>>; signal?: AbortSignal }): Promise<void> {
  const { clock, lastAcknowledgedAt } = options
  if (lastAcknowledgedAt === null) return
  const due = lastAcknowledgedAt + Math.max(0, ...Object.values(options.boundsWallMs)) + MARGIN_MS
  if (clock.nowMs() < due) await clock.sleep(due - clock.nowMs(), options.signal)
}
