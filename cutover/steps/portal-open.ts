/** `portal.open {}`: the new portal serves the public and takes partners' pushes. Undo: it is closed again. */
import { z } from 'zod'
import { byRole } from '../systems.ts'
import { needOf, stepAction } from './step-action.ts'

export const portalOpenStep = stepAction({
  id: 'portal.open',
  schema: z.strictObject({}),
  describe: () => ({ vi: 'Mở Cổng mới', en: 'Open the new portal' }),
  needs: (target) => [needOf(target, 'portal', 'mode.open')],
  async run({ ports, plan, facts, signal }) {
    const portal = byRole(plan.target, 'portal')
    await ports.admin(portal.id).control({ action: 'mode', mode: 'open' }, signal)
    Object.assign(facts, { system: portal.id, mode: 'open' })
  },
  async undo({ ports, plan, signal }) {
    await ports.admin(byRole(plan.target, 'portal').id).control({ action: 'mode', mode: 'closed' }, signal)
  },
})
