/** An officer receives what a citizen submitted; also one of another territory, who may receive and nothing more (004 II.1). */
import type { Flow } from './flow.ts'
import { takeAction, WHEN_NEW } from './staff-dossier.ts'

const STEP = { step: 'receive', kind: 'dossier.receive' } as const

export const receive: Flow = {
  id: 'receive',
  title: { vi: 'Tiếp nhận hồ sơ', en: 'Receive a dossier' },
  actor: 'staff',
  steps: [STEP],
  run: (journey) => takeAction(journey, receive, STEP, 'receive', '', WHEN_NEW),
}
