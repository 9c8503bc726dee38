/** An officer takes a fee at the counter where it was not paid online (002). Nothing happens where nothing is due any more. */
import type { Flow } from './flow.ts'
import { AT_ONCE, isOver } from './staff-dossier.ts'
import { moveMoney } from './staff-money.ts'

const STEP = { step: 'pay-counter', kind: 'payment.counter' } as const

export const payAtCounter: Flow = {
  id: 'pay-at-counter',
  partOf: 'pay',
  title: { vi: 'Thanh toán tại quầy', en: 'Pay at the counter' },
  actor: 'staff',
  steps: [STEP],
  run: (journey) => moveMoney(journey, payAtCounter, STEP, {
    turn: AT_ONCE, due: ({ paid, feeVnd, status }) => !paid && feeVnd > 0 && !isOver(status), resource: 'counter-payments', said: {},
  }),
}
