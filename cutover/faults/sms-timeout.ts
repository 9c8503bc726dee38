/** `sms-timeout`: the SMS gateway answers later than anybody waits (000 1(4)). Witness: messages that the notification service keeps as timed out. */
import { z } from 'zod'
import { INCIDENTS } from '../../contracts/incidents.ts'
import { byRole } from '../systems.ts'
import { countRows } from './count-rows.ts'
import { fault, type FaultContext } from './fault.ts'
import { delayMs, share } from './params.ts'

const REQUIRED = 3
const Params = z.strictObject({ share: share(0.5), delayMs: delayMs(6_000) })

export const smsTimeout = fault({
  id: 'sms-timeout',
  title: INCIDENTS['sms-timeout'].title,
  schema: Params as z.ZodType<z.infer<typeof Params>>,
  phase: 'at-step:dns.switch',
  needs: (target) => [{ system: byRole(target, 'sms').id, what: 'admin' }],
  async inject(context, params) {
    context.memory['before'] = await timeouts(context)
    await context.admin(byRole(context.target, 'sms').id)
      .control({ action: 'behave', behaviours: [{ route: 'send', share: params.share, delayMs: params.delayMs, seed: context.seed }] })
  },
  async heal({ admin, target }) {
    await admin(byRole(target, 'sms').id).control({ action: 'behave', behaviours: [] })
  },
  async witness(context) {
    const touched = await timeouts(context) - Number(context.memory['before'] ?? 0)
    return { touched, required: REQUIRED, note: `messages that the notification service keeps as timed out: ${touched}` }
  },
})

function timeouts({ admin, target }: FaultContext): Promise<number> {
  return countRows(admin(byRole(target, 'notifications').id), (row) => row.key.startsWith('sms/') && row.status === 'timeout')
}
