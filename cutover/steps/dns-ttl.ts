/** `dns.ttl {name, ttl}`: the authority gives the record out with this TTL from now on. Undo: the one it had. */
import { z } from 'zod'
import { Duration, parseDurationMs } from '../../contracts/duration.ts'
import { byRole, recordName } from '../systems.ts'
import { needOf, stepAction } from './step-action.ts'

export const dnsTtlStep = stepAction({
  id: 'dns.ttl',
  schema: z.strictObject({ name: z.string().min(1), ttl: Duration }),
  describe: ({ name, ttl }) => ({ vi: `Đặt TTL của bản ghi ${name} thành ${ttl}`, en: `Set the TTL of the record ${name} to ${ttl}` }),
  needs: (target) => [needOf(target, 'dns-authority', 'zone.set')],
  async run({ ports, plan, facts, memory, signal }, { name, ttl }) {
    const authority = ports.admin(byRole(plan.target, 'dns-authority').id)
    const record = recordName(plan.target, name)
    const before = await authority.control({ action: 'zone.get', name: record })
    memory['ttlS'] = before['ttlS']
    const after = await authority.control({ action: 'zone.set', name: record, ttlS: parseDurationMs(ttl)! / 1_000 }, signal)
    Object.assign(facts, { name: record, ttlBeforeS: Number(before['ttlS']), ttlS: parseDurationMs(ttl)! / 1_000, serial: Number(after['serial'] ?? Number.NaN) || null })
  },
  async undo({ ports, plan, memory }, { name }) {
    if (typeof memory['ttlS'] !== 'number') return
    await ports.admin(byRole(plan.target, 'dns-authority').id).control({ action: 'zone.set', name: recordName(plan.target, name), ttlS: memory['ttlS'] })
  },
})
