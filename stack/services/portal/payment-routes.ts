/** Paying for a dossier and having a message sent about it (contracts/api/front.ts). */
import type { FastifyInstance } from 'fastify'
import type pg from 'pg'
import { CreatePayment, SendMessage } from '../../../contracts/api/front.ts'
import { CallTimedOut, type HttpClient } from '../http-client.ts'
import { parseBody, ServiceError } from '../service-error.ts'
import { ownDossier } from './dossier-answer.ts'
import type { Payments } from './payments.ts'
import type { Sessions } from './sessions.ts'

const NOTIFICATIONS_TIMEOUT_MS = 4_000
const TEMPLATE = 'dossier-received'

type WithCode = { Params: { code: string } }

export function paymentRoutes(app: FastifyInstance, { pool, sessions, payments }: { pool: pg.Pool; sessions: Sessions; payments: Payments }): void {
  app.post<WithCode>('/api/dossiers/:code/payments', async ({ headers, params, body }, reply) => {
    const { personId } = await sessions.require(headers.cookie)
    const order = parseBody(CreatePayment, body)
    return reply.code(201).send(await payments.create(await ownDossier(pool, personId, params.code), order))
  })

  app.get<WithCode>('/api/payments/:code', async ({ headers, params }) => {
    const { personId } = await sessions.require(headers.cookie)
    return payments.statusOf(personId, params.code)
  })
}

export function messageRoutes(app: FastifyInstance, options: { pool: pg.Pool; sessions: Sessions; http: HttpClient; notificationsUrl: string }): void {
  const { pool, sessions, http, notificationsUrl } = options
  app.post<WithCode>('/api/dossiers/:code/messages', async ({ headers, params, body }, reply) => {
    const { personId } = await sessions.require(headers.cookie)
    const { reference, phone } = parseBody(SendMessage, body)
    const { dossierCode } = await ownDossier(pool, personId, params.code)
    const message = { reference, dossierCode, phone, template: TEMPLATE }
    const answer = await http.postJson(`${notificationsUrl}/v1/messages`, message, NOTIFICATIONS_TIMEOUT_MS).catch((error: Error) => {
      if (error instanceof CallTimedOut) throw new ServiceError(504, 'SMS_TIMEOUT', error.message)
      throw new ServiceError(502, 'SMS_UNAVAILABLE', error.message)
    })
    const said: string = answer.body?.error?.message ?? `notifications answered ${answer.status}`
    if (answer.status === 504) throw new ServiceError(504, 'SMS_TIMEOUT', said)
    if (answer.status >= 500) throw new ServiceError(502, 'SMS_UNAVAILABLE', said)
    if (answer.status >= 400) throw new ServiceError(409, answer.body?.error?.code ?? 'MESSAGE_REFUSED', said)
    return reply.code(202).send({ messageId: answer.body.messageId, status: answer.body.status })
  })
}
