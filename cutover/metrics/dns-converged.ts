/** `dns.converged(all|region)`: the share of regions whose resolver answers the portal's new address; null where one gives no answer. */
import { recordName } from '../systems.ts'
import { REGION_ARGUMENT, regionsOf, type Metric } from './metric.ts'

export const dnsConverged: Metric = {
  id: 'dns.converged',
  unit: 'ratio',
  arguments: REGION_ARGUMENT,
  async measure(night, argument) {
    const { target } = night.plan
    const name = recordName(target, 'portal')
    const answers = await Promise.all(regionsOf(night, argument).map((region) => night.ports.dns.ask(region, name)))
    if (answers.length === 0 || answers.some((answer) => !answer || answer.address === null)) return null
    return answers.filter((answer) => answer!.address === target.addresses.new).length / answers.length
  },
}
