/** What the network process of an embedded run is told. */
import { join } from 'node:path'
import { PARTNERS } from '../../contracts/reference/partners.ts'
import type { RunSettings } from '../configs.ts'
import type { NetworkConfig } from '../network/index.ts'
import { BEHIND, FIRST_TTL_S, firstEdge, httpUrl, PORTAL_HOST, PORTS, ZONE_ORIGIN, type EdgeId } from '../parts.ts'
import type { Addresses } from './addresses.ts'

/** `rulesDirectory`: holds `<edge>.json`, the WAF rules of each edge. */
export function networkConfig(addresses: Addresses, rulesDirectory: string, edgeIds: readonly EdgeId[], { scenarioStartMs }: Pick<RunSettings, 'scenarioStartMs'>): NetworkConfig {
  const { edges, services, regions, simulators, dnsAuthority } = addresses
  return {
    admin: { host: dnsAuthority, port: PORTS.admin }, scenarioStartMs, portalHost: PORTAL_HOST, portalPort: PORTS.http,
    dnsAuthority: { id: 'dns-authority', host: dnsAuthority, port: PORTS.dns, zone: {
      origin: ZONE_ORIGIN, nameserver: { name: `ns1.${ZONE_ORIGIN}`, address: dnsAuthority },
      hosts: [{ name: PORTAL_HOST, address: edges[firstEdge(edgeIds)], ttlS: FIRST_TTL_S }],
    } },
    regions: regions.map(({ id, resolver, resolverProfile, gateway, gatewayLocal }) => ({
      id,
      resolver: { id: `resolver-${id}`, host: resolver, port: PORTS.dns, profile: resolverProfile },
      gateway: { id: `gateway-${id}`, host: gateway, port: PORTS.http, localAddress: gatewayLocal },
    })),
    edges: edgeIds.map((id) => ({ id, host: edges[id], port: PORTS.http, upstream: httpUrl(services[BEHIND[id]]), rulesFile: join(rulesDirectory, `${id}.json`) })),
    origins: Object.fromEntries([
      ...regions.map(({ id, gatewayLocal }) => [gatewayLocal, { region: id, partner: null }] as const),
      ...PARTNERS.map(({ id }) => [simulators[`partner-${id}`]!, { region: null, partner: id }] as const),
    ]),
  }
}
