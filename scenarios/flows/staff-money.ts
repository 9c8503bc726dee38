/**
 * What is common to money at the counter: the officer sees what the dossier costs and whether it is paid, does nothing where there is nothing to do, and
 * asks otherwise; the answer names the transaction. Used by `pay-at-counter.ts` and `refund.ts`.
 */
import { bodyOf, conclude, unreadable, type Conclusion } from '../answer.ts'
import type { Flow, FlowStep, Journey } from './flow.ts'
import { findDossier, placeOf, type StaffDossier, type Turn } from './staff-dossier.ts'

export type Money = {
  turn: Turn
  /** Whether there is anything to pay or to pay back. */
  due: (dossier: StaffDossier) => boolean
  /** Under the dossier's address. */
  resource: 'counter-payments' | 'refunds'
  /** What the line says beside the amount: where copies are due. */
  said: Record<string, string>
}

/** Always true: whatever becomes of the money, the dossier goes on. */
export function moveMoney(journey: Journey, flow: Flow, step: FlowStep, { turn, due, resource, said }: Money): boolean {
  journey.perform(flow, step, (op): Conclusion | undefined => {
    const { there: dossier, refused } = findDossier(journey, op, turn, { withPayment: true })
    if (!dossier) return { ...refused, fields: said }
    if (!due(dossier)) return undefined
    const answer = journey.system(op, 'coordination', 'POST', `/staff/v1/dossiers/${encodeURIComponent(dossier.code)}/${resource}`, { reference: op })
    const conclusion = conclude(answer, 'coordination', { ...placeOf(dossier), ...amountOf(dossier.feeVnd, said) })
    if (conclusion.outcome !== 'ok') return conclusion
    const { transactionCode, amountVnd } = bodyOf(answer) ?? {}
    if (typeof transactionCode !== 'string' || typeof amountVnd !== 'number') return unreadable(conclusion, 'no transaction with an amount')
    return { ...conclusion, ...amountOf(amountVnd, { ...said, transactionCode }) }
  })
  return true
}

function amountOf(amountVnd: number, said: Record<string, string>) { return { amountVnd, fields: { ...said, amountVnd } } }
