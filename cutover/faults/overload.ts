/**
 * `overload`: a system works off fewer requests than a jump of the load brings; they queue up, then it refuses (004: Justice, Health). Witness: the
 * system's own count of requests that had to wait or were refused.
 */
import { z } from 'zod'
import { INCIDENTS } from '../../contracts/incidents.ts'
import { byRole } from '../systems.ts'
import { fault, type FaultContext } from './fault.ts'
import { requestsPerSecond, queueMs } from './params.ts'

const REQUIRED = 50
const SYSTEMS = ['portal', 'coordination', 'payments', 'notifications', 'feedback'] as const
const Params = z.strictObject({ system: z.enum(SYSTEMS).default('portal'), requestsPerSecond: requestsPerSecond(150), queueMs: queueMs(50) })

export const overload = fault({
  id: 'overload',
  title: INCIDENTS['overload'].title,
  schema: Params as z.ZodType<z.infer<typeof Params>>,
  phase: 'at-start',
  needs: (_target, params) => [{ system: params.system, what: 'admin' }],
  async inject(context, { system, ...limit }) {
    context.memory['before'] = await limited(context, system)
    await adminOf(context, system).control({ action: 'limit', ...limit })
  },
  async heal(context, { system }) {
    await adminOf(context, system).control({ action: 'limit', queueMs: 0 })
  },
  async witness(context, { system }) {
    const touched = await limited(context, system) - Number(context.memory['before'] ?? 0)
    return { touched, required: REQUIRED, note: `requests that ${system} made to wait or refused, by its own count: ${touched}` }
  },
})

function adminOf({ admin, target }: FaultContext, system: (typeof SYSTEMS)[number]) { return admin(byRole(target, system).id) }

async function limited(context: FaultContext, system: (typeof SYSTEMS)[number]): Promise<number> {
  return (await adminOf(context, system).stats()).limited ?? 0
}
