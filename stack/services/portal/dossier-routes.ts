/** Finding a service, submitting, and looking up one's own dossiers (contracts/api/front.ts, `/api/…`). */
import type { FastifyInstance } from 'fastify'
import type pg from 'pg'
import { SubmitDossier } from '../../../contracts/api/front.ts'
import { parseBody } from '../service-error.ts'
import type { ScenarioClockHolder } from '../scenario-clock-holder.ts'
import { dossiersOf, ownDossier } from './dossier-answer.ts'
import type { PublishedServices } from './published-services.ts'
import type { Sessions } from './sessions.ts'
import type { createSubmitDossier } from './submit-dossier.ts'

export function dossierRoutes(app: FastifyInstance, options: {
  pool: pg.Pool
  clock: ScenarioClockHolder
  sessions: Sessions
  services: PublishedServices
  submit: ReturnType<typeof createSubmitDossier>
}): void {
  const { pool, clock, sessions, services, submit } = options

  app.get<{ Querystring: { q?: string; province?: string } }>('/api/services', async ({ query }) => (
    { services: await services.search(query.q ?? '', query.province ?? '') }
  ))

  app.post('/api/dossiers', async ({ headers, body }, reply) => {
    const { personId } = await sessions.require(headers.cookie)
    const submission = parseBody(SubmitDossier, body)
    const offer = await services.offer(submission.procedureCode, submission.provinceId)
    const { created, answer } = await submit({ person: personId, body: submission, offer, nowMs: clock.now() })
    return reply.code(created ? 201 : 200).send(answer)
  })

  app.get('/api/dossiers', async ({ headers }) => {
    const { personId } = await sessions.require(headers.cookie)
    return { dossiers: await dossiersOf(pool, personId) }
  })

  app.get<{ Params: { code: string } }>('/api/dossiers/:code', async ({ headers, params }) => {
    const { personId } = await sessions.require(headers.cookie)
    return ownDossier(pool, personId, params.code)
  })
}
