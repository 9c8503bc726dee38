/**
 * An officer takes a dossier at the partner's own desk; the partner stores it and pushes it to the portal. Yes = the portal acknowledged it to
 * the partner; a dossier that the portal refused, or that the partner keeps because it is not connected, is a no; else nobody knows.
 */
import { deskConclusion } from './desk-answer.ts'
import type { Flow } from './flow.ts'

const STEP = { step: 'push', kind: 'sync.dossier' } as const

export const dossierSync: Flow = {
  id: 'dossier-sync',
  title: { vi: 'Đồng bộ hồ sơ', en: 'Dossier sync' },
  actor: 'partner',
  steps: [STEP],
  run: (journey) => journey.perform(dossierSync, STEP, (op) => {
    const { push } = journey
    if (push.kind !== 'dossier') throw new Error('dossier-sync cannot be played with dossiersOf: use status-sync')
    const { partner, unitCode, dossierCode, procedureCode, applicant, note } = push
    const answer = journey.system(op, `partner-${partner}`, 'POST', '/desk/dossiers', {
      reference: op, dossierCode, procedureCode, applicantId: applicant.personId, applicantName: applicant.name, applicantBirthDate: applicant.birthDate,
      status: 'received', note,
    })
    return deskConclusion(answer, partner, { dossierCode, procedureCode, unitCode, fields: { applicantName: applicant.name, procedureCode, unitCode, partner } })
  }).outcome === 'ok',
}
