/** The network's parts as containers, told where the others are: an edge of nginx in front of each portal, a resolver of Unbound in each region, an authority of Knot. */
import { PARTNERS } from '../../contracts/reference/partners.ts'
import { REGIONS, type Region } from '../../contracts/reference/regions.ts'
import { BEHIND, FIRST_TTL_S, firstEdge, httpUrl, PORTAL_HOST, PORTS, ZONE_ORIGIN, type EdgeId } from '../parts.ts'
import type { AddressPlan } from './addresses.ts'
import { authoritySpec } from './authority/spec.ts'
import type { Identity } from './certificates.ts'
import { edgeSpec } from './edge/spec.ts'
import { checkout } from './node-process.ts'
import { resolverSpec } from './resolver/spec.ts'
import type { ContainerSpec } from './spec.ts'

export const DNS_PORT = 53

/** Their agents are of the checkout. */
const withCheckout = (spec: ContainerSpec): ContainerSpec => ({ ...spec, mounts: checkout })

export function edgePart(id: EdgeId, plan: AddressPlan, identity: Identity | undefined): ContainerSpec {
  return withCheckout(edgeSpec({
    id, port: PORTS.http, upstream: httpUrl(plan.ofEdge(id).services[BEHIND[id]]),
    origins: Object.fromEntries([
      ...REGIONS.flatMap(({ id: region }) => plan.zonesOf.load(region).map(({ address }) => [address, { region, partner: null }] as const)),
      ...PARTNERS.map(({ id: partner }) => [plan.simulators[`partner-${partner}`]!, { region: null, partner }] as const),
    ]),
    ...(identity && { tls: { port: identity.port, certificate: identity.certificate, key: identity.key } }),
  }, plan.zonesOf.edge(id)))
}

export function resolverPart({ id: region, resolverProfile: profile }: Region, plan: AddressPlan, timeScale: number): ContainerSpec {
  return withCheckout(resolverSpec({
    id: `resolver-${region}`, port: DNS_PORT, profile, zone: ZONE_ORIGIN, authority: { host: plan.zonesOf.authority()[0]!.address, port: DNS_PORT }, timeScale,
  }, plan.zonesOf.resolver(region)))
}

export function authorityPart(plan: AddressPlan, edges: readonly EdgeId[], timeScale: number): ContainerSpec {
  const zones = plan.zonesOf.authority()
  return withCheckout(authoritySpec({
    id: 'dns-authority', port: DNS_PORT, timeScale, zone: {
      origin: ZONE_ORIGIN, nameserver: { name: `ns1.${ZONE_ORIGIN}`, address: zones[0]!.address },
      hosts: [{ name: PORTAL_HOST, address: plan.places.edges[firstEdge(edges)], ttlS: FIRST_TTL_S }],
    },
  }, zones))
}
