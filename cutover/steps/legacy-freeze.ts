/** `legacy.freeze {}`: the old portal refuses new submissions and lets reads through. Undo: it takes them again. */
import { z } from 'zod'
import { byRole } from '../systems.ts'
import { needOf, stepAction } from './step-action.ts'

export const legacyFreezeStep = stepAction({
  id: 'legacy.freeze',
  schema: z.strictObject({}),
  describe: () => ({ vi: 'Khóa tiếp nhận trên Cổng cũ', en: 'Freeze submissions on the old portal' }),
  needs: (target) => [needOf(target, 'legacy', 'mode.frozen')],
  async run({ ports, plan, facts, signal }) {
    const legacy = byRole(plan.target, 'legacy')
    await ports.admin(legacy.id).control({ action: 'mode', mode: 'frozen' }, signal)
    Object.assign(facts, { system: legacy.id, mode: 'frozen' })
  },
  async undo({ ports, plan, signal }) {
    await ports.admin(byRole(plan.target, 'legacy').id).control({ action: 'mode', mode: 'open' }, signal)
  },
})
