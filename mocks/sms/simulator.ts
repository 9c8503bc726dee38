/** The SMS gateway as a simulator. */
import { createEndpoint } from '../server/endpoint.ts'
import type { Simulator } from '../simulator.ts'
import { createSmsGateway, type SmsGatewayOptions } from './gateway.ts'
import { SMS_ROUTES } from './routes.ts'

export function smsSimulator(options: SmsGatewayOptions): Simulator {
  const gateway = createSmsGateway(options)
  return {
    id: 'sms',
    endpoint: createEndpoint(SMS_ROUTES, gateway),
    evidence: () => {
      const seenAt = options.world.wallNow()
      return Array.from(gateway.messages.values(), (message) => ({
        key: `sms/${message.gatewayId}`, op: message.reference, status: message.status, seenAt, sourceAt: message.acceptedAt,
        fields: { messageId: message.messageId, phone: message.phone },
      }))
    },
    pending: gateway.pending,
    close: gateway.close,
  }
}
