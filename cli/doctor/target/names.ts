/** DNS as each region sees it: its resolver gives one of the portal's two addresses; the name server that switches it answers too. */
import { askResolver, createDnsClient } from '../../../cutover/dns-client.ts'
import { recordName } from '../../../cutover/systems.ts'
import { both, each, lacks, ok, type TargetCheck } from './check.ts'

const ASK_MS = 3_000

export const names: TargetCheck = {
  id: 'dns', title: both('DNS theo từng vùng', 'DNS from each region'),
  async run({ target }) {
    const name = recordName(target, 'portal')
    const ours = [target.addresses.old, target.addresses.new]
    const client = createDnsClient({ target, timeoutMs: ASK_MS })
    const mend = both('kiểm tra máy phân giải và bản ghi, hoặc sửa resolver và addresses trong tệp', 'check resolver and record, or correct resolver and addresses in the file')
    const regions = await each(target.regions, async ({ id, resolver }) => {
      const answer = await client.ask(id, name)
      const at = `${resolver.host}:${resolver.port}`
      if (!answer) return [lacks(id, both(`${at} không trả lời`, `${at} does not answer`), mend)]
      if (answer.address === null) return [lacks(id, both(`${at} không biết ${name} (${answer.rcode})`, `${at} does not know ${name} (${answer.rcode})`), mend)]
      if (!ours.includes(answer.address)) return [lacks(id, both(`${name} trỏ tới ${answer.address}, không phải ${ours.join(' hay ')}`, `${name} leads to ${answer.address}, neither of ${ours.join(' and ')}`), mend)]
      return [ok(id, `${name} → ${answer.address}, TTL ${answer.ttlS} s`)]
    })
    if (!target.dns) return regions
    const { host, port } = target.dns.authority
    const answer = await askResolver({ host, port, name, timeoutMs: ASK_MS })
    return [...regions, answer?.address ? ok('authority', `${name} → ${answer.address}, TTL ${answer.ttlS} s`) : lacks('authority', both(`${host}:${port} không trả lời ${name}`, `${host}:${port} gives no answer for ${name}`), both('kiểm tra dns.authority', 'check dns.authority'))]
  },
}
