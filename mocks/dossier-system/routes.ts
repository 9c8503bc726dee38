/** What a partner's own system offers at its desk and its doors (contracts/partner-api/roles/dossier-system/intake.ts, desk.ts). */
import type { DeskAnswer } from '../../contracts/api/partners.ts'
import { deskDossier, deskLookUp, deskStatus } from '../../contracts/partner-api/roles/dossier-system/desk.ts'
import { forwarded, ownService, statuses } from '../../contracts/partner-api/roles/dossier-system/intake.ts'
import { defineRoute, ok, refusal, type Answer, type Route } from '../server/route.ts'
import type { DossierSystem, TakeRefused } from './dossier-system.ts'

const INTAKE_ROUTES: readonly Route<DossierSystem>[] = [
  defineRoute({ ...forwarded, resolve: (system: DossierSystem, dossier) => ok({ result: system.receiveForwarded(dossier) }) }),

  defineRoute({
    ...statuses,
    subject: (input) => input.statuses[0]?.reference ?? '',
    resolve: (system: DossierSystem, input) => {
      system.receiveStatuses(input.statuses)
      return ok({ accepted: input.statuses.length })
    },
  }),

  defineRoute({
    ...ownService,
    resolve: (system: DossierSystem, application) => {
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
  defineRoute({ ...deskDossier, resolve: async (system: DossierSystem, dossier) => deskAnswer(await system.takeDossier(dossier), dossier.dossierCode) }),
  defineRoute({ ...deskStatus, resolve: async (system: DossierSystem, status) => deskAnswer(await system.setStatus(status), status.dossierCode) }),
]

export const DOSSIER_SYSTEM_ROUTES: readonly Route<DossierSystem>[] = [...INTAKE_ROUTES, ...DESK_ROUTES]

export function deskAnswer(answer: DeskAnswer | TakeRefused, dossierCode: string): Answer {
  if (answer === 'code-taken') return refusal(409, 'DOSSIER_CODE_TAKEN', `${dossierCode} stands for another dossier here`)
  if (answer === 'dossier-unknown') return refusal(404, 'DOSSIER_UNKNOWN', `${dossierCode} is not held here`)
  if (answer === 'transition-forbidden') return refusal(409, 'TRANSITION_FORBIDDEN', `the process does not let ${dossierCode} take this status now`)
  return ok(answer, 201)
}
