/** The target that a reference stack is, with every partner simulated. Without a cutover there is one edge, and both addresses are its. */
import type { z } from 'zod'
import { Target, type SystemRole, type TargetRegion, type TargetSystem } from '../contracts/target.ts'
import { firstEdge, httpUrl, PORTAL_HOST, PORTS, type EdgeId, type Places, type ServiceId } from './parts.ts'

/** The party of the runbook that answers for a service. */
const SERVICE_UNITS: Record<ServiceId, string> = {
  portal: 'portal-operator', legacy: 'legacy-operator', coordination: 'portal-operator', catalogue: 'portal-operator',
  payments: 'payment-operator', notifications: 'portal-operator', feedback: 'portal-operator', statistics: 'portal-operator',
}

/** `networkAdmin`: administration base of an edge, a resolver (`resolver-north`), the authority (`dns-authority`) or a gateway. `gateways`: without them citizens resolve the portal's name themselves. */
export function targetOf({ name, allow, places, services, edges, databases, simulators, regions, networkAdmin, gateways }: {
  name: string; allow?: readonly string[]; places: Places
  services: readonly ServiceId[]; edges: readonly EdgeId[]; databases: Readonly<Record<string, string>>; simulators: boolean
  regions: readonly TargetRegion[]; networkAdmin: (id: string) => string; gateways: boolean
}): Target {
  const simulated = (id: string, role: SystemRole, unit: string, rest: Partial<TargetSystem>): TargetSystem => ({ id, role, mode: 'simulated', unit, ...rest })
  const served = (host: string) => ({ url: httpUrl(host), admin: httpUrl(host, PORTS.admin) })
  const network = (id: string, role: SystemRole, url?: string) => simulated(id, role, 'infrastructure', { ...(url !== undefined && { url }), admin: networkAdmin(id) })
  return Target.parse({
    version: 1, name, kind: 'reference', portalHost: PORTAL_HOST, ...(allow && { allow: [...allow] }),
    addresses: { old: places.edges[firstEdge(edges)], new: places.edges['edge-new'] },
    regions: [...regions],
    systems: [
      ...services.map((id) => simulated(id, id, SERVICE_UNITS[id], { ...served(places.services[id]), ...(databases[id] !== undefined && { database: databases[id] }) })),
      ...simulators ? Object.entries(places.simulators).map(([id, host]) => simulated(id, roleOf(id), unitOf(id), served(host))) : [],
      ...edges.map((id) => network(id, 'edge', httpUrl(places.edges[id]))),
      ...regions.map(({ id }) => network(`resolver-${id}`, 'resolver')),
      network('dns-authority', 'dns-authority'),
      ...gateways ? regions.map(({ id, gateway }) => network(`gateway-${id}`, 'gateway', gateway)) : [],
    ],
  } satisfies z.input<typeof Target>)
}

function roleOf(id: string): SystemRole {
  if (id.startsWith('partner-')) return 'partner'
  return id.startsWith('bank-') ? 'bank' : id as 'vneid' | 'sms'
}

function unitOf(id: string): string {
  const role = roleOf(id)
  return role === 'vneid' ? 'vneid-operator' : role === 'sms' ? 'telecom' : role
}
