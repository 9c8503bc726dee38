/** `night.close {}`: writes the state at the end of the night into the journal: what the systems still have to deliver, who is connected, where DNS points. */
import { z } from 'zod'
import { eachBounded } from '../bounded.ts'
import { isAdministered, recordName } from '../systems.ts'
import { stepAction } from './step-action.ts'

const AT_ONCE = 8

export const nightCloseStep = stepAction({
  id: 'night.close',
  schema: z.strictObject({}),
  describe: () => ({ vi: 'Kết thúc đêm chuyển đổi', en: 'Close the night' }),
  async run({ ports, plan, state, facts }) {
    const systems = plan.target.systems.filter(isAdministered)
    let undelivered = 0
    await eachBounded(systems, AT_ONCE, async (system) => {
      const pending = await ports.admin(system.id).pending()
      undelivered += pending
    })
    const expected = plan.partners.reduce((sum, partner) => sum + partner.expected, 0)
    const acknowledged = plan.partners.reduce((sum, partner) => sum + ports.live.pushesOf(partner.id).acknowledged, 0)
    Object.assign(facts, { expected, acknowledged, undelivered, partnersConnected: state.connected.size })
    for (const region of plan.target.regions) {
      facts[`${region.id}.address`] = (await ports.dns.ask(region.id, recordName(plan.target, 'portal')))?.address ?? null
    }
  },
  undo: null,
})
