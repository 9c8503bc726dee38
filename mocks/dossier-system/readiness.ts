/**
 * How ready a simulated dossier system is (004, facts section 4). Ready in all as a rule; a configuration may start it without one or another criterion:
 * not live (503 to everybody), procedures not configured (422), no connection with the portal (forwarded dossiers are refused, `connect` has no effect).
 */
import { PROCEDURES } from '../../contracts/reference/procedures.ts'
import { SimulatedReadiness, type Criterion } from '../../contracts/reference/readiness.ts'

export type ReadinessGate = ReturnType<typeof createReadinessGate>

export function createReadinessGate(options: SimulatedReadiness = {}) {
  const { live, unconfigured, connectable } = SimulatedReadiness.parse(options)
  const missing = new Set(unconfigured === 'all' ? PROCEDURES.map(({ code }) => code) : unconfigured)
  return {
    live,
    connectable,
    unconfigured: [...missing],
    isConfigured: (procedureCode: string) => missing.size === 0 || (unconfigured !== 'all' && !missing.has(procedureCode)),
    criteria: (state: { connected: boolean; dossiers: number }): Record<Criterion, boolean> => ({
      live, configured: missing.size === 0, connected: connectable && state.connected, realDossiers: state.dossiers > 0,
    }),
  }
}
