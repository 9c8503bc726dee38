/** An officer refuses a dossier, with the reason: it ends there, and what was paid for it is paid back. */
import type { Flow } from './flow.ts'
import { takeAction, WHEN_NEW } from './staff-dossier.ts'

const STEP = { step: 'refuse', kind: 'dossier.refuse' } as const

export const refuse: Flow = {
  id: 'refuse',
  partOf: 'receive',
  title: { vi: 'Từ chối tiếp nhận', en: 'Refuse a dossier' },
  actor: 'staff',
  steps: [STEP],
  run: (journey) => takeAction(journey, refuse, STEP, 'refuse', 'Không thuộc phạm vi giải quyết (thử)', WHEN_NEW),
}
