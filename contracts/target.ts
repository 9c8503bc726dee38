/**
 * The target: where every system is, how its state is read, how it may be steered. All rooms outside `stack/` reach the system under test
 * only through this. Embedded and container stacks write one for themselves; a real staging system gets one by hand (docs/targets.md).
 */
import { z } from 'zod'
import { Slug } from './ids.ts'
import { SecretRef } from './secret-ref.ts'
import { Auth } from './target/auth.ts'
import { ControlWay, ControlWays, type ControlAct } from './target/control.ts'
import { May, SystemMay } from './target/may.ts'
import { Read } from './target/read.ts'

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
  /** PostgreSQL URL for migration and faults; in a file by reference (`env:…`, `file:…`). Left out of plan.json. */
  database: z.string().optional(),
  /** The party of the runbook that answers for it. */
  unit: Slug,
  /** Proves the caller, to `url` and to what `read` and `control` ask by HTTP. */
  auth: Auth.optional(),
  /** How its final state is read. Without it the administration interface is asked, where there is one; else nothing can be said of the system. */
  read: Read.optional(),
  /** How steps of a runbook act on it. Without it the administration interface is told, where there is one. */
  control: ControlWays.optional(),
  /** Less than the target as a whole allows. */
  may: SystemMay.optional(),
})
export type TargetSystem = z.infer<typeof TargetSystem>

export const TargetRegion = z.strictObject({
  id: Slug,
  /** Citizens of the region connect here (TCP), with `Host: <portalHost>`. */
  gateway: z.url(),
  /** Its caching resolver, DNS over UDP. */
  resolver: z.strictObject({ host: z.string(), port: z.int(), profile: z.enum(['honest', 'ttl-floor', 'serve-stale']) }),
  /** Where the gateway is the portal's own name: the port of this machine behind which the name is what the region's resolver says. Written by the harness. */
  entry: z.strictObject({ host: z.string(), port: z.int() }).optional(),
})
export type TargetRegion = z.infer<typeof TargetRegion>

/** How the portal's record is switched where no name server of ours is the authority. */
export const TargetDns = z.strictObject({
  switch: ControlWay,
  /** Asked for what is published now, DNS over UDP. */
  authority: z.strictObject({ host: z.string(), port: z.int().min(1).max(65_535).default(53) }),
  unit: Slug.default('infrastructure'),
})
export type TargetDns = z.infer<typeof TargetDns>

/**
 * Partners that are marked `simulated` and have no URL: the product serves them for as long as a run lasts, each at an address of its own of this machine, as the
 * systems of the target are configured to reach them.
 */
export const TargetSimulators = z.strictObject({
  /** Address by system id; all listen on the same port. */
  hosts: z.record(Slug, z.union([z.ipv4(), z.ipv6()])),
  port: z.int().min(1).max(65_535).default(8080), adminPort: z.int().min(1).max(65_535).default(9090),
  /** Where they push dossiers and statuses: the new portal. */
  portalSyncUrl: z.url({ protocol: /^https?$/ }),
  /** The key with which each signs, by system id (partners: by their own id). One that is not named gets a key that nobody else knows. */
  keys: z.record(z.string(), SecretRef).default({}),
  /** Of the portal, where `vneid` is simulated. */
  vneidClient: z.strictObject({ clientId: z.string(), clientSecret: SecretRef, redirectUris: z.array(z.url()).min(1) }).optional(),
})
export type TargetSimulators = z.infer<typeof TargetSimulators>

/** What a reference stack that runs by itself was started for. A rehearsal of another size would only run into its own deadlines. */
export const TargetPrepared = z.strictObject({
  stack: z.enum(['embedded', 'containers']),
  /** Name, or absolute path. */
  runbook: z.string(), profile: z.string(),
  /** False: the new portal alone is there. */
  cutover: z.boolean(),
  /** Of the old portal, to be migrated. */
  legacyDossiers: z.int().min(0),
})
export type TargetPrepared = z.infer<typeof TargetPrepared>

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
  /** What may be done. */
  may: May.optional(),
  dns: TargetDns.optional(),
  simulators: TargetSimulators.optional(),
  /** The highest time scale that its clocks follow. In a file 1 where it is not said: real systems know one clock. */
  timeScale: z.number().min(1).max(10_000).optional(),
  /** PEM file of an authority that signed its certificates, beside those that the machine trusts. */
  certificateAuthority: z.string().optional(),
  /** Written by `stack up`; a real system has none. */
  prepared: TargetPrepared.optional(),
  /** Addresses of allowed hosts that are names, looked up before the start: nothing is sent to others. Written by the harness. */
  pinned: z.record(z.string(), z.array(z.string())).optional(),
  /** Personal fields are pseudonyms in all records of the run. Written by the harness. */
  pseudonyms: z.boolean().optional(),
})
export type Target = z.infer<typeof Target>

export function systemOf(target: Target, id: string): TargetSystem {
  const system = target.systems.find((candidate) => candidate.id === id)
  if (!system) throw new Error(`the target has no system "${id}"`)
  return system
}

/** Read by nobody: nothing can be said of what it holds. */
export function hasReader(system: TargetSystem): boolean { return system.mode !== 'absent' && (system.read !== undefined || system.admin !== undefined) }

/** The administration interface is there and is what reads it. */
export function isReadByAdmin(system: TargetSystem): boolean { return hasReader(system) && (system.read?.by ?? 'admin') === 'admin' }

/** Whether a step can act on it in this way: by a way of its own, or by the administration interface. */
export function offers(system: TargetSystem, act: ControlAct): boolean {
  return system.mode !== 'absent' && (system.control?.[act] !== undefined ? system.control[act].by !== 'admin' || system.admin !== undefined : system.admin !== undefined)
}

/** What the target as a whole allows; nothing but reading where a foreign file does not say it. */
export function permissionsOf(target: Target): May {
  if (target.may) return target.may
  return target.kind === 'reference' ? { write: true, control: true, faults: 'all' } : { write: false, control: false, faults: [] }
}
