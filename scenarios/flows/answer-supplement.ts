/** The citizen who submitted answers the request for a supplement, once it shows in their list; the dossier is in process again. */
import type { Flow } from './flow.ts'
import { setStatus } from './own-dossier.ts'

const STEP = { step: 'supplement-answer', kind: 'supplement.answer' } as const

export const answerSupplement: Flow = {
  id: 'answer-supplement',
  partOf: 'supplement',
  title: { vi: 'Bổ sung hồ sơ', en: 'Answer a request for a supplement' },
  actor: 'citizen',
  steps: [STEP],
  run: (journey) => setStatus(journey, answerSupplement, STEP, {
    turn: (status) => status === 'supplement-asked', resource: 'supplements', status: 'in-process', said: { text: 'Bổ sung theo yêu cầu, giấy tờ không có thật (thử)' },
  }),
}
