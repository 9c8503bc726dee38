/** The SMS gateway as a simulator. */
import { createConduct } from '../behaviour/conduct.ts'
import { createEndpoint } from '../server/endpoint.ts'
import type { Simulator } from '../simulator.ts'
import { createSmsGateway, type SmsGatewayOptions } from './gateway.ts'
import { SMS_ROUTES } from './routes.ts'

export function smsSimulator(options: SmsGatewayOptions): Simulator {
  const conduct = createConduct(options.world, { system: 'sms', role: 'sms', routes: SMS_ROUTES, calls: ['receipt'] })
  const gateway = createSmsGateway({ ...options, retry: { after: options.world.after, ...options.retry, plan: conduct.plan } })
  return {
    id: 'sms',
    endpoint: createEndpoint(SMS_ROUTES, gateway, conduct),
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
