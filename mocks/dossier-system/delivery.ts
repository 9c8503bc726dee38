/**
 * How what the desk takes gets to the portal: at once where the partner is connected, from the outbox where the answer stays out. A behaviour on the
 * push (`push-dossier`, `push-status`) may lose it, make it late, double it or let the next one overtake it; the desk then hears what it would: nothing.
 */
import type { DeskAnswer } from '../../contracts/api/partners.ts'
import type { CallPlan, PlanCall } from '../delivery/call-plan.ts'
import { createOutbox, type Outbox } from '../delivery/outbox.ts'
import type { World } from '../world.ts'
import type { SyncState } from './held.ts'
import type { Push, PushKind } from './push.ts'

/** A dossier or a status. */
export type Owed = SyncState & { reference: string; code?: string; dossierCode?: string }
export type Delivery = {
  outbox: Outbox
  deliver: (held: Owed, kind: PushKind, body: string) => Promise<DeskAnswer>
}

/** Of the connections that a push may use, some stay free for the desk. */
const OUTBOX_CONCURRENCY = 6
const CALL = { dossiers: 'push-dossier', statuses: 'push-status', attachments: 'push-attachment' } as const satisfies Record<PushKind, string>
const NOT_CONNECTED: DeskAnswer = { sync: 'not-connected', portalStatus: null, errorCode: null, message: null }
const NO_ANSWER: DeskAnswer = { sync: 'unknown', portalStatus: null, errorCode: 'TIMEOUT', message: 'no answer came' }

export function createDelivery(options: { push: Push; firstRetryMs: number; plan: PlanCall | undefined; after: World['after']; isConnected: () => boolean }): Delivery {
  const { push, firstRetryMs, plan: planOf, after, isConnected } = options
  /** What was decided when the desk pushed, until the outbox asks. */
  const decided = new Map<string, CallPlan>()
  const outbox = createOutbox({
    firstRetryMs, concurrency: OUTBOX_CONCURRENCY, after,
    plan: (call, subject, fields) => {
      const key = `${call}/${subject}`
      const plan = decided.get(key)
      return plan && decided.delete(key) ? plan : planOf?.(call, subject, fields)
    },
  })

  return {
    outbox,
    async deliver(held, kind, body) {
      if (!isConnected()) return note(held, NOT_CONNECTED)
      const attempt = async () => note(held, await push.send(kind, held.reference, body)).sync !== 'unknown'
      const plan = planOf?.(CALL[kind], held.reference, { dossierCode: held.code ?? held.dossierCode })
      if (plan && (plan.drop || plan.delayMs || plan.afterNext)) {
        const as = { call: CALL[kind], subject: held.reference }
        decided.set(`${as.call}/${as.subject}`, plan)
        outbox.add(attempt, 0, as)
        return note(held, NO_ANSWER)
      }
      const answer = note(held, await push.send(kind, held.reference, body))
      if (answer.sync === 'unknown') outbox.add(attempt, firstRetryMs)
      for (let copy = 1; copy < (plan?.copies ?? 1); copy += 1) outbox.add(attempt)
      return answer
    },
  }
}

/** A yes stays a yes: a second, slower attempt that broke does not take it back. */
function note(held: SyncState, answer: DeskAnswer): DeskAnswer {
  if (held.sync !== 'acknowledged') {
    held.sync = answer.sync
    held.portalStatus = answer.portalStatus
    held.errorCode = answer.errorCode
  }
  return answer
}
