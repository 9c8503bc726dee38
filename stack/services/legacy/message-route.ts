/** A message about one's dossier, sent by the notifications that both portals share (contracts/api/front.ts). */
import type { FastifyInstance } from 'fastify'
import { SendMessage } from '../../../contracts/api/front.ts'
import { CallTimedOut, type HttpClient } from '../http-client.ts'
import type { Sessions } from '../portal/sessions.ts'
import { parseBody, ServiceError } from '../service-error.ts'
import type { Dossiers } from './dossiers.ts'

const NOTIFICATIONS_TIMEOUT_MS = 4_000
const TEMPLATE = 'dossier-received'

export function messageRoute(app: FastifyInstance, { sessions, dossiers, http, notificationsUrl }: { sessions: Sessions; dossiers: Dossiers; http: HttpClient; notificationsUrl: string }): void {
  app.post<{ Params: { code: string } }>('/api/dossiers/:code/messages', async ({ headers, params, body }, reply) => {
    const { personId } = await sessions.require(headers.cookie)
    const { reference, phone } = parseBody(SendMessage, body)
    const { dossierCode } = await dossiers.own(personId, params.code)
    const answer = await http.postJson(`${notificationsUrl}/v1/messages`, { reference, dossierCode, phone, template: TEMPLATE }, NOTIFICATIONS_TIMEOUT_MS).catch((error: Error) => {
      throw error instanceof CallTimedOut ? new ServiceError(504, 'SMS_TIMEOUT', error.message) : new ServiceError(502, 'SMS_UNAVAILABLE', error.message)
    })
    const said: string = answer.body?.error?.message ?? `notifications answered ${answer.status}`
    if (answer.status === 504) throw new ServiceError(504, 'SMS_TIMEOUT', said)
    if (answer.status >= 500) throw new ServiceError(502, 'SMS_UNAVAILABLE', said)
    if (answer.status >= 400) throw new ServiceError(409, answer.body?.error?.code ?? 'MESSAGE_REFUSED', said)
    return reply.code(202).send({ messageId: answer.body.messageId, status: answer.body.status })
  })
}
