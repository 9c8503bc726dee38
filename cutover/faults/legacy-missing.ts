/**
 * `legacy-missing`: old dossiers are not moved to the new portal (000 1(3)), though the copy counted them. Witness: dossiers that the old
 * portal's database holds and the new one's has not, by its `legacy_code`.
 */
import { z } from 'zod'
import { INCIDENTS } from '../../contracts/incidents.ts'
import { fault } from './fault.ts'
import { share } from './params.ts'
import { healSwallow, plantSwallow, withDatabase, type Swallow } from './swallow-dossiers.ts'

const Params = z.strictObject({ share: share(0.005) })
const REQUIRED = 1

function swallowOf(params: z.infer<typeof Params>): Swallow {
  return { name: 'fault_legacy_missing', origin: 'migrated', share: params.share }
}

export const legacyMissing = fault({
  id: 'legacy-missing',
  title: INCIDENTS['legacy-missing'].title,
  schema: Params as z.ZodType<z.infer<typeof Params>>,
  phase: 'at-step:migration.bulk',
  needsCutover: true,
  needs: () => [{ system: 'portal', what: 'database' }, { system: 'legacy', what: 'database' }],
  inject: (context, params) => plantSwallow(context, swallowOf(params)),
  heal: (context, params) => healSwallow(context, swallowOf(params)),
  async witness({ target }) {
    const old = await withDatabase(target, 'legacy', async (client) => (await client.query<{ code: string }>('select ma_hoso as code from hoso')).rows)
    const moved = await withDatabase(target, 'portal', async (client) =>
      (await client.query<{ code: string }>('select legacy_code as code from dossiers where legacy_code is not null')).rows)
    const there = new Set(moved.map((row) => row.code))
    const touched = there.size === 0 ? 0 : old.filter((row) => !there.has(row.code)).length
    return { touched, required: REQUIRED, note: `dossiers of the old portal: ${old.length}; of these not on the new one: ${touched}${there.size === 0 ? ' (nothing was migrated)' : ''}` }
  },
})
