/** An officer stops a dossier that was received, with the reason: it ends there, and what was paid for it is paid back. */
import type { Flow } from './flow.ts'
import { takeAction, WHEN_COMPLETE } from './staff-dossier.ts'

const STEP = { step: 'stop', kind: 'dossier.stop' } as const

export const stop: Flow = {
  id: 'stop',
  partOf: 'process',
  title: { vi: 'Dừng xử lý', en: 'Stop processing' },
  actor: 'staff',
  steps: [STEP],
  run: (journey) => takeAction(journey, stop, STEP, 'stop', 'Dừng xử lý vì không đủ điều kiện (thử)', WHEN_COMPLETE),
}
