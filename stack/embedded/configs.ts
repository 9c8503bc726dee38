/** What each process of an embedded run is told. Keys and the client's secret are drawn anew for each run. */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { ServiceConfig, SimulatorsConfig } from '../../contracts/process.ts'
import { PARTNERS } from '../../contracts/reference/partners.ts'
import type { NetworkConfig } from '../network/index.ts'
import { firstEdge, httpUrl, PORTAL_HOST, PORTS, ZONE_ORIGIN, type Addresses, type EdgeId, type ServiceId } from './addresses.ts'

/** An hour, as portals have it in quiet times; the runbook lowers it. */
const FIRST_TTL_S = 1_800
const CLIENT_ID = 'dvcqg-portal'
/** Signs staff sessions: known to the services, not to the simulated partners. */
const STAFF_KEY = 'staff'

/** The portal behind each edge. */
const BEHIND: Record<EdgeId, ServiceId> = { 'edge-new': 'portal', 'edge-old': 'legacy' }

export type RunSettings = { seed: number; timeScale: number; scenarioStartMs: number; legacyDossiers: number }
export type Secrets = { keys: Record<string, string>; clientSecret: string; databasePassword: string }

export function drawSecrets(addresses: Addresses): Secrets {
  const secret = () => randomBytes(32).toString('hex')
  const keys: Record<string, string> = {}
  // A partner signs with its own id (`x-partner: justice`), banks and gateways with their system's.
  for (const id of Object.keys(addresses.simulators)) keys[id] = secret()
  for (const { id } of PARTNERS) keys[id] = keys[`partner-${id}`]!
  keys[STAFF_KEY] = secret()
  return { keys, clientSecret: secret(), databasePassword: secret() }
}

export function serviceConfig(id: ServiceId, addresses: Addresses, databaseUrl: string | null, secrets: Secrets, { seed, timeScale, scenarioStartMs, legacyDossiers }: RunSettings): ServiceConfig {
  const hosts = { ...addresses.services, ...addresses.edges, ...addresses.simulators }
  return {
    id, host: addresses.services[id], port: PORTS.http, adminPort: PORTS.admin, databaseUrl,
    urls: Object.fromEntries(Object.entries(hosts).map(([system, host]) => [system, httpUrl(host)])),
    portalHost: PORTAL_HOST, keys: secrets.keys, vneidClient: { clientId: CLIENT_ID, clientSecret: secrets.clientSecret },
    seed, legacyDossiers, timeScale, scenarioStartMs,
  }
}

export function simulatorsConfig(addresses: Addresses, secrets: Secrets, { seed, timeScale, scenarioStartMs }: RunSettings): SimulatorsConfig {
  const { [STAFF_KEY]: _, ...keys } = secrets.keys
  return {
    hosts: addresses.simulators, port: PORTS.http, adminPort: PORTS.admin, portalSyncUrl: httpUrl(addresses.edges['edge-new']), keys,
    vneidClient: { clientId: CLIENT_ID, clientSecret: secrets.clientSecret, redirectUris: [`http://${PORTAL_HOST}/auth/callback`, `http://${PORTAL_HOST}:${PORTS.http}/auth/callback`] },
    seed, timeScale, scenarioStartMs,
  }
}

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
