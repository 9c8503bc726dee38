/** `dns.ttl(all|region)`: the longest remaining TTL among the regions' answers, ms of the scenario clock; null where a region gives no answer. */
import { recordName } from '../systems.ts'
import { REGION_ARGUMENT, regionsOf, type Metric } from './metric.ts'

export const dnsTtl: Metric = {
  id: 'dns.ttl',
  unit: 'ms',
  arguments: REGION_ARGUMENT,
  async measure(night, argument) {
    const name = recordName(night.plan.target, 'portal')
    const answers = await Promise.all(regionsOf(night, argument).map((region) => night.ports.dns.ask(region, name)))
    const ttls = answers.map((answer) => answer?.ttlS ?? null)
    if (ttls.length === 0 || ttls.includes(null)) return null
    return Math.max(...ttls as number[]) * 1_000
  },
}
