/**
 * A new province's system from end to end, as an example to copy (docs/adding-a-partner.md): its row, what it does otherwise than the others (fees that its
 * council sets for local procedures), and its simulator. All else comes from the role: intake, desk, files, supplements, results, pushes, readiness.
 */
import { fee } from '../../contracts/partner-api/roles/dossier-system/look-ups.ts'
import type { Partner } from '../../contracts/reference/partners.ts'
import { procedureOf } from '../../contracts/reference/procedures.ts'
import type { DossierSystem } from '../dossier-system/dossier-system.ts'
import { dossierSystemSimulator } from '../dossier-system/simulator.ts'
import { refusalOf } from '../server/refusal-of.ts'
import { defineRoute, ok } from '../server/route.ts'
import type { Simulator } from '../simulator.ts'
import type { World } from '../world.ts'

/** In earnest this row stands in contracts/reference/partners.ts, which gives it an address and a place in every report. */
export const EXAMPLE_PROVINCE: Partner = { id: 'example-province', kind: 'province', unitCode: 'H99', region: 'central', title: { vi: 'Tỉnh Thử Nghiệm', en: 'Example Province' } }

/** Local procedures and their fees in VND. */
const LOCAL_FEES: Readonly<Record<string, number>> = { '9.990001': 15_000, '9.990002': 0 }

const localFee = defineRoute({
  ...fee,
  subject: ({ procedureCode, unitCode }) => `${procedureCode}/${unitCode}`,
  resolve: (system: DossierSystem, { procedureCode, unitCode }) => {
    if (unitCode !== system.unitCode && !unitCode.startsWith(`${system.unitCode}.`)) return refusalOf(fee, 'UNIT_UNKNOWN', unitCode)
    const procedure = procedureOf(procedureCode)
    const feeVnd = LOCAL_FEES[procedureCode] ?? procedure?.feeVnd
    return feeVnd === undefined ? refusalOf(fee, 'PROCEDURE_UNKNOWN', procedureCode) : ok({ procedureCode, unitCode, feeVnd, purpose: procedure?.payment ?? 'fee' })
  },
})

export function exampleProvinceSimulator(world: World, portalSyncUrl: string): Simulator {
  const { id, unitCode } = EXAMPLE_PROVINCE
  return dossierSystemSimulator(`partner-${id}`, { world, unitCode, firstRetryMs: 20, push: { partnerId: id, key: world.keyOf(`partner-${id}`), portalSyncUrl } }, [localFee])
}
