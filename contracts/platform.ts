/**
 * What a stack lets be done to its real parts, for those who rehearse with broken ones: processes, the network between them, a database's disk and its
 * standby, the certificate that a part shows. Parts are called as the stack calls them (`portal`, `edge-new`, `postgres-new`); a partner (`bank-vcb`) is a part where the stack was told to run it by itself, and an
 * end of the network in any case, as a zone is. Everything that is taken away can be given back, also when only half of it was taken; giving back
 * what was never taken does nothing. What this machine or this stack cannot do fails with PLATFORM_CANNOT and its reason; it is found out by trying.
 */
import { PARTNERS } from './reference/partners.ts'
import { REGIONS } from './reference/regions.ts'

export const PLATFORM_FEATURES = ['processes', 'network', 'network-loss', 'network-delay', 'database-disk', 'database-standby', 'certificates'] as const
export type PlatformFeature = (typeof PLATFORM_FEATURES)[number]

/** Of the reference stack, as every way to run it with real parts calls them. */
export const STACK_PARTS = [
  'portal', 'legacy', 'coordination', 'catalogue', 'payments', 'notifications', 'feedback', 'statistics', 'edge-new', 'edge-old', 'dns-authority',
  ...REGIONS.map(({ id }) => `resolver-${id}`), 'partners', 'postgres-new', 'postgres-old',
] as const
/** Simulated, all in the part `partners`; one that something is to be done to is a part of its own in that run. */
export const STACK_PARTNERS: readonly string[] = ['vneid', 'bank-vcb', 'bank-bidv', 'sms', ...PARTNERS.map(({ id }) => `partner-${id}`)]
/** Partners come to them over TLS. */
export const STACK_TLS_PARTS = ['edge-new'] as const
export const STACK_DATABASES = ['postgres-new', 'postgres-old'] as const
/** Ends of the network: parts, partners, and zones with all that is at home in them. */
export const STACK_ENDS: readonly string[] = [
  ...STACK_PARTS, ...STACK_PARTNERS,
  ...REGIONS.map(({ id }) => `zone-citizens-${id}`), 'zone-edge', 'zone-portal', 'zone-legacy', 'zone-partners',
]

export type ReplicationMode = 'sync' | 'async'

export type PartTls = {
  /** Where a handshake is made with it. */
  host: string; port: number
  /** PEM: what it shows as long as nobody has it show another. */
  certificate: string
  /** PEM: another one of the run's own authority for the same key, in no way different but for its end (epoch ms). */
  certificateUntil: (untilMs: number) => string
}

export type StackPlatform = {
  parts: readonly string[]
  /** Asked to end, as by an operator: what it has in hand it may finish. */
  stop: (part: string) => Promise<void>
  /** At once, in the middle of whatever it does. */
  kill: (part: string) => Promise<void>
  /** Runs again, with what it had on its disk; settles when it has started, not when it serves. */
  start: (part: string) => Promise<void>
  /** Stands still: its connections stay, and nobody answers on them. */
  pause: (part: string) => Promise<void>
  unpause: (part: string) => Promise<void>

  /** Nothing passes between the two ends any more, in either direction, and neither is told. */
  cut: (from: string, to: string) => Promise<void>
  mend: (from: string, to: string) => Promise<void>
  /** Of all packets that the part gets from other parts, this share is lost. */
  lose: (part: string, share: number) => Promise<void>
  /** All that the part sends to other parts leaves it so much later. */
  delay: (part: string, ms: number) => Promise<void>
  /** Ends loss and delay. */
  calm: (part: string) => Promise<void>

  /** No byte is free on the volume of the database any more. */
  fillDisk: (database: string) => Promise<void>
  /** Gives the space back and, where the database could not go on without it, starts it again. Settles when it takes connections. */
  freeDisk: (database: string) => Promise<void>

  /** A second server that follows the database; settles when it has all that the first one has. */
  addStandby: (database: string) => Promise<void>
  /** `sync`: what is acknowledged from now on stands on both. Settles when that is so. */
  replicate: (database: string, mode: ReplicationMode) => Promise<void>
  /** The standby gets nothing more; the database does not wait for it. */
  holdReplication: (database: string) => Promise<void>
  /** The database is killed, the standby takes its place and its address. Settles when it takes writes. The old one never comes back. */
  failOver: (database: string) => Promise<void>

  /** What to have a part show that speaks TLS. */
  tls: (part: string) => PartTls
}
