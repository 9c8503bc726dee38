/**
 * Remembers how each system was set through its administration interface: its clock, whether it is open, its zone, its rules. A process that was started anew stands as
 * on its first day; whoever runs it sets it again as it was.
 */
import type { Control } from '../contracts/api/admin.ts'
import type { NightClock } from './clock.ts'
import type { AdminPort } from './ports.ts'

const READY_WITHIN_MS = 20_000
const LOOK_EVERY_MS = 50

export type Settings = {
  admin: (systemId: string) => AdminPort
  /** Waits until the system serves, then sets it as it was. Throws where it does not serve in time. */
  setAgain: (systemId: string, clock: NightClock) => Promise<void>
}

export function rememberSettings(admin: (systemId: string) => AdminPort): Settings {
  const settings = new Map<string, Map<string, Control>>()
  return {
    admin: (systemId) => ({
      ...admin(systemId),
      async control(control) {
        const answer = await admin(systemId).control(control)
        const key = keyOf(control)
        if (key !== null) {
          if (!settings.has(systemId)) settings.set(systemId, new Map())
          const own = settings.get(systemId)!
          // What a tuning leaves out stays as it was.
          own.set(key, control.action === 'waf.tune' ? { ...own.get(key), ...control } : control)
        }
        return answer
      },
    }),
    async setAgain(systemId, clock) {
      const own = settings.get(systemId)
      if (!own) return
      const latest = clock.nowMs() + READY_WITHIN_MS
      while (!await admin(systemId).ready()) {
        if (clock.nowMs() > latest) throw new Error(`${systemId} does not serve again within ${READY_WITHIN_MS / 1_000} s`)
        await clock.sleep(LOOK_EVERY_MS)
      }
      for (const control of own.values()) await admin(systemId).control(control)
    },
  }
}

/** Of the same key the last one holds; null for what only asks or only happens. */
function keyOf(control: Control): string | null {
  switch (control.action) {
    case 'clock': case 'mode': case 'waf.set': case 'waf.tune': case 'connections.close': case 'certificate.set': case 'connect': case 'limit': case 'behave': return control.action
    case 'zone.set': case 'resolver.pin': return `${control.action}/${control.name}`
    case 'bank.available': return `${control.action}/${control.bankCode}`
    case 'publish': case 'unpublish': return 'published'
    case 'clock.advance': case 'clock.set': case 'zone.get': case 'waf.get': case 'resolver.flush': case 'resolver.stale': case 'keys.rotate': case 'sessions.end': return null
  }
}
