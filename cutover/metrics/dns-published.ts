/**
 * What the authority gives out now, whatever caches still hold: `dns.publishedTtl` in ms of the scenario clock, and `dns.switched`, 1 where
 * it answers the portal's new address.
 */
import type { Night } from '../night.ts'
import { byRole, recordName } from '../systems.ts'
import { NO_ARGUMENT, type Metric } from './metric.ts'

function zoneOf({ plan: { target }, ports }: Night): Promise<Record<string, unknown>> {
  return ports.admin(byRole(target, 'dns-authority').id).control({ action: 'zone.get', name: recordName(target, 'portal') })
}

export const dnsPublishedTtl: Metric = {
  id: 'dns.publishedTtl',
  unit: 'ms',
  arguments: NO_ARGUMENT,
  async measure(night) {
    const { ttlS } = await zoneOf(night)
    return typeof ttlS === 'number' ? ttlS * 1_000 : null
  },
}

export const dnsSwitched: Metric = {
  id: 'dns.switched',
  unit: 'count',
  arguments: NO_ARGUMENT,
  async measure(night) {
    const { address } = await zoneOf(night)
    return typeof address === 'string' ? Number(address === night.plan.target.addresses.new) : null
  },
}
