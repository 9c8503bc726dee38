/** Sending feedback or a petition (PAKN) on the portal, routed by topic and province, then reading it. Yes = the portal gave it a code and a unit. */
import { bodyOf, conclude, unreadable, type Fields } from '../answer.ts'
import type { Flow, Journey } from './flow.ts'

const SEND = { step: 'feedback-send', kind: 'feedback.send' } as const
const READ = { step: 'feedback-read', kind: 'feedback.read' } as const

export const feedback: Flow = {
  id: 'feedback',
  title: { vi: 'Phản ánh, kiến nghị', en: 'Feedback and petitions' },
  actor: 'citizen',
  steps: [SEND, READ],
  run: (journey) => {
    const code = send(journey)
    return code !== undefined && read(journey, code)
  },
}

function send(journey: Journey): string | undefined {
  let code: string | undefined
  journey.perform(feedback, SEND, (op) => {
    const { topic, provinceId, person } = journey.citizen
    if (topic === undefined) throw new Error('the citizen has no topic: the journey of the scenario does not name feedback')
    const answer = journey.front(op, 'POST', '/api/feedback', {
      reference: op, topic, provinceId, text: `Phản ánh diễn tập về "${topic}", người gửi không có thật`, phone: person.phone,
    })
    const fields: Fields = { topic, provinceId }
    const conclusion = conclude(answer, 'portal', { fields })
    if (conclusion.outcome !== 'ok') return conclusion
    const { feedbackCode, unitCode } = bodyOf(answer) ?? {}
    if (typeof feedbackCode !== 'string' || typeof unitCode !== 'string') return unreadable(conclusion, 'no feedback code')
    code = feedbackCode
    conclusion.unitCode = fields['unitCode'] = unitCode
    fields['feedbackCode'] = feedbackCode
    return conclusion
  })
  return code
}

function read(journey: Journey, feedbackCode: string): boolean {
  return journey.perform(feedback, READ, (op) => {
    const answer = journey.front(op, 'GET', `/api/feedback/${encodeURIComponent(feedbackCode)}`)
    const conclusion = conclude(answer, 'portal', { fields: { feedbackCode } })
    if (conclusion.outcome !== 'ok') return conclusion
    const { status, unitCode } = bodyOf(answer) ?? {}
    if (typeof status !== 'string') return unreadable(conclusion, 'no status')
    conclusion.observed = status
    if (typeof unitCode === 'string') conclusion.unitCode = unitCode
    return conclusion
  }).outcome === 'ok'
}
