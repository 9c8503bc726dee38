/** Submitting a dossier on the portal in office. Yes = the portal gave it a code. On the old portal the procedure goes by its old code, as found there. */
import { handlingPartner } from '../../contracts/reference/procedures.ts'
import { bodyOf, conclude, unreadable, type Fields } from '../answer.ts'
import type { Flow } from './flow.ts'

const STEP = { step: 'submit', kind: 'dossier.submit' } as const

export const submit: Flow = {
  id: 'submit',
  title: { vi: 'Nộp hồ sơ', en: 'Submit a dossier' },
  actor: 'citizen',
  steps: [STEP],
  run: (journey) => journey.perform(submit, STEP, (op) => {
    const { person, procedure, provinceId } = journey.citizen
    const procedureCode = journey.learnt.service?.procedureCode ?? procedure.code
    const answer = journey.front(op, 'POST', '/api/dossiers', {
      reference: op, procedureCode, provinceId, applicantName: person.name, applicantBirthDate: person.birthDate, phone: person.phone,
      note: 'Hồ sơ diễn tập, người nộp không có thật',
    })
    const fields: Fields = { applicantName: person.name, procedureCode, partner: handlingPartner(procedure, provinceId) }
    const conclusion = conclude(answer, 'portal', { procedureCode, fields })
    if (conclusion.outcome !== 'ok') return conclusion
    const { dossierCode, unitCode, feeVnd } = bodyOf(answer) ?? {}
    if (typeof dossierCode !== 'string' || typeof unitCode !== 'string') return unreadable(conclusion, 'no dossier code')
    journey.learnt.dossier = { code: dossierCode, feeVnd: Number(feeVnd ?? 0) }
    conclusion.dossierCode = dossierCode
    conclusion.unitCode = fields['unitCode'] = unitCode
    return conclusion
  }).outcome === 'ok',
}
