/** How the SMS gateway works out the operations of its contract (contracts/partner-api/roles/sms.ts). */
import { listCodes, listTemplates, readMessage, sendMessage } from '../../contracts/partner-api/roles/sms.ts'
import { SMS_RESULTS } from '../../contracts/reference/sms-gateways.ts'
import { refusalOf } from '../server/refusal-of.ts'
import { defineRoute, ok, type Route } from '../server/route.ts'
import type { SmsGateway } from './gateway.ts'

const send = defineRoute({
  ...sendMessage,
  resolve: (gateway: SmsGateway, message) => {
    const held = gateway.accept(message)
    return 'refused' in held ? refusalOf(sendMessage, held.refused, held.detail) : ok({ gatewayId: held.gatewayId, encoding: held.encoding, segments: held.segments }, 202)
  },
})

const state = defineRoute({
  ...readMessage,
  subject: ({ messageId }) => messageId,
  resolve: ({ messages, row }: SmsGateway, { messageId }) => {
    const held = messages.get(messageId)
    if (!held) return refusalOf(readMessage, 'MESSAGE_UNKNOWN', messageId)
    const { gatewayId, status, failure, brandname, encoding, segments, statusAt } = held
    const reason = failure ?? (status === 'failed' ? 'network-failure' : status)
    const { code, text } = row.codes[reason]
    return ok({ messageId, gatewayId, status, reason, code, codeText: text, brandname, at: statusAt, encoding, segments })
  },
})

const templates = defineRoute({
  ...listTemplates,
  subject: () => 'templates',
  resolve: ({ row }: SmsGateway) => ok({ demanded: row.templatesDemanded, templates: row.templates }),
})

const codes = defineRoute({
  ...listCodes,
  subject: () => 'codes',
  resolve: ({ row }: SmsGateway) => ok({ brandnames: row.brandnames, codes: SMS_RESULTS.map((reason) => ({ reason, ...row.codes[reason] })) }),
})

export const SMS_ROUTES: readonly Route<SmsGateway>[] = [send, state, templates, codes]
