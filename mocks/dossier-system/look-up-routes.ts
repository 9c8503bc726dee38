/** What the portal asks a partner's own system (contracts/partner-api/roles/dossier-system/look-ups.ts): dossiers by page, fee, deadline, readiness. */
import { deadline, dossiers, fee, readiness, type ListedDossier } from '../../contracts/partner-api/roles/dossier-system/look-ups.ts'
import { procedureOf } from '../../contracts/reference/procedures.ts'
import { STATUS_TRANSITIONS, type DossierStatus } from '../../contracts/status.ts'
import { dueDateRule, WORKING_DAYS } from '../../contracts/working-days.ts'
import { refusalOf } from '../server/refusal-of.ts'
import { defineRoute, ok, type Route } from '../server/route.ts'
import type { DossierSystem } from './dossier-system.ts'
import type { HeldDossier } from './held.ts'

const dueDate = dueDateRule()

export const LOOK_UP_ROUTES: readonly Route<DossierSystem>[] = [
  defineRoute({
    ...dossiers,
    resolve: (system: DossierSystem, { from, to, after, limit }) => {
      const { inOrder } = system.register
      const begin = after === '' ? 0 : Number(after)
      if (!/^\d*$/.test(after) || begin > inOrder.length) return refusalOf(dossiers, 'CURSOR_UNKNOWN', after)
      const isMeant = ({ submittedAt }: HeldDossier) => submittedAt >= from && submittedAt < to
      const page: ListedDossier[] = []
      let at = begin
      for (; at < inOrder.length && page.length < limit; at += 1) if (isMeant(inOrder[at]!)) page.push(listed(inOrder[at]!))
      let total = 0
      let last = -1
      inOrder.forEach((dossier, place) => { if (isMeant(dossier)) { total += 1; last = place } })
      return ok({ dossiers: page, next: last >= at ? String(at) : null, total })
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

/** Something is still to be done before the result. */
function isOpen(status: string): boolean { return status !== 'done' && (STATUS_TRANSITIONS[status as DossierStatus]?.length ?? 1) > 0 }
