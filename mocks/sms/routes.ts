/** What the SMS gateway offers (contracts/partner-api/roles/sms.ts). */
import { sendMessage } from '../../contracts/partner-api/roles/sms.ts'
import { defineRoute, ok, type Route } from '../server/route.ts'
import type { SmsGateway } from './gateway.ts'

const send = defineRoute({ ...sendMessage, resolve: (gateway: SmsGateway, message) => ok({ gatewayId: gateway.accept(message).gatewayId }, 202) })

export const SMS_ROUTES: readonly Route<SmsGateway>[] = [send]
