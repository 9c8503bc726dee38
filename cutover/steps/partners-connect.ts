/** `partners.connect {wave, except?}`: the partners of a wave, or all, begin to push to the new portal. Undo: they keep dossiers in their own systems. */
import { z } from 'zod'
import { Slug } from '../../contracts/ids.ts'
import { eachBounded } from '../bounded.ts'
import type { Night } from '../night.ts'
import { partnerSystemId } from '../systems.ts'
import { stepAction } from './step-action.ts'

const AT_ONCE = 8
const Params = z.strictObject({ wave: z.union([z.int().min(1), z.literal('all')]), except: z.array(Slug).default([]) })

export const partnersConnectStep = stepAction({
  id: 'partners.connect',
  schema: Params as z.ZodType<z.infer<typeof Params>>,
  describe: ({ wave }) => wave === 'all' ? { vi: 'Kết nối mọi đối tác', en: 'Connect all partners' } : { vi: `Kết nối các đối tác của đợt ${wave}`, en: `Connect the partners of wave ${wave}` },
  needs: (target, { except }) => target.systems.filter(({ id, role, mode }) => role === 'partner' && mode !== 'absent' && !except.some((partner) => partnerSystemId(partner) === id)).map(({ id }) => ({ system: id, act: 'connect' as const })),
  async run(context, params) {
    const partners = ofWave(context, params)
    context.facts['partners'] = partners.length
    await eachBounded(partners, AT_ONCE, async (partner) => {
      context.signal.throwIfAborted()
      await context.ports.admin(partnerSystemId(partner)).control({ action: 'connect', connected: true }, context.signal)
      context.state.connected.add(partner)
      context.facts['connected'] = (Number(context.facts['connected']) || 0) + 1
    })
  },
  async undo(context, params) {
    await eachBounded(ofWave(context, params), AT_ONCE, async (partner) => {
      await context.ports.admin(partnerSystemId(partner)).control({ action: 'connect', connected: false }, context.signal)
      context.state.connected.delete(partner)
    })
  },
})

function ofWave({ plan }: Night, { wave, except }: z.infer<typeof Params>): string[] {
  return plan.partners.filter((partner) => (wave === 'all' || partner.wave === wave) && partner.mode !== 'absent' && !except.includes(partner.id)).map((partner) => partner.id)
}
