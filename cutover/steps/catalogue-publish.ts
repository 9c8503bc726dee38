/** `catalogue.publish {}`: the catalogue publishes its procedures to the new portal. Undo: it takes them back. */
import { z } from 'zod'
import { byRole } from '../systems.ts'
import { needOf, stepAction } from './step-action.ts'

export const cataloguePublishStep = stepAction({
  id: 'catalogue.publish',
  schema: z.strictObject({}),
  describe: () => ({ vi: 'Công khai danh mục thủ tục trên Cổng mới', en: 'Publish the catalogue of procedures on the new portal' }),
  needs: (target) => [needOf(target, 'catalogue', 'publish')],
  async run({ ports, plan, state, facts, signal }) {
    const { published } = await ports.admin(byRole(plan.target, 'catalogue').id).control({ action: 'publish' }, signal)
    state.published = typeof published === 'number' ? published : null
    facts['published'] = state.published
  },
  async undo({ ports, plan, state, signal }) {
    await ports.admin(byRole(plan.target, 'catalogue').id).control({ action: 'unpublish' }, signal)
    state.published = null
  },
})
