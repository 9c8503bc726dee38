/** The target that the embedded stack is: the reference kind, with every partner simulated. Without a cutover there is one edge, and both addresses are its. */
import { Target, type SystemRole, type TargetSystem } from '../../contracts/target.ts'
import { firstEdge, httpUrl, PORTAL_HOST, PORTS, type Addresses, type EdgeId, type ServiceId } from './addresses.ts'

/** The party of the runbook that answers for a service. */
const SERVICE_UNITS: Record<ServiceId, string> = {
  portal: 'portal-operator', legacy: 'legacy-operator', coordination: 'portal-operator', catalogue: 'portal-operator',
  payments: 'payment-operator', notifications: 'portal-operator', feedback: 'portal-operator', statistics: 'portal-operator',
}

export function targetOf(addresses: Addresses, options: {
  services: readonly ServiceId[]; databases: Readonly<Record<string, string>>; simulators: boolean; edges: readonly EdgeId[]
}): Target {
  const simulated = (id: string, role: SystemRole, unit: string, rest: Partial<TargetSystem>): TargetSystem => ({ id, role, mode: 'simulated', unit, ...rest })
  const served = (host: string) => ({ url: httpUrl(host), admin: httpUrl(host, PORTS.admin) })
  const network = (id: string) => ({ admin: `${httpUrl(addresses.dnsAuthority, PORTS.admin)}/${id}` })
  return Target.parse({
    version: 1, name: 'embedded', kind: 'reference', portalHost: PORTAL_HOST,
    addresses: { old: addresses.edges[firstEdge(options.edges)], new: addresses.edges['edge-new'] },
    regions: addresses.regions.map(({ id, gateway, resolver, resolverProfile }) => ({
      id, gateway: httpUrl(gateway), resolver: { host: resolver, port: PORTS.dns, profile: resolverProfile },
    })),
    systems: [
      ...options.services.map((id) => simulated(id, id, SERVICE_UNITS[id], { ...served(addresses.services[id]), database: options.databases[id] })),
      ...options.simulators ? Object.entries(addresses.simulators).map(([id, host]) => simulated(id, roleOf(id), unitOf(id), served(host))) : [],
      ...options.edges.map((id) => simulated(id, 'edge', 'infrastructure', { url: httpUrl(addresses.edges[id]), ...network(id) })),
      ...addresses.regions.map(({ id }) => simulated(`resolver-${id}`, 'resolver', 'infrastructure', network(`resolver-${id}`))),
      simulated('dns-authority', 'dns-authority', 'infrastructure', network('dns-authority')),
      ...addresses.regions.map(({ id, gateway }) => simulated(`gateway-${id}`, 'gateway', 'infrastructure', { url: httpUrl(gateway), ...network(`gateway-${id}`) })),
    ],
  })
}

function roleOf(id: string): SystemRole {
  if (id.startsWith('partner-')) return 'partner'
  return id.startsWith('bank-') ? 'bank' : id as 'vneid' | 'sms'
}

function unitOf(id: string): string {
  const role = roleOf(id)
  return role === 'vneid' ? 'vneid-operator' : role === 'sms' ? 'telecom' : role
}
