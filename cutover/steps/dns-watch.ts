/**
 * `dns.watch {name}`: asks every region's resolver until all answer the new address; the facts say for each region after how much scenario
 * time since the switch it did (`north.convergedAfterMs`), null where it has not.
 */
import { z } from 'zod'
import { recordName } from '../systems.ts'
import { stepAction } from './step-action.ts'

const POLL_MS = 100

export const dnsWatchStep = stepAction({
  id: 'dns.watch',
  schema: z.strictObject({ name: z.string().min(1) }),
  describe: ({ name }) => ({ vi: `Theo dõi hội tụ DNS của ${name} theo vùng`, en: `Watch the DNS of ${name} converge, region by region` }),
  async run({ ports, plan: { target }, state, facts, signal }, { name }) {
    const record = recordName(target, name)
    const { clock } = ports
    const began = state.switchedAt ?? clock.nowMs()
    const open = new Set(target.regions.map((region) => region.id))
    for (const region of open) facts[`${region}.convergedAfterMs`] = null
    for (;;) {
      await Promise.all([...open].map(async (region) => {
        const answer = await ports.dns.ask(region, record)
        facts[`${region}.address`] = answer?.address ?? null
        if (answer?.address !== target.addresses.new) return
        open.delete(region)
        facts[`${region}.convergedAfterMs`] = Math.round((clock.nowMs() - began) * clock.plan.timeScale)
      }))
      if (open.size === 0) return
      await clock.sleep(POLL_MS, signal)
    }
  },
  waitsOnly: true,
  undo: null,
})
