/**
 * `dns.ttl(all|region)`: the longest remaining TTL among the regions' answers, ms of the scenario clock; null where a region gives no answer.
 * Where the authority gives out real seconds (`zone.get` says `wireTtlS`), an answer that lives longer than that holds the TTL of before, and counts by what
 * is left of it; at or below it the nominal one is in force.
 */
import type { Night } from '../night.ts'
import { recordName } from '../systems.ts'
import { REGION_ARGUMENT, regionsOf, type Metric } from './metric.ts'

export const dnsTtl: Metric = {
  id: 'dns.ttl',
  unit: 'ms',
  arguments: REGION_ARGUMENT,
  async measure(night, argument) {
    const name = recordName(night.plan.target, 'portal')
    // Before the answers: an answer is not to be held against a TTL that was set after it.
    const inForce = await wireOf(night, name)
    const answers = await Promise.all(regionsOf(night, argument).map((region) => night.ports.dns.ask(region, name)))
    const ttls = answers.map((answer) => answer?.ttlS ?? null)
    if (ttls.length === 0 || ttls.includes(null)) return null
    const longest = Math.max(...ttls as number[])
    if (!inForce) return longest * 1_000
    return longest <= inForce.wireTtlS ? inForce.ttlS * 1_000 : longest * night.ports.clock.plan.timeScale * 1_000
  },
}

/** Null where what the authority gives out is the nominal TTL itself, as it does on a scenario clock. */
async function wireOf({ plan: { target }, ports }: Night, name: string): Promise<{ ttlS: number; wireTtlS: number } | null> {
  const authority = target.systems.find(({ role, admin }) => role === 'dns-authority' && admin !== undefined)
  if (!authority) return null
  const { ttlS, wireTtlS } = await ports.admin(authority.id).control({ action: 'zone.get', name })
  return typeof ttlS === 'number' && typeof wireTtlS === 'number' ? { ttlS, wireTtlS } : null
}
