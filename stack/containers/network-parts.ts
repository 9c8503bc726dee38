/** The network's parts as containers: the product's own edge, resolvers and authority. */
import { PARTNERS } from '../../contracts/reference/partners.ts'
import { REGIONS, type Region } from '../../contracts/reference/regions.ts'
import { BEHIND, FIRST_TTL_S, firstEdge, httpUrl, PORTAL_HOST, PORTS, ZONE_ORIGIN, type EdgeId } from '../parts.ts'
import type { AddressPlan } from './addresses.ts'
import { nodeSpec } from './node-process.ts'
import type { PartConfig } from './network-process.ts'
import type { ContainerSpec } from './spec.ts'

export const DNS_PORT = 53
const ENTRY = 'stack/containers/network-process.ts'
const RULES_FILE = '/run/tongduyet/waf.json'
const OLD_SPACE_MB = 256
const ANY = '0.0.0.0'

const spec = (name: string, config: PartConfig, zones: ContainerSpec['zones'], files: ContainerSpec['files'] = []) => nodeSpec({ name, entry: ENTRY, config, zones, maxOldSpaceMb: OLD_SPACE_MB, files })

export function edgeSpec(id: EdgeId, plan: AddressPlan, rules: string): ContainerSpec {
  const behind = plan.ofEdge(id).services[BEHIND[id]]
  return spec(id, {
    kind: 'edge', adminPort: PORTS.admin, edge: { id, host: ANY, port: PORTS.http, upstream: httpUrl(behind), rulesFile: RULES_FILE },
    origins: Object.fromEntries([
      ...REGIONS.flatMap(({ id: region }) => plan.zonesOf.load(region).map(({ address }) => [address, { region, partner: null }] as const)),
      ...PARTNERS.map(({ id: partner }) => [plan.simulators[`partner-${partner}`]!, { region: null, partner }] as const),
    ]),
  }, plan.zonesOf.edge(id), [{ path: RULES_FILE, content: rules, mode: 0o666 }])
}

export function resolverSpec({ id: region, resolverProfile }: Region, plan: AddressPlan, scenarioStartMs: number): ContainerSpec {
  const id = `resolver-${region}`
  return spec(id, {
    kind: 'resolver', adminPort: PORTS.admin, resolver: { id, host: ANY, port: DNS_PORT, profile: resolverProfile },
    authority: { host: plan.zonesOf.authority()[0]!.address, port: DNS_PORT }, scenarioStartMs,
  }, plan.zonesOf.resolver(region))
}

export function authoritySpec(plan: AddressPlan, edges: readonly EdgeId[]): ContainerSpec {
  const zones = plan.zonesOf.authority()
  return spec('dns-authority', {
    kind: 'authority', adminPort: PORTS.admin, authority: { id: 'dns-authority', host: ANY, port: DNS_PORT, zone: {
      origin: ZONE_ORIGIN, nameserver: { name: `ns1.${ZONE_ORIGIN}`, address: zones[0]!.address },
      hosts: [{ name: PORTAL_HOST, address: plan.places.edges[firstEdge(edges)], ttlS: FIRST_TTL_S }],
    } },
  }, zones)
}
