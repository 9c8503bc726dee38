import { afterEach, describe, expect, it } from 'vitest'
import { systemClock } from '../clock.ts'
import { ManualClock } from '../engine/manual-clock.ts'
import { openAdminStand, type AdminStand } from './admin-stand.ts'
import { drain, waitForBounds } from './drain.ts'

let stand: AdminStand | undefined
afterEach(async () => { await stand?.close(); stand = undefined })
const PLAN = { startedAtMs: 0, timeScale: 1, scenarioStartMs: 0 }
const clock = systemClock(PLAN)

describe('drain', () => {
  it('waits until nothing is pending anywhere, twice in a row', async () => {
    // An item moves from the portal to coordination between two rounds: one quiet round would miss it.
    const portal = [3, 1, 0, 0, 0]
    const coordination = [0, 0, 0, 2, 0, 0, 0]
    let asked = 0
    stand = await openAdminStand({
      portal: { role: 'portal', handlers: { pending: () => portal.shift() ?? 0 } },
      coordination: { role: 'coordination', handlers: { pending: () => { asked += 1; return coordination.shift() ?? 0 } } },
    })
    expect(await drain({ target: stand.target, admin: stand.client.of, clock, timeoutMs: 20_000 })).toEqual({ drained: true, pending: {} })
    expect(asked).toBe(6)
  })

  it('gives up at its time and names what was left, also what could not be asked', async () => {
    stand = await openAdminStand({ portal: { role: 'portal', handlers: { pending: () => 5 } }, legacy: { role: 'legacy' }, sms: { role: 'sms', admin: 'http://127.0.0.1:1' } })
    expect(await drain({ target: stand.target, admin: stand.client.of, clock, timeoutMs: 100 })).toEqual({ drained: false, pending: { portal: 5, sms: null } })
  })
})

describe('waitForBounds', () => {
  it('waits for the largest bound after the last acknowledgement, not longer', async () => {
    const manual = new ManualClock({ ...PLAN, startedAtMs: 1_000 })
    await manual.until(waitForBounds({ clock: manual, lastAcknowledgedAt: 900, boundsWallMs: { sms: 2_000, receipt: 4_300 } }))
    expect(manual.nowMs()).toBe(900 + 4_300 + 250)
    await manual.until(waitForBounds({ clock: manual, lastAcknowledgedAt: 900, boundsWallMs: { sms: 2_000 } }))
    expect(manual.nowMs()).toBe(5_450)
  })
  it('has nothing to wait for where nothing was acknowledged', async () => {
    const manual = new ManualClock(PLAN)
    await manual.until(waitForBounds({ clock: manual, lastAcknowledgedAt: null, boundsWallMs: { sms: 2_000 } }))
    expect(manual.nowMs()).toBe(0)
  })
})
