/**
 * What the cutover room is handed from outside: the systems' administration, DNS, the running history, the migration, the load.
 * Steps, metrics and faults reach the world through these alone.
 */
import type { Behaviour, Control, Stats } from '../contracts/api/admin.ts'
import type { EvidenceMode } from '../contracts/evidence.ts'
import type { ControlAct } from '../contracts/target/control.ts'
import type { OperationKind } from '../contracts/kinds.ts'
import type { Target } from '../contracts/target.ts'
import type { NightClock } from './clock.ts'

export type AdminPort = {
  ready(): Promise<boolean>
  /** The system's answer; throws an `AdminError` where it refuses or cannot be reached. */
  control(control: Control, signal?: AbortSignal): Promise<Record<string, unknown>>
  pending(): Promise<number>
  stats(): Promise<Stats>
  /** Raw NDJSON rows in batches; throws where the body ends without its end line or with another count. */
  evidence(mode: EvidenceMode, signal?: AbortSignal): AsyncIterable<string[]>
  /** Whether the target says how this can be done there. */
  offers(act: ControlAct): boolean
}
export type { Behaviour }

export type DnsAnswer = { rcode: string; address: string | null; ttlS: number | null }
export type DnsPort = {
  /** One real query to the region's resolver; null where no answer came in time. */
  ask(region: string, name: string): Promise<DnsAnswer | null>
}

export type LiveQuery = {
  kinds: readonly OperationKind[]
  /** Wall epoch ms: lines completed since then. */
  since: number
}
export type LivePort = {
  counts(query: LiveQuery): { ok: number; fail: number; info: number }
  /** Wall ms from invocation to completion, nearest rank; null without samples. */
  latencyMs(query: LiveQuery, quantile: number): { value: number; samples: number } | null
  /** Of the operations begun in that time: those whose end nobody knows, and those that took longer than so many ms (SLOW_MS at least). */
  touched(span: { from: number; to: number; slowerThanMs?: number }): { unknown: number; slow: number }
  /** Dossier pushes of a partner that the portal acknowledged, and those of which nobody knows. */
  pushesOf(partner: string): { acknowledged: number; unknown: ReadonlySet<string> }
  /** Completion of the last operation that was answered yes; null before the first. */
  lastAcknowledgedAt(): number | null
}

export type MigrationProgress = (done: number, total: number | null) => void
export type MigrationOptions = { mapping: string; onProgress: MigrationProgress; signal: AbortSignal }
export type MigrationPort = {
  bulk(options: MigrationOptions): Promise<Record<string, number>>
  delta(options: MigrationOptions): Promise<Record<string, number>>
  verify(options: MigrationOptions): Promise<{ compared: number; mismatches: number; examples: readonly string[] }>
  advanceNumbers(options: MigrationOptions): Promise<Record<string, number>>
  undo(options: MigrationOptions): Promise<Record<string, number>>
}

export type LoadPort = {
  stop(): Promise<void>
  /** Settles when the load has ended, by itself or because it was stopped. */
  ended: Promise<void>
}

export type CutoverPorts = {
  target: Target
  clock: NightClock
  admin(systemId: string): AdminPort
  dns: DnsPort
  live: LivePort
  migration: MigrationPort
  load: LoadPort
}
