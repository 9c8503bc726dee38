/** `dns.publishedTtl`: the TTL that the authority gives out now, ms; what caches still hold is `dns.ttl`. */
import { byRole, recordName } from '../systems.ts'
import { NO_ARGUMENT, type Metric } from './metric.ts'

export const dnsPublishedTtl: Metric = {
  id: 'dns.publishedTtl',
  unit: 'ms',
  arguments: NO_ARGUMENT,
  async measure(night) {
    const target = night.plan.target
    const answer = await night.ports.admin(byRole(target, 'dns-authority').id).control({ action: 'zone.get', name: recordName(target, 'portal') })
    return typeof answer['ttlS'] === 'number' ? answer['ttlS'] * 1_000 : null
  },
}
