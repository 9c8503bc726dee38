/** The citizen who submitted withdraws the dossier after it was received; it ends there, and what was paid for it is paid back. */
import type { Flow } from './flow.ts'
import { setStatus } from './own-dossier.ts'

const STEP = { step: 'withdraw', kind: 'dossier.withdraw' } as const

export const withdraw: Flow = {
  id: 'withdraw',
  partOf: 'process',
  title: { vi: 'Rút hồ sơ', en: 'Withdraw a dossier' },
  actor: 'citizen',
  steps: [STEP],
  run: (journey) => setStatus(journey, withdraw, STEP, {
    turn: (status) => status === 'received', resource: 'withdrawals', status: 'withdrawn', said: { reason: 'Không còn nhu cầu (thử)' },
  }),
}
