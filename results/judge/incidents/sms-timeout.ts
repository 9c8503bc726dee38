/** `sms-timeout`: the SMS gateway does not answer in time: messages without an answer, or kept by the notification service as timed out. */
import { systemsOf } from '../case.ts'
import { recordTypeIndex } from '../record-types.ts'
import { timeoutRule } from './timeouts.ts'

export const smsTimeout = timeoutRule({
  id: 'sms-timeout',
  needs: ['notifications'],
  async signsOf({ plan }) {
    return systemsOf(plan, 'sms').map((gateway) => ({
      incident: 'sms-timeout', system: gateway.id, allSql: `SELECT id FROM ops WHERE kind = 'sms.send'`,
      touchedSql: `SELECT id FROM ops WHERE kind = 'sms.send' AND outcome <> 'ok' AND (http = 504 OR error LIKE 'SMS_TIMEOUT%'
        OR id IN (SELECT r.id FROM records r JOIN systems y ON y.file = r.file WHERE y.role = 'notifications' AND r.type = ${recordTypeIndex('sms')} AND r.status = 'timeout'))`,
      what: 'messages', measure: 'agree with the telecom on response time and rate of the brandname gateway; send again from a queue what timed out',
      rerunCondition: 'fewer than 2 % of messages end in a time-out at the planned rate',
    }))
  },
})
