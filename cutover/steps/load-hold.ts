/** `load.hold {}`: the load goes on until the window's end, or until it was ended before (a breached criterion). */
import { z } from 'zod'
import { clockOffsetMs } from '../../contracts/duration.ts'
import { scenarioMs, wallOfOffset } from '../clock.ts'
import { stepAction } from './step-action.ts'

export const loadHoldStep = stepAction({
  id: 'load.hold',
  schema: z.strictObject({}),
  describe: () => ({ vi: 'Giữ tải đến hết khung giờ', en: 'Hold the load until the window ends' }),
  async run({ ports, plan, facts, signal }) {
    const { start, end } = plan.runbook.window
    const over = new AbortController()
    try {
      const due = wallOfOffset(ports.clock, clockOffsetMs(start, end))
      await Promise.race([ports.load.ended, ports.clock.sleep(due - ports.clock.nowMs(), AbortSignal.any([signal, over.signal]))])
    } finally { over.abort(new Error('held no longer')) }
    facts['heldUntil'] = Math.round(scenarioMs(ports.clock))
  },
  waitsOnly: true,
  undo: null,
})
