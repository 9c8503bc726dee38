/** What the night knows of itself beside what can be measured: results of the migration, what was published, who is connected, when the switch was. */
export type NightState = {
  migration: { copied: number | null; remaining: number | null; compared: number | null; mismatches: number | null }
  published: number | null
  /** What the firewall did with the standard set of attacks. */
  waf: { attacks: number | null; blocked: number | null }
  connected: Set<string>
  /** Wall epoch ms of the DNS switch. */
  switchedAt: number | null
  /** Scenario ms for which the steady state has held without a break; null while nothing was measured. */
  steadyHeldForMs: () => number | null
}

export function newNightState(): NightState {
  return {
    migration: { copied: null, remaining: null, compared: null, mismatches: null },
    published: null, waf: { attacks: null, blocked: null }, connected: new Set(), switchedAt: null, steadyHeldForMs: () => null,
  }
}
