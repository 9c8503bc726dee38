/** A system that was started anew is set as it was, by what it was last told of each kind, on a real administration server. */
import { afterEach, expect, it } from 'vitest'
import type { Control } from '../contracts/api/admin.ts'
import { systemClock } from './clock.ts'
import { openAdminStand, type AdminStand } from './evidence/admin-stand.ts'
import { rememberSettings } from './settings.ts'

let stand: AdminStand
afterEach(() => stand.close())
const clock = systemClock({ startedAtMs: 0, timeScale: 1, scenarioStartMs: 0 })

it('tells it the last of each kind again, in order, and nothing that only asked or was refused', async () => {
  let looks = 0
  stand = await openAdminStand({
    portal: { role: 'portal', handlers: { ready: () => (looks += 1) > 2, control: (control) => { if (control.action === 'limit') throw new Error('no'); return {} } } }, sms: { role: 'sms' },
  })
  const { admin, setAgain } = rememberSettings(stand.client.of)
  const begun: Control = { action: 'clock', startedAtMs: 1, timeScale: 140, scenarioStartMs: 2 }
  for (const control of [begun, { action: 'mode', mode: 'closed' }, { action: 'zone.set', name: 'a', ttlS: 5 }, { action: 'zone.get', name: 'a' }, { action: 'mode', mode: 'open' }, { action: 'zone.set', name: 'b', ttlS: 6 }] satisfies Control[]) {
    await admin('portal').control(control)
  }
  await expect(admin('portal').control({ action: 'limit', queueMs: 0 })).rejects.toThrow('portal')
  await admin('sms').control({ action: 'behave', behaviours: [] })
  stand.controls.length = 0
  await setAgain('portal', clock)
  expect(looks).toBe(3)
  expect(stand.controls.map(({ system, control }) => [system, control])).toEqual([
    ['portal', begun], ['portal', { action: 'mode', mode: 'open' }], ['portal', { action: 'zone.set', name: 'a', ttlS: 5 }], ['portal', { action: 'zone.set', name: 'b', ttlS: 6 }],
  ])
  await setAgain('nobody-told-it-anything', clock)
  expect(await admin('portal').pending()).toBe(0)
})
