/** An officer processes a received dossier (whose supplement has come, where one was asked for) and finishes it. */
import type { Flow } from './flow.ts'
import { takeAction, WHEN_COMPLETE, type Turn } from './staff-dossier.ts'

const PROCESS = { step: 'process', kind: 'dossier.process' } as const
const FINISH = { step: 'finish', kind: 'dossier.finish' } as const

const WHEN_IN_PROCESS: Turn = (status) => status === 'in-process'

export const process: Flow = {
  id: 'process',
  title: { vi: 'Giải quyết hồ sơ', en: 'Process a dossier' },
  actor: 'staff',
  steps: [PROCESS, FINISH],
  run: (journey) => takeAction(journey, process, PROCESS, 'process', '', WHEN_COMPLETE)
    && takeAction(journey, process, FINISH, 'finish', 'Đã giải quyết xong (thử)', WHEN_IN_PROCESS),
}
