/**
 * Submitting on a ministry's own service, to which the portal redirects (004 I.2): the link is the one that was found, followed within the target only.
 * Yes = the ministry gave a code; it syncs the dossier up to the portal afterwards.
 */
import { bodyOf, conclude, unreadable, type Fields } from '../answer.ts'
import type { Flow } from './flow.ts'

const STEP = { step: 'apply', kind: 'dossier.apply' } as const

export const apply: Flow = {
  id: 'apply',
  partOf: 'submit',
  title: { vi: 'Nộp hồ sơ trên dịch vụ riêng của bộ', en: 'Apply on a ministry\'s own service' },
  actor: 'citizen',
  steps: [STEP],
  run: (journey) => journey.perform(apply, STEP, (op) => {
    const { person, procedure, provinceId } = journey.citizen
    const { ministry, code: procedureCode } = procedure
    const link = journey.learnt.service?.redirectUrl
    if (link === undefined) throw new Error('apply follows the link that find-service found: put find-service before it')
    const answer = journey.follow(op, link, {
      reference: op, procedureCode, provinceId, personId: person.personId, applicantName: person.name, applicantBirthDate: person.birthDate, phone: person.phone,
      note: 'Hồ sơ diễn tập, người nộp không có thật',
    })
    const fields: Fields = { applicantName: person.name, procedureCode, partner: ministry }
    const conclusion = conclude(answer, `partner-${ministry}`, { procedureCode, fields })
    if (conclusion.outcome !== 'ok') return conclusion
    const { dossierCode, unitCode } = bodyOf(answer) ?? {}
    if (typeof dossierCode !== 'string' || typeof unitCode !== 'string') return unreadable(conclusion, 'no dossier code')
    conclusion.dossierCode = dossierCode
    conclusion.unitCode = fields['unitCode'] = unitCode
    return conclusion
  }).outcome === 'ok',
}
