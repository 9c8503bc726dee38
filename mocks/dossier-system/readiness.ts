/**
 * How ready a simulated dossier system is (004, facts section 4). Ready in all as a rule; a configuration may start it without one or another criterion:
 * not live (503 to everybody), procedures not configured (422), no connection with the portal (forwarded dossiers are refused, `connect` has no effect).
 */
import { z } from 'zod'
import { PROCEDURES } from '../../contracts/reference/procedures.ts'
import type { Criterion } from '../../contracts/reference/readiness.ts'

export const ReadinessOptions = z.strictObject({
  live: z.boolean().default(true),
  /** Codes of procedures that are not configured, or all. */
  unconfigured: z.union([z.literal('all'), z.array(z.string())]).default([]),
  /** False: there is no connection that anybody could switch on. */
  connectable: z.boolean().default(true),
})
export type ReadinessOptions = z.input<typeof ReadinessOptions>
export type ReadinessGate = ReturnType<typeof createReadinessGate>

export function createReadinessGate(options: ReadinessOptions = {}) {
  const { live, unconfigured, connectable } = ReadinessOptions.parse(options)
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
