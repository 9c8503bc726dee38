/** The parts that every way to run the reference stack has: services, edges, simulated platforms, their ports and the names of the portal. */
import { STACK_PARTNERS } from '../contracts/platform.ts'

export const PORTS = { http: 8080, https: 8443, admin: 9090, dns: 5300, postgres: 5432, lock: 7000 } as const
export const PORTAL_HOST = 'portal.dvcqg.test'
export const ZONE_ORIGIN = 'dvcqg.test'
/** An hour, as portals have it in quiet times; the runbook lowers it. */
export const FIRST_TTL_S = 1_800

export const SERVICE_IDS = ['portal', 'legacy', 'coordination', 'catalogue', 'payments', 'notifications', 'feedback', 'statistics'] as const
export type ServiceId = (typeof SERVICE_IDS)[number]
/** What it counts, others hold. */
export const WITHOUT_DATABASE: readonly ServiceId[] = ['statistics']
export const DATABASE_USER = 'tongduyet'

export const EDGE_IDS = ['edge-new', 'edge-old'] as const
export type EdgeId = (typeof EDGE_IDS)[number]
/** The portal behind each edge. */
export const BEHIND: Record<EdgeId, ServiceId> = { 'edge-new': 'portal', 'edge-old': 'legacy' }

/** System ids of the simulated partners. */
export const SIMULATOR_IDS = STACK_PARTNERS

/** Hosts of the parts, as one of them or the harness reaches them. Embedded all see the same; in containers each sees them in the zones that it shares with them. */
export type Places = {
  services: Readonly<Record<ServiceId, string>>
  edges: Readonly<Record<EdgeId, string>>
  simulators: Readonly<Record<string, string>>
}

/** Without a cutover there is no old portal. */
export function partsOf(cutover: boolean): { services: readonly ServiceId[]; edges: readonly EdgeId[] } {
  return cutover ? { services: SERVICE_IDS, edges: EDGE_IDS } : { services: SERVICE_IDS.filter((id) => id !== 'legacy'), edges: ['edge-new'] }
}

/** Where the portal's name leads before anybody switches it. */
export function firstEdge(edges: readonly EdgeId[]): EdgeId { return edges.includes('edge-old') ? 'edge-old' : 'edge-new' }

export function httpsUrl(host: string): string { return `https://${host}:${PORTS.https}` }
export function httpUrl(host: string, port: number = PORTS.http): string { return `http://${host}:${port}` }
