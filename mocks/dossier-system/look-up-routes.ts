/** What the portal asks a partner's own system (contracts/partner-api/roles/dossier-system/look-ups.ts): dossiers by page, fee, deadline, readiness. */
import { deadline, dossiers, fee, readiness, type ListedDossier } from '../../contracts/partner-api/roles/dossier-system/look-ups.ts'
import { procedureOf } from '../../contracts/reference/procedures.ts'
import { dueDateRule, WORKING_DAYS } from '../../contracts/working-days.ts'
import { refusalOf } from '../server/refusal-of.ts'
import { defineRoute, ok, type Route } from '../server/route.ts'
import type { DossierSystem } from './dossier-system.ts'
import type { HeldDossier } from './held.ts'
import { isOpen } from './register.ts'

const dueDate = dueDateRule()

export const LOOK_UP_ROUTES: readonly Route<DossierSystem>[] = [
  defineRoute({
    ...dossiers,
    resolve: (system: DossierSystem, { from, to, after, limit }) => {
      const { inOrder, stored, isGone } = system.register
      const begin = after === '' ? 0 : Number(after)
      if (!/^\d*$/.test(after) || begin > stored()) return refusalOf(dossiers, 'CURSOR_UNKNOWN', after)
      // A list without them would be taken for all that there is.
      if (isGone(from)) return refusalOf(dossiers, 'PERIOD_GONE')
      const page: HeldDossier[] = []
      let total = 0
      let more = false
      for (const dossier of inOrder) {
        if (dossier.submittedAt < from || dossier.submittedAt >= to) continue
        total += 1
        if (dossier.nth <= begin) continue
        if (page.length < limit) page.push(dossier)
        else more = true
      }
      return ok({ dossiers: page.map(listed), next: more ? String(page.at(-1)!.nth) : null, total })
    },
  }),

  defineRoute({
    ...fee,
    subject: ({ procedureCode, unitCode }) => `${procedureCode}/${unitCode}`,
    resolve: (system: DossierSystem, { procedureCode, unitCode }) => {
      if (unitCode !== system.unitCode && !unitCode.startsWith(`${system.unitCode}.`)) return refusalOf(fee, 'UNIT_UNKNOWN', unitCode)
      const procedure = procedureOf(procedureCode)
      if (!procedure) return refusalOf(fee, 'PROCEDURE_UNKNOWN', procedureCode)
      return ok({ procedureCode, unitCode, feeVnd: procedure.feeVnd, purpose: procedure.payment ?? 'fee' })
    },
  }),

  defineRoute({
    ...deadline,
    subject: ({ dossierCode }) => dossierCode,
    resolve: (system: DossierSystem, { dossierCode }) => {
      const dossier = system.register.dossiers.get(dossierCode)
      if (!dossier) return refusalOf(deadline, 'DOSSIER_UNKNOWN', dossierCode)
      const dueAt = dueDate(dossier.submittedAt)
      return ok({ dossierCode, submittedAt: dossier.submittedAt, workingDays: WORKING_DAYS, dueAt, overdue: isOpen(dossier.status) && system.world.scenarioNow() > dueAt })
    },
  }),

  defineRoute({
    ...readiness,
    resolve: (system: DossierSystem) => {
      const count = system.register.dossiers.size
      return ok({ criteria: system.gate.criteria({ connected: system.isConnected(), dossiers: count }), unconfigured: system.gate.unconfigured, dossiers: count })
    },
  }),
]

function listed({ code, reference, procedureCode, unitCode, status, submittedAt, origin, sync }: HeldDossier): ListedDossier {
  return { dossierCode: code, reference, procedureCode, unitCode, status, submittedAt, origin, sync }
}
