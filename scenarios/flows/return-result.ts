/** An officer returns the result of a dossier that is done; the citizen sees it on the portal. */
import type { Flow } from './flow.ts'
import { takeAction, WHEN_DONE } from './staff-dossier.ts'

const STEP = { step: 'return', kind: 'result.return' } as const

export const returnResult: Flow = {
  id: 'return-result',
  title: { vi: 'Trả kết quả', en: 'Return the result' },
  actor: 'staff',
  steps: [STEP],
  run: (journey) => takeAction(journey, returnResult, STEP, 'return-result', 'Kết quả điện tử (thử)', WHEN_DONE),
}
