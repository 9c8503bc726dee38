/**
 * `sync-lost`: a synced dossier is acknowledged to the partner but missing on the portal (000 1(1)). Witness: dossiers that the portal does
 * not hold although the partner's own record says that they were acknowledged.
 */
import { z } from 'zod'
import { INCIDENTS } from '../../contracts/incidents.ts'
import { PARTNERS } from '../../contracts/reference/partners.ts'
import { partnerSystemId } from '../systems.ts'
import { countRows } from './count-rows.ts'
import { fault } from './fault.ts'
import { partners, share } from './params.ts'
import { healSwallow, plantSwallow, swallowedCodes, type Swallow } from './swallow-dossiers.ts'

const REQUIRED = 3
const Params = z.strictObject({ share: share(0.02), partners: partners(PARTNERS.map((partner) => partner.id)) })

function swallowOf(params: z.infer<typeof Params>): Swallow {
  return { name: 'fault_sync_lost', origin: 'synced', share: params.share, partners: params.partners }
}

export const syncLost = fault({
  id: 'sync-lost',
  title: INCIDENTS['sync-lost'].title,
  schema: Params as z.ZodType<z.infer<typeof Params>>,
  phase: 'at-step:partners.connect',
  needs: () => [{ system: 'portal', what: 'database' }],
  inject: (context, params) => plantSwallow(context, swallowOf(params)),
  heal: (context, params) => healSwallow(context, swallowOf(params)),
  async witness(context, params) {
    const missing = new Set(await swallowedCodes(context, swallowOf(params)))
    let touched = 0
    for (const partner of missing.size > 0 ? params.partners : []) {
      const system = context.target.systems.find(({ id, mode }) => id === partnerSystemId(partner) && mode !== 'absent')
      if (!system) continue
      touched += await countRows(context.admin(system.id), (row) =>
        row.key.startsWith('dossier/') && row.fields['sync'] === 'acknowledged' && missing.has(row.key.slice('dossier/'.length)))
    }
    return { touched, required: REQUIRED, note: `acknowledged in the partners' own records and not on the portal: ${touched} of ${missing.size} lost` }
  },
})
