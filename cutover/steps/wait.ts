/** `wait {for}`: lets scenario time pass, so that caches grow old. */
import { z } from 'zod'
import { Duration, parseDurationMs } from '../../contracts/duration.ts'
import { stepAction } from './step-action.ts'

export const waitStep = stepAction({
  id: 'wait',
  schema: z.strictObject({ for: Duration }),
  describe: (params) => ({ vi: `Chờ ${params.for}`, en: `Wait ${params.for}` }),
  async run({ ports, signal }, params) {
    await ports.clock.sleep(parseDurationMs(params.for)! / ports.clock.plan.timeScale, signal)
  },
  waitsOnly: true,
  undo: null,
})
