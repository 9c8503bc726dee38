/**
 * What a partner's own system offers (contracts/api/partners.ts): the officers' desk, the door for dossiers and statuses that the coordination system
 * forwards, and the ministry's own service for citizens.
 */
import { z } from 'zod'
import { SyncStatus } from '../../contracts/api/front.ts'
import { CoordinationDossier } from '../../contracts/api/inside.ts'
import { DeskAnswer, DeskDossier, DeskStatus, OwnServiceDossier } from '../../contracts/api/partners.ts'
import { RefusalBody } from '../server/problem.ts'
import { defineRoute, ok, refusal, type Answer, type Route } from '../server/route.ts'
import type { DossierSystem, TakeRefused } from './dossier-system.ts'

/** As many as coordination sends at once. */
const MAX_STATUSES = 500
const Applied = z.object({ dossierCode: z.string(), unitCode: z.string(), status: z.string() })

const forwarded = defineRoute({
  name: 'forwarded', method: 'POST', path: '/v1/forwarded', takes: 'json', request: CoordinationDossier,
  answers: { 200: z.object({ result: z.enum(['received', 'unchanged']) }), 400: RefusalBody },
  resolve: (system: DossierSystem, dossier) => ok({ result: system.receiveForwarded(dossier) }),
})

const statuses = defineRoute({
  name: 'statuses', method: 'POST', path: '/v1/statuses', takes: 'json', request: z.strictObject({ statuses: z.array(SyncStatus).max(MAX_STATUSES) }),
  answers: { 200: z.object({ accepted: z.int() }), 400: RefusalBody },
  subject: (input) => input.statuses[0]?.reference ?? '',
  resolve: (system: DossierSystem, input) => {
    system.receiveStatuses(input.statuses)
    return ok({ accepted: input.statuses.length })
  },
})

const ownService = defineRoute({
  name: 'own-service', method: 'POST', path: '/public/v1/dossiers', takes: 'json', request: OwnServiceDossier,
  answers: { 200: Applied, 201: Applied, 400: RefusalBody, 409: RefusalBody },
  resolve: (system: DossierSystem, application) => {
    const applied = system.apply(application)
    if (!applied) return refusal(409, 'REFERENCE_TAKEN', `"${application.reference}" stands for a dossier that came another way`)
    const { created, dossier } = applied
    return ok({ dossierCode: dossier.code, unitCode: dossier.unitCode, status: dossier.status }, created ? 201 : 200)
  },
})

const deskLookUp = defineRoute({
  name: 'desk-look-up', method: 'GET', path: '/desk/dossiers', takes: 'query', request: z.object({ reference: z.string().min(1) }),
  answers: { 200: z.object({ dossierCode: z.string(), status: z.string() }), 400: RefusalBody, 404: RefusalBody },
  resolve: (system: DossierSystem, { reference }) => {
    const dossier = system.register.find(reference)
    return dossier ? ok({ dossierCode: dossier.code, status: dossier.status }) : refusal(404, 'DOSSIER_UNKNOWN', `no dossier of "${reference}" is held here, or not yet`)
  },
})

const deskDossier = defineRoute({
  name: 'desk-dossier', method: 'POST', path: '/desk/dossiers', takes: 'json', request: DeskDossier,
  answers: { 201: DeskAnswer, 400: RefusalBody, 409: RefusalBody },
  resolve: async (system: DossierSystem, dossier) => deskAnswer(await system.takeDossier(dossier), dossier.dossierCode),
})

const deskStatus = defineRoute({
  name: 'desk-status', method: 'POST', path: '/desk/statuses', takes: 'json', request: DeskStatus,
  answers: { 201: DeskAnswer, 400: RefusalBody, 404: RefusalBody, 409: RefusalBody },
  resolve: async (system: DossierSystem, status) => deskAnswer(await system.setStatus(status), status.dossierCode),
})

export const DOSSIER_SYSTEM_ROUTES: readonly Route<DossierSystem>[] = [forwarded, statuses, ownService, deskLookUp, deskDossier, deskStatus]

function deskAnswer(answer: DeskAnswer | TakeRefused, dossierCode: string): Answer {
  if (answer === 'code-taken') return refusal(409, 'DOSSIER_CODE_TAKEN', `${dossierCode} stands for another dossier here`)
  if (answer === 'dossier-unknown') return refusal(404, 'DOSSIER_UNKNOWN', `${dossierCode} is not held here`)
  if (answer === 'transition-forbidden') return refusal(409, 'TRANSITION_FORBIDDEN', `the process does not let ${dossierCode} take this status now`)
  return ok(answer, 201)
}
