/** An officer of the unit that a feedback was routed to finds it by its reference and answers it; the citizen sees the answer on the portal. */
import { bodyOf, conclude, unreadable, type Conclusion } from '../answer.ts'
import type { Flow, Journey } from './flow.ts'
import { handledBy } from './staff-dossier.ts'
import { waitFor, type Look, type Waited } from './wait-for.ts'

const STEP = { step: 'feedback-answer', kind: 'feedback.answer' } as const

export const answerFeedback: Flow = {
  id: 'answer-feedback',
  partOf: 'feedback',
  title: { vi: 'Trả lời phản ánh, kiến nghị', en: 'Answer feedback' },
  actor: 'staff',
  steps: [STEP],
  run: (journey) => journey.perform(answerFeedback, STEP, (op): Conclusion => {
    const { there: found, refused } = find(journey, op)
    if (!found) return refused
    const { feedbackCode, unitCode } = found
    const answer = journey.system(op, 'feedback', 'POST', `/staff/v1/feedback/${encodeURIComponent(feedbackCode)}/answers`, {
      reference: op, text: 'Đơn vị đã tiếp nhận và giải quyết phản ánh (thử)',
    })
    const conclusion = conclude(answer, 'feedback', { unitCode, fields: { feedbackCode, unitCode } })
    return conclusion.outcome === 'ok' && typeof bodyOf(answer)?.['status'] !== 'string' ? unreadable(conclusion, 'no status') : conclusion
  }).outcome === 'ok',
}

type Found = { feedbackCode: string; unitCode: string }

function find(journey: Journey, op: string): Waited<Found> {
  const path = `/staff/v1/feedback?reference=${encodeURIComponent(handledBy(journey).reference)}`
  return waitFor(journey, (): Look<Found> => {
    const answer = journey.system(op, 'feedback', 'GET', path)
    const conclusion = conclude(answer, 'feedback')
    if (answer.status === 404) return { notYet: 'NOT_HERE: the feedback system has none of this reference', conclusion }
    if (conclusion.outcome !== 'ok') return { refused: conclusion }
    const { feedbackCode, unitCode } = bodyOf(answer) ?? {}
    if (typeof feedbackCode !== 'string' || typeof unitCode !== 'string') return { refused: unreadable(conclusion, 'no feedback with a unit') }
    return { there: { feedbackCode, unitCode } }
  })
}
