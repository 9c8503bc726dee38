/** What a partner's own system offers (contracts/partner-api/roles/dossier-system.ts): its doors and its desk here, the rest in the files beside. */
import { deskDossier, deskLookUp, deskStatus } from '../../contracts/partner-api/roles/dossier-system/desk.ts'
import { forwarded, ownService, statuses } from '../../contracts/partner-api/roles/dossier-system/intake.ts'
import { refusalOf } from '../server/refusal-of.ts'
import { defineRoute, ok, refusal, type Route } from '../server/route.ts'
import { CASE_ROUTES } from './case-routes.ts'
import { deskAnswer } from './desk-answer.ts'
import type { DossierSystem } from './dossier-system.ts'
import { FILE_ROUTES } from './file-routes.ts'
import { LOOK_UP_ROUTES } from './look-up-routes.ts'

const INTAKE_ROUTES: readonly Route<DossierSystem>[] = [
  defineRoute({
    ...forwarded,
    resolve: (system: DossierSystem, dossier) => {
      if (!system.gate.connectable) return refusalOf(forwarded, 'NOT_CONNECTED')
      if (!system.gate.isConfigured(dossier.procedureCode)) return refusalOf(forwarded, 'PROCEDURE_NOT_CONFIGURED', dossier.procedureCode)
      return ok({ result: system.receiveForwarded(dossier) })
    },
  }),

  defineRoute({
    ...statuses,
    subject: (input) => input.statuses[0]?.reference ?? '',
    resolve: (system: DossierSystem, input) => {
      if (!system.gate.connectable) return refusalOf(statuses, 'NOT_CONNECTED')
      system.receiveStatuses(input.statuses)
      return ok({ accepted: input.statuses.length })
    },
  }),

  defineRoute({
    ...ownService,
    resolve: (system: DossierSystem, application) => {
      if (!system.gate.isConfigured(application.procedureCode)) return refusalOf(ownService, 'PROCEDURE_NOT_CONFIGURED', application.procedureCode)
      const applied = system.apply(application)
      if (!applied) return refusal(409, 'REFERENCE_TAKEN', `"${application.reference}" stands for a dossier that came another way`)
      const { created, dossier } = applied
      return ok({ dossierCode: dossier.code, unitCode: dossier.unitCode, status: dossier.status }, created ? 201 : 200)
    },
  }),
]

const DESK_ROUTES: readonly Route<DossierSystem>[] = [
  defineRoute({
    ...deskLookUp,
    resolve: (system: DossierSystem, { reference }) => {
      const dossier = system.register.find(reference)
      return dossier ? ok({ dossierCode: dossier.code, status: dossier.status }) : refusal(404, 'DOSSIER_UNKNOWN', `no dossier of "${reference}" is held here, or not yet`)
    },
  }),
  defineRoute({
    ...deskDossier,
    resolve: async (system: DossierSystem, dossier) => system.gate.isConfigured(dossier.procedureCode)
      ? deskAnswer(await system.takeDossier(dossier), dossier.dossierCode)
      : refusalOf(deskDossier, 'PROCEDURE_NOT_CONFIGURED', dossier.procedureCode),
  }),
  defineRoute({ ...deskStatus, resolve: async (system: DossierSystem, status) => deskAnswer(await system.setStatus(status), status.dossierCode) }),
]

export const DOSSIER_SYSTEM_ROUTES: readonly Route<DossierSystem>[] = [...INTAKE_ROUTES, ...DESK_ROUTES, ...FILE_ROUTES, ...CASE_ROUTES, ...LOOK_UP_ROUTES]
