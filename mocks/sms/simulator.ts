/** An SMS gateway (contracts/reference/sms-gateways.ts) as a simulator. */
import { SMS } from '../../contracts/partner-api/roles/sms.ts'
import { createConduct } from '../behaviour/conduct.ts'
import { createEndpoint } from '../server/endpoint.ts'
import type { Simulator } from '../simulator.ts'
import { createSmsGateway, type SmsGatewayOptions } from './gateway.ts'
import { SMS_ROUTES } from './routes.ts'

export { SMS_GATEWAYS } from '../../contracts/reference/sms-gateways.ts'

export function smsSimulator(options: SmsGatewayOptions): Simulator {
  const id = options.row?.id ?? 'sms'
  const conduct = createConduct(options.world, { system: id, role: SMS.id, routes: SMS_ROUTES, calls: SMS.calls.map(({ name }) => name) })
  const gateway = createSmsGateway({ ...options, retry: { after: options.world.after, ...options.retry, plan: conduct.plan, journal: conduct.journal } })
  return {
    id,
    endpoint: createEndpoint(SMS_ROUTES, gateway, conduct),
    evidence: () => {
      gateway.memory.requireWhole()
      const seenAt = options.world.wallNow()
      return Array.from(gateway.messages.values(), ({ gatewayId, messageId, phone, reference, status, failure, acceptedAt }) => ({
        key: `sms/${gatewayId}`, op: reference, status, seenAt, sourceAt: acceptedAt, fields: { messageId, phone, ...(failure && { reason: failure }) },
      }))
    },
    forgotten: gateway.memory.forgotten,
    pending: gateway.pending,
    close: gateway.close,
  }
}
