/** What the SMS gateway offers (contracts/api/partners.ts). */
import { z } from 'zod'
import { RefusalBody } from '../server/problem.ts'
import { defineRoute, ok, type Route } from '../server/route.ts'
import type { SmsGateway } from './gateway.ts'

export const SmsMessage = z.strictObject({
  messageId: z.string().min(1), phone: z.string().regex(/^\+?\d{9,15}$/), text: z.string().min(1), reference: z.string().min(1), receiptUrl: z.url({ protocol: /^https?$/ }),
})

const send = defineRoute({
  name: 'send', method: 'POST', path: '/v1/messages', takes: 'json', request: SmsMessage,
  answers: { 202: z.object({ gatewayId: z.string() }), 400: RefusalBody },
  resolve: (gateway: SmsGateway, message) => ok({ gatewayId: gateway.accept(message).gatewayId }, 202),
})

export const SMS_ROUTES: readonly Route<SmsGateway>[] = [send]
