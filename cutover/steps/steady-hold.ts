/** `steady.hold {for}`: done when the runbook's steady state has held without a break for this long, the time before the step included. */
import { z } from 'zod'
import { Duration, parseDurationMs } from '../../contracts/duration.ts'
import { stepAction } from './step-action.ts'

const POLL_MS = 100

export const steadyHoldStep = stepAction({
  id: 'steady.hold',
  schema: z.strictObject({ for: Duration }),
  describe: (params) => ({ vi: `Trạng thái ổn định giữ được ${params.for}`, en: `The steady state holds for ${params.for}` }),
  async run({ ports, state, facts, signal }, params) {
    const wanted = parseDurationMs(params.for)!
    for (;;) {
      const held = state.steadyHeldForMs()
      facts['heldForMs'] = held === null ? null : Math.round(held)
      if (held !== null && held >= wanted) return
      await ports.clock.sleep(POLL_MS, signal)
    }
  },
  waitsOnly: true,
  undo: null,
})
