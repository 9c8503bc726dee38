/** Asking for a message about the dossier to one's phone. Yes = the notification service took it over and the gateway accepted it. */
import { bodyOf, conclude, unreadable } from '../answer.ts'
import type { Flow } from './flow.ts'

const STEP = { step: 'sms', kind: 'sms.send' } as const

export const sms: Flow = {
  id: 'sms',
  title: { vi: 'Gửi tin nhắn SMS', en: 'Send an SMS' },
  actor: 'citizen',
  steps: [STEP],
  run: (journey) => {
    const { dossier } = journey.learnt
    if (!dossier) return true
    journey.perform(sms, STEP, (op) => {
      const answer = journey.front(op, 'POST', `/api/dossiers/${encodeURIComponent(dossier.code)}/messages`, { reference: op, phone: journey.citizen.person.phone })
      const conclusion = conclude(answer, 'portal', { dossierCode: dossier.code })
      if (conclusion.outcome !== 'ok') return conclusion
      const messageId = bodyOf(answer)?.['messageId']
      if (typeof messageId !== 'string') return unreadable(conclusion, 'no messageId')
      conclusion.fields = { messageId }
      return conclusion
    })
    return true
  },
}
