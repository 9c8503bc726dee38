/**
 * The target: where every system is, how its state is read, how it may be steered. All rooms outside `stack/` reach the system under test
 * only through this. Embedded and container stacks write one for themselves; a real staging system gets one by hand.
 */
import { z } from 'zod'
import { Slug } from './ids.ts'

export const SystemMode = z.enum(['real', 'simulated', 'absent'])
export type SystemMode = z.infer<typeof SystemMode>

export const SYSTEM_ROLES = [
  'portal', 'legacy', 'coordination', 'catalogue', 'payments', 'notifications', 'statistics', 'feedback',
  'vneid', 'bank', 'sms', 'partner', 'edge', 'resolver', 'dns-authority', 'gateway',
] as const
export const SystemRole = z.enum(SYSTEM_ROLES)
export type SystemRole = z.infer<typeof SystemRole>

export const TargetSystem = z.strictObject({
  /** `portal`, `legacy`, `bank-vcb`, `partner-justice`, `edge-new`, `resolver-north`, …: also the evidence file's name. */
  id: Slug,
  role: SystemRole,
  mode: SystemMode,
  /** Business address, e.g. http://127.64.1.1:8080 */
  url: z.url().optional(),
  /** Base of the administration interface (`contracts/api/admin.ts`): readiness, evidence, statistics, control. Never reachable through an edge. */
  admin: z.url().optional(),
  /** PostgreSQL URL for readers and faults; left out of plan.json where it holds a password. */
  database: z.string().optional(),
  /** The party of the runbook that answers for it. */
  unit: Slug,
})
export type TargetSystem = z.infer<typeof TargetSystem>

export const TargetRegion = z.strictObject({
  id: Slug,
  /** Citizens of the region connect here (TCP), with `Host: <portalHost>`. */
  gateway: z.url(),
  /** Its caching resolver, DNS over UDP. */
  resolver: z.strictObject({ host: z.string(), port: z.int(), profile: z.enum(['honest', 'ttl-floor', 'serve-stale']) }),
})
export type TargetRegion = z.infer<typeof TargetRegion>

export const Target = z.strictObject({
  version: z.literal(1),
  name: z.string(),
  /** `reference`: the product's own stack. */
  kind: z.enum(['reference', 'foreign']),
  /** Load and faults go nowhere else. */
  allow: z.array(z.string()).default(['127.0.0.0/8', '::1/128']),
  portalHost: z.string(),
  /** The portal's two addresses in DNS. */
  addresses: z.strictObject({ old: z.string(), new: z.string() }),
  regions: z.array(TargetRegion).min(1),
  systems: z.array(TargetSystem).min(1),
})
export type Target = z.infer<typeof Target>

export function systemOf(target: Target, id: string): TargetSystem {
  const system = target.systems.find((candidate) => candidate.id === id)
  if (!system) throw new Error(`the target has no system "${id}"`)
  return system
}
