/**
 * Feedback and petitions (PAKN; contracts/api/inside.ts, staff.ts): takes what citizens sent on the portal, lets the unit that it is addressed to
 * answer it, and tells the portal from a durable outbox.
 */
import { z } from 'zod'
import { FeedbackItem } from '../../../contracts/api/inside.ts'
import { openPool } from '../../database.ts'
import { serveAdmin } from '../admin.ts'
import { createBusinessServer } from '../business-server.ts'
import { createHttpClient } from '../http-client.ts'
import { DeliveryRefused, startOutbox } from '../outbox.ts'
import { holdScenarioClock } from '../scenario-clock-holder.ts'
import { requireDatabase, requireUrl, type StartService } from '../service.ts'
import { parseBody } from '../service-error.ts'
import { snapshotRows } from '../snapshot-rows.ts'
import { createStaffTokens } from '../staff-token.ts'
import { FEEDBACK_EVIDENCE } from './evidence.ts'
import { createItems } from './items.ts'

const MAX_BATCH = 500
const ANSWERS_BATCH = 200
const GATHER_MS = 50
const PORTAL_TIMEOUT_MS = 5_000

const Items = z.strictObject({ items: z.array(FeedbackItem).max(MAX_BATCH) })
const Answer = z.strictObject({ reference: z.string().min(1), text: z.string().min(1) })
const Search = z.object({ reference: z.string().min(1) })
const FiguresQuery = z.object({ unit: z.string().optional() })

export const start: StartService = async (config) => {
  await using starting = new AsyncDisposableStack()
  const pool = starting.adopt(openPool(requireDatabase(config), 'feedback'), (open) => open.end())
  const http = starting.adopt(createHttpClient(), (open) => open.close())
  const clock = holdScenarioClock(config)
  const portalUrl = requireUrl(config, 'portal')
  const tokens = createStaffTokens(config)
  const outbox = starting.adopt(startOutbox({
    pool, topic: 'answer', batchSize: ANSWERS_BATCH, lanes: 1, gatherMs: GATHER_MS,
    async deliver(items) {
      const answer = await http.postJson(`${portalUrl}/internal/v1/feedback-answers`, { answers: items.map((item) => item.payload) }, PORTAL_TIMEOUT_MS)
      if (answer.status === 200) return
      const Refusal = answer.status < 500 ? DeliveryRefused : Error
      throw new Refusal(`the portal answered ${answer.status}: ${answer.body?.error?.message ?? ''}`)
    },
  }), (open) => open.close())
  const feedback = createItems({ pool, clock, answered: outbox.wake })
  const officerOf = (authorization: string | undefined) => tokens.require(authorization, 'answer-feedback')

  const server = createBusinessServer({ servedBy: config.id, mode: 'open' })
  starting.defer(() => server.app.close())
  server.app.post('/v1/feedback', async ({ body }) => {
    const { items } = parseBody(Items, body)
    await feedback.keep(items)
    return { accepted: items.length }
  })
  server.app.get('/v1/figures', async ({ query }) => feedback.figures(parseBody(FiguresQuery, query).unit))
  server.app.get('/staff/v1/feedback', async ({ headers, query }) => feedback.find(officerOf(headers.authorization), parseBody(Search, query).reference))
  server.app.post<{ Params: { code: string } }>('/staff/v1/feedback/:code/answers', async ({ headers, params, body }, reply) => {
    const created = await feedback.answer(officerOf(headers.authorization), params.code, parseBody(Answer, body))
    return reply.code(created ? 201 : 200).send({ feedbackCode: params.code, status: 'answered' })
  })

  await server.app.listen({ host: config.host, port: config.port })
  starting.use(await serveAdmin(config, pool, {
    evidence: () => snapshotRows(pool, FEEDBACK_EVIDENCE), pending: outbox.pending, served: server.served, server,
    control: (control) => (control.action === 'clock' ? clock.set(control) : undefined),
  }))
  const running = starting.move()
  return { close: () => running.disposeAsync() }
}
