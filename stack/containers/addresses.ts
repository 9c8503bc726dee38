/**
 * Who is where: the zones of each part (only those that it needs), and its address in each. The last number is the part's own and the same in every zone, so that logs
 * can be read; each simulated partner has an address of its own in the partners' zone, by which the edge knows who speaks.
 */
import { REGIONS } from '../../contracts/reference/regions.ts'
import { EDGE_IDS, SERVICE_IDS, SIMULATOR_IDS, type EdgeId, type Places, type ServiceId } from '../parts.ts'
import { ZONES, type Zone } from './spec.ts'

/** The new portal's services speak to each other in `portal`; those that speak with partners, or that partners answer, are with them too. The first zone is where the harness reaches it. */
const SERVICE_ZONES: Record<ServiceId, readonly Zone[]> = {
  portal: ['portal', 'partners'], coordination: ['portal', 'partners'], payments: ['portal', 'partners'], notifications: ['portal', 'partners'],
  catalogue: ['portal'], feedback: ['portal'], statistics: ['portal'],
  legacy: ['legacy', 'partners'],
}
/** Partners push to the new portal's edge alone. */
const EDGE_ZONES: Record<EdgeId, readonly Zone[]> = { 'edge-new': ['edge', 'portal', 'partners'], 'edge-old': ['edge', 'legacy'] }

export type PostgresId = 'postgres-new' | 'postgres-old'
const POSTGRES_ZONES: Record<PostgresId, Zone> = { 'postgres-new': 'portal', 'postgres-old': 'legacy' }
export function postgresOf(service: ServiceId): PostgresId { return service === 'legacy' ? 'postgres-old' : 'postgres-new' }

/** Where a region's citizens are: its k6 and its resolver. */
export function zoneOfRegion(region: string): Zone {
  const zone = ZONES.find((candidate) => candidate === `citizens-${region}`)
  if (!zone) throw new Error(`region "${region}" has no zone; there are ${ZONES.join(', ')}`)
  return zone
}

/** k6 of a region: public are the edges and, of the partners, VNeID, banks and the pages that a ministry redirects to. Without a region: staff and partners, where the systems are. */
function loadZones(region: string | null): readonly Zone[] {
  return region === null ? ['portal', 'partners'] : [zoneOfRegion(region), 'edge', 'partners']
}

/** First of the partners' own addresses; above all others. */
const FIRST_SIMULATOR = 101
/** Between two of the same kind there is room. */
const LAST_NUMBERS: Readonly<Record<string, number>> = {
  ...Object.fromEntries(SERVICE_IDS.map((id, index) => [id, 11 + index])),
  'postgres-new': 21, 'postgres-old': 22, 'postgres-new-standby': 23, 'postgres-old-standby': 24, 'edge-new': 31, 'edge-old': 32, 'dns-authority': 41,
  ...Object.fromEntries(REGIONS.map(({ id }, index) => [`resolver-${id}`, 51 + index])),
  'k6-others': 61, ...Object.fromEntries(REGIONS.map(({ id }, index) => [`k6-${id}`, 62 + index])),
  'partners': 100,
}

export type AddressPlan = ReturnType<typeof planAddresses>

/** `prefixOf`: the first three numbers of a zone's addresses. */
export function planAddresses(prefixOf: (zone: Zone) => string) {
  const address = (part: string, zone: Zone) => `${prefixOf(zone)}.${LAST_NUMBERS[part] ?? notPlanned(part)}`
  const inZones = (part: string, zones: readonly Zone[]) => zones.map((zone) => ({ zone, address: address(part, zone) }))
  const simulators: Readonly<Record<string, string>> = Object.fromEntries(SIMULATOR_IDS.map((id, index) => [id, `${prefixOf('partners')}.${FIRST_SIMULATOR + index}`]))
  const zonesOf = {
    service: (id: ServiceId) => inZones(id, SERVICE_ZONES[id]),
    edge: (id: EdgeId) => inZones(id, EDGE_ZONES[id]),
    postgres: (id: PostgresId) => inZones(id, [POSTGRES_ZONES[id]]),
    standby: (id: PostgresId) => inZones(`${id}-standby`, [POSTGRES_ZONES[id]]),
    authority: () => inZones('dns-authority', ['edge']),
    resolver: (region: string) => inZones(`resolver-${region}`, [zoneOfRegion(region), 'edge']),
    partners: () => inZones('partners', ['partners']),
    /** One that runs by itself. */
    partner: (id: string): { zone: Zone; address: string }[] => [{ zone: 'partners', address: simulators[id] ?? notPlanned(id) }],
    load: (region: string | null) => inZones(region === null ? 'k6-others' : `k6-${region}`, loadZones(region)),
  }

  /** Hosts as somebody in these zones reaches them; where none is shared, where it is at home, which nobody there can reach. */
  function placesFrom(zones: readonly Zone[]): Places {
    const reached = (part: string, own: readonly Zone[]) => address(part, own.find((zone) => zones.includes(zone)) ?? own[0]!)
    return {
      services: Object.fromEntries(SERVICE_IDS.map((id) => [id, reached(id, SERVICE_ZONES[id])])) as Places['services'],
      edges: Object.fromEntries(EDGE_IDS.map((id) => [id, reached(id, EDGE_ZONES[id])])) as Places['edges'],
      simulators,
    }
  }

  return {
    zonesOf, simulators,
    /** Where the harness reaches a part of the network: `edge-new`, `resolver-north`, `dns-authority`. */
    networkHost(id: string): string {
      const region = REGIONS.find((candidate) => id === `resolver-${candidate.id}`)
      return region ? zonesOf.resolver(region.id)[0]!.address : address(id, 'edge')
    },
    /** The machine is in every zone. */
    places: placesFrom(ZONES),
    ofService(id: ServiceId): Places {
      const seen = placesFrom(SERVICE_ZONES[id])
      // What it gives others as its own address is for partners: among themselves services are told of each other.
      const own = SERVICE_ZONES[id].includes('partners') ? address(id, 'partners') : seen.services[id]
      return { ...seen, services: { ...seen.services, [id]: own } }
    },
    ofEdge: (id: EdgeId) => placesFrom(EDGE_ZONES[id]),
    ofPartners: () => placesFrom(['partners']),
  }
}

function notPlanned(part: string): never { throw new Error(`no address is planned for "${part}"`) }
