/**
 * The addresses of an embedded run: slot S owns 127.S.0.0/16, every component has an address of its own there, so that ports are the same
 * in every run and the peer's address tells who speaks.
 */
import { PARTNERS } from '../../contracts/reference/partners.ts'
import { REGIONS } from '../../contracts/reference/regions.ts'
import type { EdgeId, ServiceId } from '../parts.ts'

const SERVICE_HOSTS = { portal: '1.1', legacy: '1.2', coordination: '1.3', catalogue: '1.4', payments: '1.5', notifications: '1.6', feedback: '1.7', statistics: '1.8' } as const satisfies Record<ServiceId, string>
const PLATFORM_HOSTS = { vneid: '6.1', 'bank-vcb': '6.2', 'bank-bidv': '6.3', sms: '6.4' } as const
export type Addresses = ReturnType<typeof addressesOf>

export function addressesOf(slot: number) {
  const at = (rest: string) => `127.${slot}.${rest}`
  const named = (hosts: Record<string, string>) => Object.fromEntries(Object.entries(hosts).map(([id, rest]) => [id, at(rest)]))
  return {
    slot,
    lock: at('0.1'),
    services: named(SERVICE_HOSTS) as Record<ServiceId, string>,
    edges: { 'edge-new': at('2.1'), 'edge-old': at('2.2') } as Record<EdgeId, string>,
    regions: REGIONS.map((region, index) => ({
      ...region, gateway: at(`3.${index + 1}`), gatewayLocal: at(`4.${index + 1}`), resolver: at(`5.1${index + 1}`),
    })),
    dnsAuthority: at('5.1'),
    /** Simulated partners by system id; a partner pushes from its own address too. */
    simulators: { ...named(PLATFORM_HOSTS), ...Object.fromEntries(PARTNERS.map(({ id }, index) => [`partner-${id}`, at(`7.${index + 1}`)])) } as Record<string, string>,
    postgres: at('8.1'),
  }
}
