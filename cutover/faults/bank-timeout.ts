/**
 * `bank-timeout`: the bank answers a request for a QR later than anybody waits (000 1(2)). Witness: transactions that the central payment
 * system gave up because of this bank.
 */
import { z } from 'zod'
import { INCIDENTS } from '../../contracts/incidents.ts'
import { byRole } from '../systems.ts'
import { countRows } from './count-rows.ts'
import { fault, type FaultContext } from './fault.ts'
import { delayMs, share } from './params.ts'

const REQUIRED = 3
const Params = z.strictObject({ bank: z.enum(['vcb', 'bidv']).default('vcb'), share: share(0.5), delayMs: delayMs(6_000) })

export const bankTimeout = fault({
  id: 'bank-timeout',
  title: INCIDENTS['bank-timeout'].title,
  schema: Params as z.ZodType<z.infer<typeof Params>>,
  // After the old portal's time: the question is whether the new one stands it.
  phase: 'at-step:dns.switch',
  needs: (_target, params) => [{ system: `bank-${params.bank}`, what: 'admin' }],
  async inject(context, params) {
    context.memory['before'] = await timeouts(context, params.bank)
    await context.admin(`bank-${params.bank}`).control({ action: 'behave', behaviours: [{ route: 'qr', share: params.share, delayMs: params.delayMs, seed: context.seed }] })
  },
  async heal({ admin }, params) {
    await admin(`bank-${params.bank}`).control({ action: 'behave', behaviours: [] })
  },
  async witness(context, params) {
    const touched = await timeouts(context, params.bank) - Number(context.memory['before'] ?? 0)
    return { touched, required: REQUIRED, note: `transactions that the payment system keeps as failed with bank-timeout at bank-${params.bank}: ${touched}` }
  },
})

function timeouts({ admin, target }: FaultContext, bank: string): Promise<number> {
  return countRows(admin(byRole(target, 'payments').id), (row) =>
    row.key.startsWith('payment/') && row.fields['reason'] === 'bank-timeout' && String(row.fields['bank']).replace(/^bank-/, '') === bank)
}
