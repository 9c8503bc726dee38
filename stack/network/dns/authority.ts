/**
 * The authoritative server of the portal's zone, DNS over UDP: A, AAAA, SOA, NS; NXDOMAIN and NODATA carry the SOA; other zones are refused.
 * Steered by `zone.set` and `zone.get`. UDP only: no answer of this zone comes near 512 bytes.
 */
import type { EvidenceRow } from '../../../contracts/evidence.ts'
import type { NetworkPart } from '../part.ts'
import { RCODE } from './message.ts'
import { serveDns } from './udp-server.ts'
import { Zone, type ZoneConfig } from './zone.ts'

export type DnsAuthorityConfig = { id: string; host: string; port: number; zone: ZoneConfig }

export async function startDnsAuthority(config: DnsAuthorityConfig): Promise<NetworkPart & { port: number }> {
  const zone = new Zone(config.zone)
  const server = await serveDns({
    host: config.host, port: config.port,
    answer: ({ question }) => zone.answer(question.type, question.name) ?? { rcode: RCODE.REFUSED },
  })
  return {
    port: server.port,
    close: server.close,
    admin: {
      system: config.id,
      ready: () => true,
      pending: () => 0,
      served: server.served,
      evidence: () => zoneRows(zone),
      control: (control) => {
        switch (control.action) {
          case 'clock': return {}
          case 'zone.set': return zone.set(control.name, control)
          case 'zone.get': {
            const record = zone.get(control.name)
            if (!record) throw new Error(`${control.name} is not in the zone ${zone.origin}, which has ${zone.names().join(', ')}`)
            return record
          }
          default: return undefined
        }
      },
    },
  }
}

function* zoneRows(zone: Zone): Iterable<EvidenceRow> {
  const seenAt = Date.now()
  for (const name of zone.names()) {
    const { address, ttlS, serial } = zone.get(name)!
    yield { key: `record/${name}`, status: address, fields: { name, ttlS, serial }, seenAt }
  }
}
