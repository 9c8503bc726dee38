/**
 * The two PostgreSQL servers, Debian's own: durable as in production, sized as the embedded one; each keeps its cluster in a volume of the run. Where its disk is to become
 * full the volume has an end; where a standby is to take its place it writes what a standby needs.
 */
import { POSTGRES_SETTINGS } from '../postgres-settings.ts'
import { DATABASE_USER, PORTS } from '../parts.ts'
import type { PostgresId } from './addresses.ts'
import type { ContainerSpec } from './spec.ts'

/** Room for shared buffers and a backend for each connection. */
const MEMORY_MB = 1_024
const DATA = '/var/lib/postgresql/data'
/** Senders: the standby's, and that of its first copy. */
const REPLICATED: Readonly<Record<string, string>> = { wal_level: 'replica', max_wal_senders: '4', wal_keep_size: '1GB' }
/** Told to take over, it first sleeps out the time until it would have looked for its primary again: 5 s by default, and by chance 0 to 5 s of the failover. */
const FOLLOWING: Readonly<Record<string, string>> = { wal_retrieve_retry_interval: '100ms' }
/** By which the first server knows the one that follows it; whoever only copies it goes by another name. */
export const STANDBY_NAME = 'standby'

export type PostgresOptions = { password: string; zones: ContainerSpec['zones']; limitMb?: number | undefined; replicated?: boolean }

export function postgresSpec(id: PostgresId, { password, zones, limitMb, replicated = false }: PostgresOptions): ContainerSpec {
  return {
    // What lies in memory counts as the server's.
    name: id, image: 'postgres', command: commandOf(replicated ? REPLICATED : {}), zones, memoryMb: MEMORY_MB + (limitMb ?? 0), files: passwordFile(password),
    volume: { target: DATA, ...(limitMb !== undefined && { limitMb }) },
  }
}

export function standbySpec(id: PostgresId, { password, zones, primary }: { password: string; zones: ContainerSpec['zones']; primary: string }): ContainerSpec {
  return {
    name: `${id}-standby`, image: 'postgres', command: commandOf({ ...REPLICATED, ...FOLLOWING, cluster_name: STANDBY_NAME }), zones, memoryMb: MEMORY_MB, files: passwordFile(password), volume: { target: DATA },
    environment: { PRIMARY: primary },
  }
}

function commandOf(more: Readonly<Record<string, string>>): string[] {
  const settings = { ...POSTGRES_SETTINGS, ...more, listen_addresses: '*', port: String(PORTS.postgres) }
  return [DATABASE_USER, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])]
}

function passwordFile(password: string): ContainerSpec['files'] { return [{ path: '/run/tongduyet/password', content: `${password}\n` }] }

export function postgresUrl(host: string, password: string): string {
  return `postgresql://${DATABASE_USER}:${password}@${host}:${PORTS.postgres}/postgres`
}
