/** An officer has a fee paid back for a dossier that was refused, withdrawn or stopped. Nothing happens where it was not paid after all. */
import type { Flow } from './flow.ts'
import { shortBank } from './pay.ts'
import { handledBy, isOver } from './staff-dossier.ts'
import { moveMoney } from './staff-money.ts'

const STEP = { step: 'refund', kind: 'payment.refund' } as const

export const refund: Flow = {
  id: 'refund',
  partOf: 'pay',
  title: { vi: 'Hoàn trả phí, lệ phí', en: 'Refund' },
  actor: 'staff',
  steps: [STEP],
  run: (journey) => {
    const { bank } = handledBy(journey)
    return moveMoney(journey, refund, STEP, {
      turn: isOver, due: ({ paid }) => paid, resource: 'refunds', said: bank === undefined ? {} : { bank: shortBank(bank) },
    })
  },
}
