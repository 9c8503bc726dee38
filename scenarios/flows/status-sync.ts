/** An officer moves an earlier dossier on at the partner's desk; the partner pushes the new status to the portal. Same yes and no as dossier-sync. */
import { deskConclusion } from './desk-answer.ts'
import type { Flow } from './flow.ts'

const STEP = { step: 'push-status', kind: 'sync.status' } as const

export const statusSync: Flow = {
  id: 'status-sync',
  title: { vi: 'Đồng bộ trạng thái', en: 'Status sync' },
  actor: 'partner',
  steps: [STEP],
  run: (journey) => journey.perform(statusSync, STEP, (op) => {
    const { push } = journey
    if (push.kind !== 'status') throw new Error('status-sync needs dossiersOf: the scenario whose dossiers are reported on')
    const { partner, unitCode, dossierCode, status } = push
    const answer = journey.system(op, `partner-${partner}`, 'POST', '/desk/statuses', { reference: op, dossierCode, status })
    return { ...deskConclusion(answer, partner), dossierCode, unitCode, observed: status, fields: { partner } }
  }).outcome === 'ok',
}
