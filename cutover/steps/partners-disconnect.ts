/** `partners.disconnect {partners}`: these go on in their own systems and sync later (the fallback of business). Undo: none; where a night is undone, they must not push. */
import { z } from 'zod'
import { Slug } from '../../contracts/ids.ts'
import { eachBounded } from '../bounded.ts'
import { partnerSystemId } from '../systems.ts'
import { stepAction } from './step-action.ts'

const AT_ONCE = 8

export const partnersDisconnectStep = stepAction({
  id: 'partners.disconnect',
  schema: z.strictObject({ partners: z.array(Slug).min(1) }),
  describe: ({ partners }) => ({ vi: `Tách ${partners.length} đối tác chưa hoàn thành`, en: `Disconnect ${partners.length} unfinished partners` }),
  needs: (target, { partners }) => partners.map(partnerSystemId).filter((id) => target.systems.some((system) => system.id === id && system.mode !== 'absent')).map((id) => ({ system: id, act: 'disconnect' as const })),
  async run({ ports, state, facts, signal }, { partners }) {
    await eachBounded(partners, AT_ONCE, async (partner) => {
      await ports.admin(partnerSystemId(partner)).control({ action: 'connect', connected: false }, signal)
      state.connected.delete(partner)
    })
    facts['disconnected'] = partners.length
    facts['partners'] = partners.join(', ')
  },
  undo: null,
})
