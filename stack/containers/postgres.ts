/** The two PostgreSQL servers, Debian's own: durable as in production, sized as the embedded one; each keeps its cluster in a volume of the run. */
import { POSTGRES_SETTINGS } from '../postgres-settings.ts'
import { DATABASE_USER, PORTS } from '../parts.ts'
import type { PostgresId } from './addresses.ts'
import type { ContainerSpec } from './spec.ts'

/** Room for shared buffers and a backend for each connection. */
const MEMORY_MB = 1_024

export function postgresSpec(id: PostgresId, { password, zones }: { password: string; zones: ContainerSpec['zones'] }): ContainerSpec {
  const settings = Object.entries({ ...POSTGRES_SETTINGS, listen_addresses: '*', port: String(PORTS.postgres) }).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  return {
    name: id, image: 'postgres', command: [DATABASE_USER, ...settings], zones, memoryMb: MEMORY_MB,
    files: [{ path: '/run/tongduyet/password', content: `${password}\n` }],
    volume: { target: '/var/lib/postgresql/data' },
  }
}

export function postgresUrl(host: string, password: string): string {
  return `postgresql://${DATABASE_USER}:${password}@${host}:${PORTS.postgres}/postgres`
}
