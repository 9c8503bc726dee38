/** An officer asks for what is missing in a dossier; the citizen answers on the portal (`answer-supplement.ts`). */
import type { Flow } from './flow.ts'
import { takeAction, WHEN_RECEIVED } from './staff-dossier.ts'

const STEP = { step: 'supplement-ask', kind: 'supplement.ask' } as const

export const supplement: Flow = {
  id: 'supplement',
  title: { vi: 'Yêu cầu bổ sung hồ sơ', en: 'Ask for a supplement' },
  actor: 'staff',
  steps: [STEP],
  run: (journey) => takeAction(journey, supplement, STEP, 'ask-supplement', 'Đề nghị bổ sung bản sao giấy tờ kèm theo (thử)', WHEN_RECEIVED),
}
