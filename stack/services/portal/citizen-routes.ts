/** What citizens do beside submitting and paying: answering a supplement, withdrawing, feedback (contracts/api/front.ts). */
import type { FastifyInstance } from 'fastify'
import { SendFeedback, SendSupplement, Withdraw } from '../../../contracts/api/front.ts'
import type { ScenarioClockHolder } from '../scenario-clock-holder.ts'
import { parseBody } from '../service-error.ts'
import type { createCitizenActs } from './citizen-acts.ts'
import type { Feedback } from './feedback.ts'
import type { Sessions } from './sessions.ts'

type WithCode = { Params: { code: string } }

export function citizenRoutes(app: FastifyInstance, { clock, sessions, act, feedback }: {
  clock: ScenarioClockHolder
  sessions: Sessions
  act: ReturnType<typeof createCitizenActs>
  feedback: Feedback
}): void {
  app.post<WithCode>('/api/dossiers/:code/supplements', async ({ headers, params: { code }, body }, reply) => {
    const { personId } = await sessions.require(headers.cookie)
    const { reference, text } = parseBody(SendSupplement, body)
    const { created, answer } = await act('supplement', { person: personId, code, reference, note: text, nowMs: clock.now() })
    return reply.code(created ? 201 : 200).send(answer)
  })

  app.post<WithCode>('/api/dossiers/:code/withdrawals', async ({ headers, params: { code }, body }, reply) => {
    const { personId } = await sessions.require(headers.cookie)
    const { reference, reason } = parseBody(Withdraw, body)
    const { created, answer } = await act('withdrawal', { person: personId, code, reference, note: reason, nowMs: clock.now() })
    return reply.code(created ? 201 : 200).send(answer)
  })

  app.post('/api/feedback', async ({ headers, body }, reply) => {
    const { personId } = await sessions.require(headers.cookie)
    const { created, answer } = await feedback.send(personId, parseBody(SendFeedback, body), clock.now())
    return reply.code(created ? 201 : 200).send(answer)
  })

  app.get<WithCode>('/api/feedback/:code', async ({ headers, params: { code } }) => {
    const { personId } = await sessions.require(headers.cookie)
    return feedback.own(personId, code)
  })
}
